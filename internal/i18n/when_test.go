package i18n

import (
	"slices"
	"strings"
	"testing"

	"faellesskab/internal/clock"
)

// at is a moment by the clock on the wall of a zone.
func at(t *testing.T, local clock.Local, zone clock.Zone) clock.Moment {
	t.Helper()
	instant, err := local.In(zone)
	if err != nil {
		t.Fatal(err)
	}
	return clock.Moment{At: instant, Zone: zone}
}

func TestDatesAsPeopleSayThem(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-11-26T12:00:00", clock.Copenhagen).At
	for _, tc := range []struct {
		local           clock.Local
		danish, english string
	}{
		{"2026-12-01T18:00:00", "tirsdag den 1. december kl. 18.00", "Tuesday 1 December at 18:00"},
		{"2027-03-08T09:05:00", "mandag den 8. marts kl. 9.05", "Monday 8 March at 09:05"},
		{"2027-05-22T00:00:59", "lørdag den 22. maj kl. 0.00", "Saturday 22 May at 00:00"},
		{"2026-11-26T00:30:00", "torsdag den 26. november kl. 0.30", "Thursday 26 November at 00:30"},
		{"2027-11-25T23:59:00", "torsdag den 25. november kl. 23.59", "Thursday 25 November at 23:59"},
		{"2027-11-26T00:00:00", "fredag den 26. november 2027 kl. 0.00", "Friday 26 November 2027 at 00:00"},
		{"2028-02-29T12:30:00", "tirsdag den 29. februar 2028 kl. 12.30", "Tuesday 29 February 2028 at 12:30"},
		{"2025-11-27T18:00:00", "torsdag den 27. november kl. 18.00", "Thursday 27 November at 18:00"},
		{"2025-11-26T18:00:00", "onsdag den 26. november 2025 kl. 18.00", "Wednesday 26 November 2025 at 18:00"},
	} {
		for l, want := range map[Language]string{Danish: tc.danish, English: tc.english} {
			if got := (Reader{l, clock.Copenhagen, now}).When(at(t, tc.local, clock.Copenhagen)); got != want {
				t.Errorf("%s %q: got %q, want %q", l, tc.local, got, want)
			}
		}
	}
}

// The reader's clock decides, and where it is, both are said if they differ.
func TestTimesSayByWhoseClock(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-05-01T12:00:00", clock.Copenhagen).At
	for _, tc := range []struct {
		where           clock.Zone // empty: nowhere
		local           clock.Local
		reader          clock.Zone
		danish, english string
	}{
		{"America/New_York", "2026-06-01T12:00:00", clock.Copenhagen,
			"mandag den 1. juni kl. 12.00 i New York (kl. 18.00 dansk tid)", "Monday 1 June at 12:00 in New York (18:00 Danish time)"},
		{"America/New_York", "2026-06-01T20:00:00", clock.Copenhagen,
			"mandag den 1. juni kl. 20.00 i New York (tirsdag den 2. juni kl. 2.00 dansk tid)", "Monday 1 June at 20:00 in New York (Tuesday 2 June at 02:00 Danish time)"},
		{clock.Copenhagen, "2026-06-01T18:00:00", "America/New_York",
			"mandag den 1. juni kl. 18.00 dansk tid (kl. 12.00 i New York)", "Monday 1 June at 18:00 Danish time (12:00 in New York)"},
		{"America/New_York", "2026-06-01T12:00:00", "America/New_York", "mandag den 1. juni kl. 12.00 i New York", "Monday 1 June at 12:00 in New York"},
		{"America/New_York", "2026-06-01T12:00:00", "America/Toronto", "mandag den 1. juni kl. 12.00 i New York", "Monday 1 June at 12:00 in New York"},
		{"America/New_York", "2026-06-01T12:00:00", "Asia/Tokyo",
			"mandag den 1. juni kl. 12.00 i New York (tirsdag den 2. juni kl. 1.00 i Tokyo)", "Monday 1 June at 12:00 in New York (Tuesday 2 June at 01:00 in Tokyo)"},
		{"Europe/Stockholm", "2026-06-01T18:00:00", clock.Copenhagen, "mandag den 1. juni kl. 18.00", "Monday 1 June at 18:00"},
		{clock.Copenhagen, "2026-06-01T18:00:00", "Europe/Oslo", "mandag den 1. juni kl. 18.00", "Monday 1 June at 18:00"},
		{"Europe/Stockholm", "2026-06-01T18:00:00", "Europe/London",
			"mandag den 1. juni kl. 18.00 i Stockholm (kl. 17.00 i London)", "Monday 1 June at 18:00 in Stockholm (17:00 in London)"},
		{"Atlantic/Faroe", "2026-06-01T18:00:00", clock.Copenhagen,
			"mandag den 1. juni kl. 18.00 på Færøerne (kl. 19.00 dansk tid)", "Monday 1 June at 18:00 in the Faroe Islands (19:00 Danish time)"},
		{"UTC", "2026-06-01T18:00:00", clock.Copenhagen, "mandag den 1. juni kl. 18.00 UTC (kl. 20.00 dansk tid)", "Monday 1 June at 18:00 UTC (20:00 Danish time)"},
		// The clocks differ by an hour in the weeks in which only one of them has been changed.
		{"America/New_York", "2026-10-28T12:00:00", clock.Copenhagen,
			"onsdag den 28. oktober kl. 12.00 i New York (kl. 17.00 dansk tid)", "Wednesday 28 October at 12:00 in New York (17:00 Danish time)"},
		{"", "2026-06-01T18:00:00", clock.Copenhagen, "mandag den 1. juni kl. 18.00", "Monday 1 June at 18:00"},
		{"", "2026-06-01T18:00:00", "America/Los_Angeles", "mandag den 1. juni kl. 9.00 i Los Angeles", "Monday 1 June at 09:00 in Los Angeles"},
		{"", "2026-06-01T02:00:00", "America/Los_Angeles", "søndag den 31. maj kl. 17.00 i Los Angeles", "Sunday 31 May at 17:00 in Los Angeles"},
	} {
		m := at(t, tc.local, tc.where.Or(clock.Copenhagen))
		m.Zone = tc.where
		for l, want := range map[Language]string{Danish: tc.danish, English: tc.english} {
			if got := (Reader{l, tc.reader, now}).When(m); got != want {
				t.Errorf("%s, read in %s:\n got %q\nwant %q", m, tc.reader, got, want)
			}
		}
	}
}

func TestTodayAndTomorrow(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		now, local      clock.Local
		where           clock.Zone
		danish, english string
	}{
		{"2026-06-01T06:00:00", "2026-06-01T18:00:00", clock.Copenhagen, "i dag kl. 18.00", "today at 18:00"},
		{"2026-06-01T19:00:00", "2026-06-01T18:00:00", clock.Copenhagen, "i dag kl. 18.00", "today at 18:00"},
		{"2026-05-31T18:00:00", "2026-06-01T18:00:00", clock.Copenhagen, "i morgen, mandag den 1. juni kl. 18.00", "tomorrow, Monday 1 June at 18:00"},
		{"2026-05-31T23:59:00", "2026-06-01T00:30:00", clock.Copenhagen, "i morgen, mandag den 1. juni kl. 0.30", "tomorrow, Monday 1 June at 00:30"},
		{"2026-05-30T18:00:00", "2026-06-01T18:00:00", clock.Copenhagen, "mandag den 1. juni kl. 18.00", "Monday 1 June at 18:00"},
		{"2026-06-02T08:00:00", "2026-06-01T18:00:00", clock.Copenhagen, "mandag den 1. juni kl. 18.00", "Monday 1 June at 18:00"},
		{"2026-12-31T18:00:00", "2027-01-01T12:00:00", clock.Copenhagen, "i morgen, fredag den 1. januar kl. 12.00", "tomorrow, Friday 1 January at 12:00"},
		{"2026-10-24T18:00:00", "2026-10-25T18:00:00", clock.Copenhagen, "i morgen, søndag den 25. oktober kl. 18.00", "tomorrow, Sunday 25 October at 18:00"},
		{"2026-06-01T06:00:00", "2026-06-01T12:00:00", "America/New_York", "i dag kl. 12.00 i New York (kl. 18.00 dansk tid)", "today at 12:00 in New York (18:00 Danish time)"},
		// Where it is, it is still the day before: nobody's "i dag" is meant.
		{"2026-06-01T22:00:00", "2026-06-01T20:00:00", "America/New_York",
			"mandag den 1. juni kl. 20.00 i New York (tirsdag den 2. juni kl. 2.00 dansk tid)", "Monday 1 June at 20:00 in New York (Tuesday 2 June at 02:00 Danish time)"},
	} {
		for l, want := range map[Language]string{Danish: tc.danish, English: tc.english} {
			r := Reader{l, clock.Copenhagen, at(t, tc.now, clock.Copenhagen).At}
			if got := r.Soon(at(t, tc.local, tc.where)); got != want {
				t.Errorf("at %s:\n got %q\nwant %q", tc.now, got, want)
			}
		}
	}
}

// Every zone has a name that people can read, and no name is of a zone that there is not.
func TestEveryZoneHasAName(t *testing.T) {
	t.Parallel()
	zones := clock.Zones()
	if len(zones) < 400 {
		t.Fatalf("only %d zones", len(zones))
	}
	for l, first := range map[Language][]string{Danish: {"i ", "på "}, English: {"in ", "on ", "at "}} {
		r := Reader{Language: l}
		for _, z := range zones {
			name := r.place(z)
			isOwn := z == clock.Copenhagen || z == "UTC"
			if !isOwn && !slices.ContainsFunc(first, func(p string) bool { return strings.HasPrefix(name, p) }) || strings.ContainsAny(name, "_/") || strings.HasSuffix(name, " ") {
				t.Errorf("%s is called %q", z, name)
			}
		}
		for z := range placeNames()[l.Tag().String()] {
			if !slices.Contains(zones, z) {
				t.Errorf("a name is of %s, which is no zone", z)
			}
		}
	}
	for z, want := range map[clock.Zone]string{clock.Copenhagen: "dansk tid", "Europe/Rome": "i Rom", "Europe/London": "i London", "America/Los_Angeles": "i Los Angeles",
		"Europe/Vienna": "i Wien", "America/Argentina/Buenos_Aires": "i Buenos Aires", "Asia/Calcutta": "i Kolkata", "Asia/Kolkata": "i Kolkata"} {
		if got := (Reader{Language: Danish}).place(z); got != want {
			t.Errorf("%s is called %q, want %q", z, got, want)
		}
	}
}
