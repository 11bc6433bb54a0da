package inbox

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/push"
)

// Handover is a line of the ledger, which is kept for 90 days: one try to hand a notice
// to one device, or a later decision about the notice.
type Handover struct {
	// ID is "<notice>:<device>:<attempt>:<fence>", so that a repeat after a crash has
	// a line of its own.
	ID        string         `bson:"_id"`
	PersonID  string         `bson:"personId"`
	SubjectID string         `bson:"subject"`
	Kind      notify.Kind    `bson:"kind"`
	NoticeID  string         `bson:"noticeId"`
	DeviceID  string         `bson:"deviceId,omitempty"` // empty: a decision
	Platform  string         `bson:"platform,omitempty"`
	Purpose   Purpose        `bson:"purpose,omitempty"`   // what the device was to do; empty: PurposeShow, and for a decision
	Channel   notify.Channel `bson:"channel,omitempty"`   // for a decision
	Rule      notify.Rule    `bson:"rule,omitempty"`      // for a decision
	HoldUntil *time.Time     `bson:"holdUntil,omitempty"` // for a decision to wait: the end of the quiet hours
	Outcome   Outcome        `bson:"outcome,omitempty"`
	Reason    string         `bson:"reason,omitempty"`  // FCM's answer in its own words
	MessageID string         `bson:"message,omitempty"` // FCM's id of a message that it took
	At        time.Time      `bson:"at"`
}

// Purpose is what a device is to do with what is handed to it.
type Purpose string

// The purposes.
const (
	PurposeShow    Purpose = "SHOW"    // show the notice
	PurposeReplace Purpose = "REPLACE" // show how it stands now in place of the notice, without a sound
	PurposeRemove  Purpose = "REMOVE"  // take the notice off the screen
)

// IsValid reports whether it is one of the purposes.
func (p Purpose) IsValid() bool {
	return p == PurposeShow || p == PurposeReplace || p == PurposeRemove
}

// Outcome is the outcome of a try to hand a notice to a device: push.Outcome as a
// word.
type Outcome string

// LedgerEntry is a line of the ledger as people see it: a decision about a notice, or
// a try to hand it to a device.
type LedgerEntry struct {
	At       time.Time
	NoticeID string
	Kind     notify.Kind
	Channel  *notify.Channel // for a decision
	Rule     *notify.Rule    // for a decision
	Platform *string         // for a try
	Purpose  *Purpose        // for a try
	Outcome  *Outcome        // for a try
	Answer   *string         // Firebase's answer, if it did not take the push
	Until    *time.Time      // for a decision to wait: the end of the quiet hours

	zone   clock.Zone  // of the quiet hours
	reader i18n.Reader // who looks at the line
}

// Text is the line in words, in the viewer's language.
func (e LedgerEntry) Text(ctx context.Context) string {
	l := auth.LanguageOf(ctx, nil)
	if e.Rule != nil {
		return i18n.Translate(l, "why.rule."+strings.ToLower(string(*e.Rule)), e.args(ctx))
	}
	if e.Purpose != nil && *e.Purpose != PurposeShow && push.Sent.String() == string(*e.Outcome) {
		return i18n.Translate(l, "why.purpose."+strings.ToLower(string(*e.Purpose)), nil)
	}
	return i18n.Translate(l, "why.outcome."+strings.ToLower(string(*e.Outcome)), nil)
}

// args are what the text of a decision depends on: whether it speaks to the person or of them, and how
// long the news waits or waited.
func (e LedgerEntry) args(ctx context.Context) map[string]any {
	args := map[string]any{"Other": readerOf(e.NoticeID) != auth.FromContext(ctx).PersonID, "Waits": false, "Until": "",
		"Late": e.Channel != nil && *e.Channel != notify.Push}
	if e.Until != nil {
		args["Waits"], args["Until"] = e.Until.After(e.reader.Now), e.reader.Hour(clock.Moment{At: *e.Until, Zone: e.zone})
	}
	return args
}

// isKnown reports whether this version knows all values of the line. The platform does
// not count, since it may be left out.
func (e *LedgerEntry) isKnown(kinds *notify.Kinds) bool {
	switch {
	case !kinds.Know(e.Kind), e.Channel != nil && !slices.Contains([]notify.Channel{notify.Push, notify.Summary, notify.Inbox, notify.Drop}, *e.Channel),
		e.Rule != nil && !slices.Contains(notify.Rules, *e.Rule), e.Rule == nil && e.Outcome == nil, e.Purpose != nil && !e.Purpose.IsValid():
		return false
	}
	return e.Outcome == nil || push.IsOutcome(string(*e.Outcome))
}

// knownPlatform is a platform; empty if only a newer version knows it.
func knownPlatform(p string) string {
	if push.Platform(p).IsKnown() {
		return p
	}
	return ""
}

func (h Handover) entry() *LedgerEntry {
	e := &LedgerEntry{At: h.At, NoticeID: h.NoticeID, Kind: h.Kind, Channel: optional.OrNil(h.Channel), Rule: optional.OrNil(h.Rule),
		Platform: optional.OrNil(knownPlatform(h.Platform)), Outcome: optional.OrNil(h.Outcome), Answer: optional.OrNil(h.Reason), Until: h.HoldUntil}
	if e.Outcome != nil {
		purpose := cmp.Or(h.Purpose, PurposeShow)
		e.Purpose = &purpose
	}
	return e
}
