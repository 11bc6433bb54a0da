package inbox

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

// noticeRecord is a notice as its reader is given it.
type noticeRecord struct {
	At          time.Time
	Kind        notify.Kind
	Title, Body string // in Danish; empty if it was not shown
	SubjectID   string
	GroupID     string `json:",omitempty"`
	Channel     notify.Channel
	Rule        notify.Rule
	IsHidden    bool       `json:",omitempty"`
	ReadAt      *time.Time `json:",omitempty"`
	OpenedAt    *time.Time `json:",omitempty"`
	IsAnswered  bool       `json:",omitempty"` // by a button of its push
	IsDismissed bool       `json:",omitempty"` // its push was swiped away
	PutOff      *Snoozing  `json:",omitempty"`
}

func (s store) exportNotices(ctx context.Context, personID string, keep func(any) error) error {
	of, err := s.settings(ctx, personID)
	if err != nil {
		return err
	}
	reader := of.Reader(i18n.Danish, s.db.Now())
	err = mongodb.EachUnder(ctx, "read notices", s.notices(), personID, func(n *Notice) error {
		title, body := n.In(reader)
		if n.Hidden { // the words may be of a group that the person had left
			title, body = "", ""
		}
		return keep(noticeRecord{n.CreatedAt, n.Kind, title, body, n.SubjectID, n.GroupID, n.Channel, n.Rule, n.Hidden, n.ReadAt, n.OpenedAt,
			n.Acted != "", n.Dismissed != "", n.Snoozed})
	})
	if err != nil {
		return err
	}
	list, err := mongodb.All[*Notice](ctx, "read notices about a person", s.db.Collection(notices), bson.D{{Key: "about", Value: personID}})
	if err != nil {
		return err
	}
	for _, n := range list {
		if err := keep(aboutRecord{n.CreatedAt, n.Kind, n.SubjectID, true}); err != nil {
			return err
		}
	}
	return nil
}

// aboutRecord is a notice that somebody else has about the person, as the person is given it: that it
// was told, and not to whom.
type aboutRecord struct {
	At         time.Time
	Kind       notify.Kind
	SubjectID  string
	IsAboutYou bool
}

// eraseNotices removes some of a person's notices and, when there are none left, of
// those that tell others of the person.
func (s store) eraseNotices(ctx context.Context, personID string) (ids []string, left bool, err error) {
	for _, field := range []string{"personId", "about"} {
		ids, left, err = s.notices().RemovePage(ctx, "erase notices", bson.D{{Key: field, Value: personID}})
		if err != nil || left {
			break
		}
	}
	return ids, left, err
}

// lineRecord is a line of the ledger as the person is given it.
type lineRecord struct {
	At        time.Time
	Kind      notify.Kind
	SubjectID string
	Channel   notify.Channel `json:",omitempty"`
	Rule      notify.Rule    `json:",omitempty"`
	Platform  string         `json:",omitempty"`
	Outcome   Outcome        `json:",omitempty"`
	Answer    string         `json:",omitempty"`
}

func (s store) exportHandovers(ctx context.Context, personID string, keep func(any) error) error {
	return mongodb.EachUnder(ctx, "read the ledger", s.ledger(), personID, func(h *Handover) error {
		return keep(lineRecord{h.At, h.Kind, h.SubjectID, h.Channel, h.Rule, h.Platform, h.Outcome, h.Reason})
	})
}

func (s store) eraseHandovers(ctx context.Context, personID string) (left bool, err error) {
	_, left, err = s.ledger().RemovePage(ctx, "erase from the ledger", bson.D{{Key: "personId", Value: personID}})
	return left, err
}

// settingsRecord is what somebody has chosen; what they left as it is, is empty.
type settingsRecord struct {
	PushEnabled  bool
	Kinds        map[notify.Kind]notify.Channel
	TimeZone     string
	QuietFrom    string
	QuietUntil   string
	QuietDays    map[notify.Weekday]notify.QuietHours `json:",omitempty"`
	PushesADay   *int
	SummaryTime  string
	Reminders    *[]notify.ReminderOffset
	MutedThreads map[string]time.Time
	Stopped      map[string]time.Time // reasons, by their keys
}

func (s store) exportSettings(ctx context.Context, personID string, keep func(any) error) error {
	found, err := mongodb.Get[notify.Settings](ctx, "get settings", s.db.Collection(settings), personID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	stopped := map[string]time.Time{}
	for key, reason := range found.Stopped {
		stopped[key] = reason.At
	}
	return keep(settingsRecord{!found.PushOff, found.Kinds, string(found.Zone), string(found.QuietFrom), string(found.QuietUntil), found.QuietDays, found.Pushes,
		string(found.SummaryTime), found.Offsets, found.MutedThreads, stopped})
}

func (s store) eraseSettings(ctx context.Context, personID string) (left bool, err error) {
	_, err = s.db.Collection(settings).DeleteOne(ctx, bson.D{{Key: "_id", Value: personID}})
	return false, mongodb.Translate("erase settings", err)
}
