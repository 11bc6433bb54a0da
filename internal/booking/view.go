package booking

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
)

// View is a booking as its noun shows it: an attendance, or an enrolment.
type View interface {
	// Base is the booking itself.
	Base() *Booking
}

// Base is the booking itself, for nouns that embed it.
func (b *Booking) Base() *Booking { return b }

// Show is the booking as its noun shows it; nil for none, and for a booking of something that
// only a newer version knows.
func (s *Service) Show(b *Booking) View {
	if b == nil || s.sorts[b.Sort] == nil {
		return nil
	}
	return s.sorts[b.Sort].Show(b)
}

// OwnViews are the viewer's own bookings of these things of any sort, by thing. Things that
// they never booked are missing.
func (s *Service) OwnViews(ctx context.Context, bookableIDs []string) (map[string]View, error) {
	found, err := s.OwnOf(ctx, bookableIDs)
	return Map(found, s.Show), err
}

// Bookables are the things with those ids, of any sort, by id. Those that the viewer may not
// see or not book are missing.
func (s *Service) Bookables(ctx context.Context, ids []string) (map[string]*Bookable, error) {
	all, v := map[string]*Bookable{}, auth.FromContext(ctx)
	for _, sort := range s.sorts {
		own := slices.DeleteFunc(slices.Clone(ids), func(bookableID string) bool { return !sort.has(bookableID) })
		if len(own) == 0 {
			continue
		}
		found, err := sort.Seen(ctx, own)
		if err != nil {
			return nil, err
		}
		for bookableID, b := range found {
			if !b.Bars(v.BannedFrom) {
				all[bookableID] = b
			}
		}
	}
	return all, nil
}

// Action is what a viewer may do with a booking.
type Action string

// The actions.
const (
	ActionCancel       Action = "CANCEL"
	ActionAcceptOffer  Action = "ACCEPT_OFFER"
	ActionDeclineOffer Action = "DECLINE_OFFER"
	ActionApprove      Action = "APPROVE"
	ActionDecline      Action = "DECLINE"
	ActionRemove       Action = "REMOVE"
	ActionCheckIn      Action = "CHECK_IN"
	ActionUndoCheckIn  Action = "UNDO_CHECK_IN"
)

// Known is what an action on a booking is judged by besides the booking: the thing, which is nil if the
// viewer may not see or not book it, and what they may do with others' bookings of it.
type Known struct {
	Thing  *Bookable
	Rights Rights
}

// IsJudgedByRights reports whether it depends on the viewer's rights what they may do with the booking. Their
// own is left to them, as long as nobody has to approve it, and until people are let in: see IsAtDoor.
func (s *Service) IsJudgedByRights(ctx context.Context, b *Booking) bool {
	v := auth.FromContext(ctx)
	return !v.IsAnonymous() && (b.State == PendingApproval || !b.IsOf(v.PersonID) || s.IsAtDoor(b))
}

// IsAtDoor reports whether the person may be let in now, or was, as far as the booking alone tells.
func (s *Service) IsAtDoor(b *Booking) bool {
	return b.State.HasSeat() && !s.now().Before(b.StartsAt.Add(-doorOpens)) || b.CheckIn != nil
}

// canAtDoor are the actions of those who let people in.
func (b *Booking) canAtDoor(of Known, now time.Time) []Action {
	thing := of.Thing
	mayIn, mayUndo := false, b.CheckIn != nil && b.State == Attended
	st, err := actCheckIn.on(b.State)
	for _, p := range thing.Parts {
		if !of.Rights.stands(p.ID) {
			continue
		}
		isOpen := thing.IsHeld() && p.IsOpenAt(now) && err == nil
		if p.ID == "" {
			mayIn = isOpen && st.changes()
			continue
		}
		mayIn = mayIn || isOpen && !b.WasAt(p.ID)
		mayUndo = mayUndo || thing.IsHeld() && b.WasAt(p.ID)
	}
	var can []Action
	if mayIn {
		can = append(can, ActionCheckIn)
	}
	if mayUndo {
		can = append(can, ActionUndoCheckIn)
	}
	return can
}

// Can are the actions that the server would accept now from the viewer.
func (s *Service) Can(ctx context.Context, b *Booking, of Known) []Action {
	personID := viewerID(ctx)
	can := b.can(personID, of.Thing, s.now())
	if of.Rights.ChecksIn && of.Thing != nil {
		can = append(can, b.canAtDoor(of, s.now())...)
	}
	if !of.Rights.Runs {
		return can
	}
	if b.State == PendingApproval {
		if of.Thing != nil && of.Thing.isToCome(s.now()) {
			can = append(can, ActionApprove)
		}
		can = append(can, ActionDecline)
	}
	if !b.IsOf(personID) && !actRemove.refuses(b.State) {
		can = append(can, ActionRemove)
	}
	return can
}

func (b *Booking) can(personID string, thing *Bookable, now time.Time) []Action {
	can := []Action{}
	if !b.IsOf(personID) {
		return can
	}
	if !actLeave.refuses(b.State) {
		can = append(can, ActionCancel)
	}
	if thing != nil && b.mayAccept(thing, now) == nil {
		can = append(can, ActionAcceptOffer)
	}
	if !actDecline.refuses(b.State) {
		can = append(can, ActionDeclineOffer)
	}
	return can
}

// IsOpen reports whether people can sign up for a thing now, or will be able to.
func IsOpen(state string, startsAt time.Time, seats Seats, now time.Time) bool {
	b := Bookable{State: state, StartsAt: startsAt, Seats: seats}
	return b.IsOpen(now)
}

// CanSignUp reports whether signing up for a thing now would not be refused, as far as the
// thing and the person's own booking say; own is nil if they have none.
func CanSignUp(state string, startsAt time.Time, seats Seats, own View, now time.Time) bool {
	b := Bookable{State: state, StartsAt: startsAt, Seats: seats}
	return b.IsOpen(now) && b.opensAt(now) == nil && (seats.Capacity == nil || *seats.Capacity > 0) && (own == nil || !own.Base().State.IsSignedUp())
}
