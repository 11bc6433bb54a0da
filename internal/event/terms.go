package event

import (
	"slices"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/schedule"
)

// SignUp is what is asked of those who sign up for the first date; nil: nothing.
func (e *Event) SignUp() *booking.Terms { return e.termsOf(e.firstDate()).OrNone() }

// termsOf is what is asked of those who sign up for a date that has no terms of its own; nil: nothing was ever asked.
func (e *Event) termsOf(d schedule.Date) *booking.Terms {
	return e.Terms.At(d.StartsAtLocal, d.TimeZone, e.Version)
}

// termsBy is what is asked of those who sign up for the date, by its event or by itself; nil: nothing was ever asked.
func (o *Occurrence) termsBy(e *Event) *booking.Terms {
	if o.stands(OwnSignUp) {
		return o.OwnTerms.At(o.StartsAtLocal, o.TimeZone, e.Version)
	}
	return e.termsOf(o.Date)
}

// capacityOf is the capacity that a date has by its event, or by itself.
func (o *Occurrence) capacityOf(e *Event) *int {
	if o.stands(OwnCapacity) {
		return o.Capacity
	}
	return e.Capacity
}

// setTerms changes what is asked of those who sign up, for the date and the capacity that the event has by
// now; nil is nothing.
func (e *Event) setTerms(p *fault.Problems, in *booking.TermsInput) {
	first := e.firstDate()
	t := in.Clean(p, "input.signUp", booking.Asked{StartsAt: first.StartsAtLocal, TimeZone: first.TimeZone, Capacity: e.Capacity, Had: e.Terms})
	if t == nil && e.Terms != nil {
		t = booking.NoTerms()
	}
	t.Name(e.ID, e.Version)
	e.Terms = t
}

// applyTerms changes what is asked of those who sign up for one date, or looks whether its seats still suffice for what is.
func (in *UpdateInput) applyTerms(p *fault.Problems, e *Event, o *Occurrence) {
	if !in.SignUp.IsSet() {
		if in.Capacity.IsSet() {
			o.termsBy(e).CheckReserved(p, "input.capacity", o.Capacity)
		}
		return
	}
	t := in.SignUp.Value().Clean(p, "input.signUp", booking.Asked{StartsAt: o.StartsAtLocal, TimeZone: o.TimeZone, Capacity: o.Capacity, Had: o.termsBy(e), Given: o.Given()})
	if t == nil {
		t = booking.NoTerms()
	}
	t.Name(o.ID, e.Version)
	o.setOwnTerms(t)
}

// setOwnTerms lets the date ask for something by itself.
func (o *Occurrence) setOwnTerms(t *booking.Terms) {
	if o.OwnTerms = t; !o.stands(OwnSignUp) {
		o.Own = append(slices.Clone(o.Own), OwnSignUp)
	}
}
