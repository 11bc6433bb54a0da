package booking

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/fault"
)

// Where the organiser has asked for it, people who were left out the last time stand before the others
// in line. Nothing else depends on it: not who may sign up, nor who gets a seat without a line.

// headStart is by how much people who were left out stand before the others. It is longer than sign-up is
// open anywhere, so that among themselves both keep the order in which they came.
const headStart = 10 * 366 * 24 * time.Hour

// leftOut are the reasons for which people who wait in line end without a seat through no doing of theirs.
var leftOut = []EndedBecause{EndedOver, EndedClosed, EndedNeverFits}

// wasLeftOut reports whether the person waited in line to the end.
func (b *Booking) wasLeftOut() bool {
	return b.EndedBecause != nil && b.EndedFrom == Waitlisted && slices.Contains(leftOut, *b.EndedBecause)
}

// standAhead gives a person who joins the line a place before those who were not left out last time, if
// the organiser has asked for that and they were.
func (s *Service) standAhead(ctx context.Context, b *Bookable, wanted *Booking) error {
	if t := b.Terms.OrNone(); t == nil || !t.IsFair {
		return nil
	}
	sort, err := s.sortOf(b.ID)
	if err != nil || sort.LastTime == nil {
		return err
	}
	lastID, err := sort.LastTime(ctx, b.ID)
	if err != nil || lastID == "" {
		return err
	}
	was, err := s.store.booking(ctx, lastID, wanted.PersonID)
	if err != nil || !was.wasLeftOut() {
		return fault.UnlessNotFound(err)
	}
	wanted.IsAhead, wanted.QueuedAt = true, wanted.QueuedAt.Add(-headStart)
	return nil
}

// inLineSince is when the person joined the line.
func (b *Booking) inLineSince() time.Time {
	if b.IsAhead {
		return b.QueuedAt.Add(headStart)
	}
	return b.QueuedAt
}
