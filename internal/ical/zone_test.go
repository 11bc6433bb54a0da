package ical_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faellesskab/internal/clock"
	"faellesskab/internal/ical"
	"faellesskab/internal/schedule"
)

// lastOnset is what a clock is ahead of UTC at a time on the wall, by the last change before it that a calendar describes.
func lastOnset(t *rapid.T, text string, wall clock.Local) time.Duration {
	var onset, found string
	var ahead time.Duration
	for _, line := range unfolded(text) {
		name, value, _ := strings.Cut(line, ":")
		switch {
		case name == "END" && value == "VTIMEZONE":
			if found == "" {
				t.Fatalf("no change before %s in\n%s", wall, text)
			}
			return ahead
		case name == "DTSTART":
			onset = value
		case name == "TZOFFSETTO" && onset <= wall.OnPaper().Format("20060102T150405") && onset > found:
			d, err := time.ParseDuration(value[1:3] + "h" + value[3:5] + "m" + (value + "00")[5:7] + "s")
			if err != nil {
				t.Fatal(err)
			}
			if found, ahead = onset, d; value[0] == '-' {
				ahead = -d
			}
		}
	}
	t.Fatalf("no zone in\n%s", text)
	return 0
}

// A program that goes by the changes which a calendar describes finds the instants of its dates, in any zone and any year of the program, also
// far from each other. There are no more changes than dates need: somebody who plans for the year 2900 makes no one wait.
func TestZonesAreDescribedAsFarAsDatesNeed(t *testing.T) {
	t.Parallel()
	zones := clock.Zones()
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(rt, "zone")
		year := rapid.OneOf(rapid.IntRange(2024, 2032), rapid.IntRange(1971, 2998))
		var events []ical.Event
		for i := range rapid.IntRange(1, 4).Draw(rt, "dates") {
			at := time.Date(year.Draw(rt, "year"), 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 366*24*4).Draw(rt, "quarter")) * 15 * time.Minute)
			d := schedule.Date{StartsAt: at, EndsAt: at.Add(time.Hour), StartsAtLocal: clock.LocalOf(at, zone), EndsAtLocal: clock.LocalOf(at.Add(time.Hour), zone), TimeZone: zone}
			events = append(events, ical.Event{UID: string(rune('a' + i)), ChangedAt: changed, Date: d, Status: ical.Confirmed})
		}
		text := write(t, ical.Calendar{Events: events})
		if n := strings.Count(text, "TZOFFSETTO"); n > 2*len(events) || strings.Count(text, "BEGIN:VTIMEZONE") > 1 {
			rt.Fatalf("%d changes for %d dates:\n%s", n, len(events), text)
		}
		for _, e := range events {
			if zone == "UTC" || e.StartsAtLocal.IsTwice(zone) {
				continue
			}
			if got := e.StartsAtLocal.OnPaper().Add(-lastOnset(rt, text, e.StartsAtLocal)); !got.Equal(e.StartsAt) {
				rt.Fatalf("%s in %s is read as %s, want %s:\n%s", e.StartsAtLocal, zone, got, e.StartsAt, text)
			}
		}
	})
}

// The standard library says of the last day of a leap year that its clock has changed before it does so next.
func TestDatesOnBothSidesOfALeapYear(t *testing.T) {
	t.Parallel()
	got := write(t, ical.Calendar{Events: []ical.Event{
		{UID: "a", ChangedAt: changed, Date: date(t, "2026-11-27T18:00:00", "2026-11-27T19:00:00", clock.Copenhagen), Status: ical.Confirmed},
		{UID: "b", ChangedAt: changed, Date: date(t, "2028-12-31T18:00:00", "2029-01-01T01:00:00", clock.Copenhagen), Status: ical.Confirmed},
		{UID: "c", ChangedAt: changed, Date: date(t, "2030-06-01T18:00:00", "2030-06-01T19:00:00", clock.Copenhagen), Status: ical.Confirmed},
	}})
	for _, want := range []string{"DTSTART:20261025T030000", "DTSTART:20281029T030000", "DTSTART:20300331T020000"} {
		if !has(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}
