package booking

import (
	"context"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// kindAsk is the timer that goes on with asking people whether they still come.
const kindAsk = "booking.ask"

// maxAsked is how many people one step asks.
const maxAsked = 50

// askArgs say how far people have been asked who had a seat when a thing was cancelled that was brought back.
type askArgs struct {
	BookableID string
	By         string    // names what has brought it back
	At         time.Time // when that was
	After      string    // the person who was looked at last
}

// Reopen opens the line of a thing that is about to be brought back, so that nobody takes a seat before those are asked who
// had one.
func (s *Service) Reopen(ctx context.Context, bookableID string) error {
	b, err := s.store.bookable(ctx, bookableID)
	if err != nil || b.State == published {
		return err
	}
	return s.openLine(ctx, b)
}

// AskAgain asks everybody with a seat at a thing that was cancelled whether they still come: their seat is offered to them.
// Whoever has too little time for an answer keeps it. The thing must be open, with a line that keeps newcomers from seats
// until all have been asked; by names what has brought it back at an instant.
func (s *Service) AskAgain(ctx context.Context, bookableID, by string, at time.Time) error {
	return s.ask(ctx, askArgs{BookableID: bookableID, By: by, At: at})
}

// ask is a step of AskAgain. A timer goes on with the rest, and the last step looks at the line.
func (s *Service) ask(ctx context.Context, a askArgs) error {
	b, err := s.store.bookable(ctx, a.BookableID)
	if err != nil || !b.IsOpen(s.now()) {
		return fault.UnlessNotFound(err)
	}
	list, err := s.store.people(ctx, a.BookableID, []State{Confirmed}, a.After, maxAsked)
	if err != nil {
		return err
	}
	for i := range list {
		if err := s.askOne(ctx, b, list[i].PersonID, a); err != nil {
			return err
		}
	}
	if len(list) < maxAsked {
		return s.Promote(ctx, a.BookableID)
	}
	a.After = list[len(list)-1].PersonID
	return s.Timers.Set(ctx, timer.New(notify.Key(a.BookableID, "ask", a.By+":"+a.After), kindAsk, s.now(), a))
}

// askOne offers a person the seat that they have. A booking that has changed since it was read was given up, or asked by
// another process.
func (s *Service) askOne(ctx context.Context, thing *Bookable, personID string, a askArgs) error {
	p, err := s.store.booking(ctx, thing.ID, personID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	if p.AskedBy == a.By || p.CreatedAt.After(a.At) {
		return nil
	}
	n, err := s.nightOf(ctx, p.PersonID)
	if err != nil {
		return err
	}
	deadline, ok := thing.offerDeadline(s.now(), false, n)
	if !ok {
		return nil // they keep their seat, and are told that they have it
	}
	st, err := actAsk.doTo(p)
	if err != nil || !st.changes() {
		return err
	}
	about, err := s.about(ctx, thing.ID)
	if err != nil {
		return err
	}
	p.OfferExpiresAt, p.AskedBy, p.Version = &deadline, a.By, p.Version+1
	batch := s.Outbox.Batch()
	about.Data["Restored"] = "1"
	news := p.seatCause(about, st, p.LastClaim, thing.Terms)
	news.Key = offerKey(p.ID, batch.ID)
	batch.Effects = []outbox.Effect{s.offerTimer(p, p.LastClaim, batch.ID), notify.Effect(news)}
	if err := s.commit(ctx, p, batch); !fault.Is(err, fault.KindConflict) {
		return err
	}
	return nil
}
