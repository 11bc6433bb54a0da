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

// zone is a zone with the instants at which its clock matters.
type zone struct {
	name clock.Zone
	at   []time.Time
}

// zonesOf are the zones by whose clocks the events are written, by name.
func zonesOf(events []Event) []zone {
	found := map[clock.Zone][]time.Time{}
	for _, e := range events {
		if !e.IsAllDay && e.TimeZone != utc {
			found[e.TimeZone] = append(found[e.TimeZone], e.StartsAt, e.EndsAt)
		}
	}
	zones := make([]zone, 0, len(found))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		zones = append(zones, zone{name, found[name]})
	}
	return zones
}

// component writes the last change of the clock before each instant, by itself, since the rules of zones change. A program
// needs no more of them, for it goes by the last one before a time.
func (z zone) component() *ics.VTimezone {
	slices.SortFunc(z.at, time.Time.Compare)
	v := ics.NewTimezone(string(z.name))
	var last time.Time
	for i, at := range z.at {
		if began := z.changeBefore(at); i == 0 || !began.Equal(last) {
			v.Components = append(v.Components, z.observance(began))
			last = began
		}
	}
	return v
}

// changeBefore is the last change of the clock until an instant; the zero time if there is none. The standard library has
// bounds at the end of some years too, at which no clock changes. What it says of the bound after an instant is of no use:
// on the last day of a leap year that lies before the instant.
func (z zone) changeBefore(at time.Time) time.Time {
	began, _ := z.name.At(at).ZoneBounds()
	for !began.IsZero() && z.isSame(began.Add(-time.Second), began) {
		began, _ = z.name.At(began.Add(-time.Second)).ZoneBounds()
	}
	return began
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
