package booking

import (
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// actor says who may do an act: the person whose booking it is, the people who run the thing,
// or the program.
type actor string

const (
	oneself   actor = "the person"
	organiser actor = "the organiser"
	program   actor = "the program"
)

// act is one thing that may happen to a booking.
type act struct {
	name string
	by   actor
	from map[State]step
	// newer is the step for a state that only a newer version knows.
	newer step
}

// step is what an act makes of a booking in one state.
type step struct {
	from State // the state before
	to   State // the new state; empty: it stays as it is
	// because is why it has ended; empty if the person has ended it.
	because EndedBecause
	// tell is the news for the person; empty: none.
	tell notify.Kind
	// looks says that the line is looked at afterwards. It is without saying so if seats become
	// free, and whoever goes through a line looks at it anyway.
	looks bool
	// refuse makes the refusal; nil: the act is accepted.
	refuse func() *fault.Error
}

func becomes(s State) step { return step{to: s} }

func ends(because EndedBecause) step { return step{to: Cancelled, because: because} }

func (st step) telling(k notify.Kind) step {
	st.tell = k
	return st
}

func (st step) saying(because EndedBecause) step {
	st.because = because
	return st
}

func (st step) looking() step {
	st.looks = true
	return st
}

func denied(why *fault.Error) step {
	return step{refuse: func() *fault.Error {
		again := *why // callers may change a refusal
		return &again
	}}
}

// changes reports whether the booking gets another state.
func (st step) changes() bool { return st.to != "" }

// frees reports whether the seats of the booking become free.
func (st step) frees() bool { return st.changes() && st.from.Holds() && !st.to.Holds() }

// takes reports whether the booking takes seats that it did not have.
func (st step) takes() bool { return st.changes() && !st.from.Holds() && st.to.Holds() }

// on is the step that the act takes with a booking in a state. Returns the refusal, if it is
// one.
func (a act) on(s State) (step, error) {
	st, known := a.from[s]
	if !known {
		st = a.newer
	}
	st.from = s
	if st.refuse != nil {
		return st, st.refuse()
	}
	return st, nil
}

// doTo gives a booking the state that the act makes of it, and with it the reason why it has
// ended, and takes away the deadline of an offer. Nothing changes if the act is refused, or
// does nothing in this state. It leaves the version to the caller.
func (a act) doTo(b *Booking) (step, error) {
	st, err := a.on(b.State)
	if err != nil || !st.changes() {
		return st, err
	}
	b.State, b.OfferExpiresAt = st.to, nil
	if st.because != "" {
		b.EndedBecause, b.EndedFrom = &st.because, st.from
	}
	return st, nil
}

// starts gives a new booking its first state. The booking that it replaces is looked at when
// it is written.
func (a act) starts(b Booking) *Booking {
	b.State = a.from[stateNone].to
	return &b
}

// refuses reports whether the act is refused in a state.
func (a act) refuses(s State) bool {
	_, err := a.on(s)
	return err != nil
}

// changed are the states that the act changes.
func (a act) changed() []State {
	return slices.DeleteFunc(slices.Clone(States), func(s State) bool { return !a.from[s].changes() || s == stateNone })
}

// before are the states of a stored booking from which one of the acts leads to a state. Writes
// of that state ask for them.
func before(to State, by ...act) []State {
	return slices.DeleteFunc(slices.Clone(States), func(s State) bool {
		return s == stateNone || !slices.ContainsFunc(by, func(a act) bool { return a.from[s].to == to })
	})
}

// awaited are the states of bookings that will still be used. Whoever loses access loses them.
var awaited = actLose.changed()

// IsValid reports whether this version knows the state of a stored booking.
func (s State) IsValid() bool { return s != stateNone && slices.Contains(States, s) }

// IsSignedUp reports whether the person has a seat or is in line for one, so that they cannot
// sign up again.
func (s State) IsSignedUp() bool { return actTake.refuses(s) }

// Holds reports whether a booking in this state takes seats.
func (s State) Holds() bool { return slices.Contains(holding, s) }

// isHeld reports whether a booking in this state will still be used.
func (s State) isHeld() bool { return slices.Contains(awaited, s) }
