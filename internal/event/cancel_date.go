package event

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule/herald"
	"faellesskab/internal/text"
)

// CancelOccurrenceInput is a date to be cancelled.
type CancelOccurrenceInput struct {
	ClientMutationID *string
	OccurrenceID     string
	Reason           *string
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *CancelOccurrenceInput) Clean() error {
	p := checkOccurrence(in.ClientMutationID, in.OccurrenceID)
	in.Reason = cleanReason(&p, in.Reason)
	return p.Err()
}

// cleanReason checks and tidies the reason of a cancellation; nil for none.
func cleanReason(p *fault.Problems, reason *string) *string {
	if reason == nil {
		return nil
	}
	tidy := text.Clean(p, "input.reason", *reason, text.Limits{Max: 500, Lines: true})
	if tidy == "" {
		return nil
	}
	return &tidy
}

// RestoreOccurrenceInput is a date to be brought back.
type RestoreOccurrenceInput struct {
	ClientMutationID *string
	OccurrenceID     string
	Reason           *string
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *RestoreOccurrenceInput) Clean() error {
	p := checkOccurrence(in.ClientMutationID, in.OccurrenceID)
	in.Reason = cleanReason(&p, in.Reason)
	return p.Err()
}

// CancelOccurrence cancels one date, and tells people who have signed up for it. The other dates stay. Returns Problems,
// NotFound, Forbidden without the permission POST_EVENTS, and Conflict if the date or the event is cancelled or over.
func (s *Service) CancelOccurrence(ctx context.Context, in CancelOccurrenceInput) error {
	if err := in.Clean(); err != nil {
		return err
	}
	call := idempotency.Call{Operation: "cancelOccurrence", Key: in.ClientMutationID, Input: in}
	return s.changeDate(ctx, call, in.OccurrenceID, dateArgs{IsOff: true, Reason: in.Reason}, (*Occurrence).mayCancel)
}

// RestoreOccurrence brings back one date that was cancelled by itself. Those who had a seat are asked whether they still come.
// Returns Problems, NotFound, Forbidden without the permission POST_EVENTS, and Conflict if the date is not cancelled or has
// begun, or the event is cancelled.
func (s *Service) RestoreOccurrence(ctx context.Context, in RestoreOccurrenceInput) error {
	if err := in.Clean(); err != nil {
		return err
	}
	call := idempotency.Call{Operation: "restoreOccurrence", Key: in.ClientMutationID, Input: in}
	return s.changeDate(ctx, call, in.OccurrenceID, dateArgs{Reason: in.Reason}, (*Occurrence).mayRestore)
}

// mayCancel returns why the date cannot be cancelled by itself.
func (o *Occurrence) mayCancel(now time.Time) error {
	switch {
	case o.isOff():
		return fault.Conflict("event.date_cancelled")
	case o.IsOver(now):
		return fault.Conflict("event.date_over")
	}
	return nil
}

// mayRestore returns why the date cannot be brought back.
func (o *Occurrence) mayRestore(now time.Time) error {
	switch {
	case !o.isOff():
		return fault.Conflict("event.date_on")
	case !o.StartsAt.After(now):
		return fault.Conflict("event.date_begun")
	}
	return nil
}

// changeDate cancels one date or brings it back: its event gets a new version, and the date follows.
func (s *Service) changeDate(ctx context.Context, call idempotency.Call, dateID string, a dateArgs, may func(o *Occurrence, now time.Time) error) error {
	o, err := s.Occurrence(ctx, dateID)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, call, o.EventID, nil, func(e *Event) ([]outbox.Effect, error) {
		if err := e.mayChange(s.now()); err != nil {
			return nil, err
		}
		// The date as it is once the event was read: if it changes after that, so does the version of the event.
		now, err := s.store.occurrence(ctx, dateID)
		if err != nil {
			return nil, err
		}
		if err := may(now, s.now()); err != nil {
			return nil, err
		}
		a.EventID, a.OccurrenceID, a.Version, a.Actor, a.At = e.ID, dateID, e.Version, auth.FromContext(ctx).PersonID, s.now()
		return []outbox.Effect{outbox.New(effectDate, a)}, nil
	})
	return err
}

// dateArgs say which date was cancelled or brought back, by which version of its event and by whom.
type dateArgs struct {
	EventID, OccurrenceID string
	Version               int
	Actor                 string
	At                    time.Time
	IsOff                 bool
	Reason                *string
}

// followDate cancels a date, or brings it back, and tells people.
func (s *Service) followDate(ctx context.Context, a dateArgs) error {
	e, err := s.store.get(ctx, a.EventID)
	if err != nil {
		return err
	}
	if !a.IsOff {
		// Until all who had a seat are asked, newcomers stand in line.
		if err := s.Booking.Reopen(ctx, a.OccurrenceID); err != nil {
			return err
		}
	}
	if err := s.store.setOff(ctx, e, a); err != nil {
		return err
	}
	if e, err = s.followEvent(ctx, e, a.Actor); err != nil {
		return err
	}
	o, err := s.store.occurrence(ctx, a.OccurrenceID)
	if err != nil || o.OwnVersion != a.Version {
		return err // it was changed again, which tells people
	}
	if err := s.settleOff(ctx, e, o, a); err != nil || !e.wasPublic() {
		return err
	}
	return s.tellDate(ctx, e, o, a)
}

// settleOff makes the bookings of a date follow that it is cancelled, or brought back.
func (s *Service) settleOff(ctx context.Context, e *Event, o *Occurrence, a dateArgs) error {
	switch {
	case !a.IsOff:
		return s.Booking.AskAgain(ctx, o.ID, strconv.Itoa(a.Version), a.At)
	case e.Series == nil:
		return s.Booking.EndLine(ctx, o.ID)
	}
	return s.settleDate(ctx, o, e) // as any change of the series would, which may come between
}

// tellDate tells people that a date is cancelled, or takes place after all.
func (s *Service) tellDate(ctx context.Context, e *Event, o *Occurrence, a dateArgs) error {
	if a.IsOff {
		for _, c := range s.herald.Cancelled(ctx, a.Actor, a.Version, []herald.Thing{s.thing(e, o)}) {
			if err := s.Enqueue(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}
	c := o.about()
	c.Key, c.Kind, c.Actor = notify.Key(o.EventID, "restored", strconv.Itoa(a.Version)+":"+o.ID), NoticeRestored, a.Actor
	c.Args, c.Data = notify.ArgsOf(restoredArgs{o.ID, a.Version}), o.words()
	if a.Reason != nil {
		c.Data["Reason"] = *a.Reason
	}
	c.Audiences = []notify.AudienceOf{{Kind: booking.AudienceReturning, IDs: []string{o.ID}}}
	return s.Enqueue(ctx, c)
}

// restoredArgs say which date was brought back, by which version of its event.
type restoredArgs struct {
	Thing   string
	Version int
}
