package inbox

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// maxSnooze is how long a notice may be put off.
const maxSnooze = 30 * 24 * time.Hour

// SnoozeInput is a notice that the viewer puts off, and until when; nil: it comes back at once.
type SnoozeInput struct {
	ClientMutationID *string
	NoticeID         string
	Until            *time.Time
}

// Clean checks the input. Returns Problems.
func (in *SnoozeInput) Clean(now time.Time) error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if !IsNoticeID(in.NoticeID) {
		p.Add(fault.BadID("input.noticeId"))
	}
	switch {
	case in.Until == nil:
	case !in.Until.After(now):
		p.Add(fault.Invalid("input.until", "time.past"))
	case in.Until.After(now.Add(maxSnooze)):
		p.Add(fault.Invalid("input.until", "notice.snooze.long").With("Max", int(maxSnooze/(24*time.Hour))))
	}
	return p.Err()
}

// TimerSnoozed is the kind of the timers that bring notices back. Package delivery handles them, since
// what comes back is pushed again.
const TimerSnoozed = "inbox.snoozed"

// Snoozed are the arguments of such a timer.
type Snoozed struct {
	NoticeID string
	Until    time.Time
}

// Snoozing says since when, and until when, a notice is put off.
type Snoozing struct {
	At    time.Time `bson:"at"`
	Until time.Time `bson:"until"`
}

// IsPutOffUntil reports whether the notice is put off until exactly that instant.
func (n *Notice) IsPutOffUntil(at time.Time) bool {
	return n.Snoozed != nil && n.Snoozed.Until.Equal(at)
}

// IsRead reports whether the person has dealt with the notice for now: has read it, or put it off.
func (n *Notice) IsRead() bool { return !n.Unread || n.Snoozed != nil }

// SnoozedUntil is when the notice comes back; nil if it is not put off.
func (n *Notice) SnoozedUntil() *time.Time {
	if n.Snoozed == nil {
		return nil
	}
	return &n.Snoozed.Until
}

// Snooze puts a notice of the viewer off, or brings it back at once. Returns Problems, NotFound if it is not the
// viewer's, Conflict if it needs no more attention, and Invalid if it will need none at the instant.
func (s *Service) Snooze(ctx context.Context, in SnoozeInput) (*Notice, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: notices, ID: in.NoticeID}
	call := idempotency.Call{Operation: "snoozeNotice", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Notice, error) {
		now := s.DB.Now()
		if err := in.Clean(now); err != nil {
			return nil, err
		}
		n, err := s.snoozable(ctx, v.PersonID, in)
		if err != nil {
			return nil, err
		}
		var effects []outbox.Effect
		n.Snoozed, n.Unread, n.ReadAt = nil, true, nil
		if in.Until != nil {
			if err := s.recall(ctx, v.PersonID, []*Notice{n}); err != nil {
				return nil, err
			}
			n.Snoozed = &Snoozing{At: now, Until: *in.Until}
			key := "snoozed:" + n.ID + ":" + strconv.FormatInt(in.Until.UnixMilli(), 10)
			effects = append(effects, timer.Effect(timer.New(key, TimerSnoozed, *in.Until, Snoozed{NoticeID: n.ID, Until: *in.Until})))
		}
		err = s.Outbox.Commit(ctx, ref, append(effects, t.Outcome(n)...), func(b outbox.Batch) error { return s.store.snooze(ctx, n, b) })
		if err != nil {
			return nil, err
		}
		s.Bus.Tell(notices, n.ID)
		found, err := s.ByIDs(ctx, []string{n.ID})
		if err == nil && found[n.ID] == nil {
			err = notFound("input.noticeId")
		}
		return found[in.NoticeID], err
	})
}

// snoozable is a notice of a person that may be put off.
func (s *Service) snoozable(ctx context.Context, personID string, in SnoozeInput) (*Notice, error) {
	found, err := s.store.ByIDs(ctx, []string{in.NoticeID})
	if err != nil {
		return nil, err
	}
	n := found[in.NoticeID]
	if n == nil || n.Hidden || n.PersonID != personID || !s.News.Kinds.Know(n.Kind) {
		return nil, notFound("input.noticeId")
	}
	n.Snoozed, n.Unread, n.ReadAt = nil, true, nil
	if err := s.present(ctx, []*Notice{n}, only(ctx)); err != nil {
		return nil, err
	}
	switch {
	case !n.Unread:
		return nil, fault.Conflict("notice.snooze.over")
	case in.Until != nil && n.ExpiresAt != nil && !n.ExpiresAt.After(*in.Until):
		return nil, fault.Invalid("input.until", "notice.snooze.late")
	}
	return n, nil
}

func notFound(field string) error {
	return &fault.Error{Kind: fault.KindNotFound, Key: "notice.not_found", Field: field}
}
