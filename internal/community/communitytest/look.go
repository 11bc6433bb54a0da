package communitytest

import (
	"errors"

	"faellesskab/internal/booking"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
)

func faultOf(err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// DateOf is the id of an event's only date.
func DateOf(eventID string) string { return id.Derive(id.Occurrence, eventID, "0") }

// Attend signs a stranger up for an event's date.
func (w *World) Attend(name, eventID string, guests int) (*booking.SignedUp, error) {
	return w.Events.Attend(w.Stranger(name), event.AttendInput{OccurrenceID: DateOf(eventID), Guests: guests})
}

// MustAttend is Attend that must not fail; it returns the state of the booking.
func (w *World) MustAttend(name, eventID string, guests int) booking.State {
	w.T.Helper()
	return Must(w.Attend(name, eventID, guests))(w.T).Booking.State
}

// WantRefused fails unless a stranger who signs up for an event's date is refused for that
// reason, with words; it returns the outcome.
func (w *World) WantRefused(name, eventID string, why booking.Refusal) *booking.SignedUp {
	w.T.Helper()
	r := Must(w.Attend(name, eventID, 0))(w.T)
	if r.Refusal != why || r.Message == "" {
		w.T.Errorf("%s got %+v, and should be refused: %s", name, r, why)
	}
	return r
}

// Bring changes how many guests come along with a stranger.
func (w *World) Bring(name, eventID string, guests int) error {
	_, err := w.Events.UpdateAttendance(w.Stranger(name), event.UpdateAttendanceInput{OccurrenceID: DateOf(eventID), Guests: guests})
	return err
}

// Leave gives back the booking of a stranger.
func (w *World) Leave(name, eventID string) error {
	_, err := w.Events.Leave(w.Stranger(name), event.LeaveInput{OccurrenceID: DateOf(eventID)})
	return err
}

// Accept takes the seat that a stranger is offered.
func (w *World) Accept(name, eventID string) error {
	_, err := w.Bookings.AcceptOffer(w.Stranger(name), booking.OfferInput{BookingID: booking.IDOf(DateOf(eventID), PersonID(name))})
	return err
}

// Decline gives the seat that a stranger is offered to the next in line.
func (w *World) Decline(name, eventID string) error {
	_, err := w.Bookings.DeclineOffer(w.Stranger(name), booking.OfferInput{BookingID: booking.IDOf(DateOf(eventID), PersonID(name))})
	return err
}

// Phone registers an Android phone of a person.
func (w *World) Phone(name, token string) *device.Device {
	w.T.Helper()
	return Must(w.Devices.Register(w.As(name), device.RegisterInput{Kind: device.KindToken, Value: token, Platform: device.PlatformAndroid}))(w.T)
}

// RunPending sweeps until no effect is left to run.
func (w *World) RunPending() {
	w.T.Helper()
	for range 20 {
		if n := Must(w.Outbox.Sweep(w.T.Context(), 0))(w.T); n == 0 {
			return
		}
	}
	w.T.Error("effects never end")
}

// Drain lets the notifier do everything that is due now.
func (w *World) Drain() {
	w.T.Helper()
	if err := w.Notifier.Drain(w.T.Context()); err != nil {
		w.T.Fatal(err)
	}
}

// CheckSeats compares an event's seats with its bookings: the seats taken are those of
// the confirmed and offered bookings, all other seats are reserved or free, and the first in line
// does not wait while enough seats are free for them.
func (w *World) CheckSeats(eventID string) booking.Bookable {
	w.T.Helper()
	w.RunPending()
	b, places := w.Bookable(DateOf(eventID)), w.BookingsAt(DateOf(eventID))
	taken, waiting := 0, 0
	var first *booking.Booking
	for _, p := range places {
		switch {
		case p.State.Holds():
			taken += 1 + p.Guests
		case p.State == booking.Waitlisted:
			waiting++
			if first == nil || p.QueuedAt.Before(first.QueuedAt) || p.QueuedAt.Equal(first.QueuedAt) && p.ID < first.ID {
				first = &p
			}
		}
	}
	if b.SeatsTaken != taken {
		w.T.Errorf("%d seats are taken, and the places hold %d", b.SeatsTaken, taken)
	}
	if b.Capacity != nil && b.FreeSeats != *b.Capacity-taken-b.Reserved {
		w.T.Errorf("%d of %d seats are free with %d taken and %d reserved", b.FreeSeats, *b.Capacity, taken, b.Reserved)
	}
	for _, p := range places {
		if (p.State == booking.Offered) != (p.OfferExpiresAt != nil) {
			w.T.Errorf("%s is %s with the deadline %v", p.PersonID, p.State, p.OfferExpiresAt)
		}
	}
	if len(b.Claims) > 0 {
		w.T.Errorf("claims are left: %v", b.Claims)
	}
	if waiting > 0 && !b.HasQueue {
		w.T.Errorf("%d are in line, and newcomers may pass them", waiting)
	}
	if first != nil && b.FreeSeats >= 1+first.Guests && b.IsOpen(w.Clock.Now()) {
		w.T.Errorf("%d seats are free, and the first in line wants %d", b.FreeSeats, 1+first.Guests)
	}
	return b
}

// StateOf is the state of a person's booking; empty if there is none.
func (w *World) StateOf(name, eventID string) booking.State {
	w.T.Helper()
	for _, p := range w.BookingsAt(DateOf(eventID)) {
		if p.PersonID == PersonID(name) {
			return p.State
		}
	}
	return ""
}
