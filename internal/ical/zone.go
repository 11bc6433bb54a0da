package ical

import (
	"fmt"
	"maps"
	"slices"
	"time"

	ics "github.com/arran4/golang-ical"

	"faellesskab/internal/clock"
)

const utc clock.Zone = "UTC"

// zone is a zone with the time from which on and until which its clock matters.
type zone struct {
	name     clock.Zone
	from, to time.Time
}

// zonesOf are the zones by whose clocks the events are written, by name.
func zonesOf(events []Event) []zone {
	found := map[clock.Zone]zone{}
	for _, e := range events {
		if e.IsAllDay || e.TimeZone == utc {
			continue
		}
		z, ok := found[e.TimeZone]
		if !ok {
			z = zone{e.TimeZone, e.StartsAt, e.EndsAt}
		}
		if e.StartsAt.Before(z.from) {
			z.from = e.StartsAt
		}
		if e.EndsAt.After(z.to) {
			z.to = e.EndsAt
		}
		found[e.TimeZone] = z
	}
	zones := make([]zone, 0, len(found))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		zones = append(zones, found[name])
	}
	return zones
}

// component writes each change of the clock by itself, from the last one before the first event on, since the rules of
// zones change. A program needs no more of them for the events that it is given.
func (z zone) component() *ics.VTimezone {
	v := ics.NewTimezone(string(z.name))
	for at := z.from; ; {
		began, ends := z.bounds(at)
		v.Components = append(v.Components, z.observance(began))
		if ends.IsZero() || ends.After(z.to) {
			return v
		}
		at = ends
	}
}

// bounds are the changes of the clock before and after an instant; the zero time if there is none. The standard library
// has bounds at the end of some years too, at which no clock changes.
func (z zone) bounds(at time.Time) (began, ends time.Time) {
	began, ends = z.name.At(at).ZoneBounds()
	for !began.IsZero() && z.isSame(began.Add(-time.Second), began) {
		began, _ = z.name.At(began.Add(-time.Second)).ZoneBounds()
	}
	for !ends.IsZero() && z.isSame(ends.Add(-time.Second), ends) {
		_, ends = z.name.At(ends).ZoneBounds()
	}
	return began, ends
}

// isSame reports whether the clock shows the same time at two instants, and calls it the same.
func (z zone) isSame(a, b time.Time) bool {
	before, after := z.name.At(a), z.name.At(b)
	name, offset := before.Zone()
	name2, offset2 := after.Zone()
	return name == name2 && offset == offset2 && before.IsDST() == after.IsDST()
}

// observance says what the clock shows from a change on; the zero time stands for a zone that has never changed.
func (z zone) observance(began time.Time) ics.Component {
	if began.IsZero() {
		began = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	is := z.name.At(began)
	_, before := z.name.At(began.Add(-time.Second)).Zone()
	name, after := is.Zone()
	properties := func(c *ics.ComponentBase) {
		// The change is at the time that the clock showed before it.
		c.SetProperty(ics.ComponentPropertyDtStart, began.UTC().Add(time.Duration(before)*time.Second).Format(localForm))
		c.SetProperty("TZOFFSETFROM", offset(before))
		c.SetProperty("TZOFFSETTO", offset(after))
		c.SetProperty("TZNAME", name)
	}
	if is.IsDST() {
		d := &ics.Daylight{}
		properties(&d.ComponentBase)
		return d
	}
	s := &ics.Standard{}
	properties(&s.ComponentBase)
	return s
}

// offset is how far a clock is ahead of UTC: "+0200".
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if rest := seconds % 60; rest != 0 {
		text += fmt.Sprintf("%02d", rest)
	}
	return text
}
