package schedule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/schedule"
)

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := clock.ParseInstant(s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// copenhagen is a date in the municipality.
func copenhagen(start, end clock.Local) schedule.Wall {
	return schedule.Wall{StartsAt: start, EndsAt: end, TimeZone: clock.Copenhagen}
}

func TestInstantsFollowTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		wall       schedule.Wall
		start, end string
	}{
		"in winter":                                 {copenhagen("2026-12-01T18:00:00", "2026-12-01T20:00:00"), "2026-12-01T17:00:00Z", "2026-12-01T19:00:00Z"},
		"in summer":                                 {copenhagen("2026-06-01T18:00:00", "2026-06-01T20:00:00"), "2026-06-01T16:00:00Z", "2026-06-01T18:00:00Z"},
		"over the night that is an hour shorter":    {copenhagen("2026-03-28T22:00:00", "2026-03-29T06:00:00"), "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"},
		"over the night that is an hour longer":     {copenhagen("2026-10-24T22:00:00", "2026-10-25T06:00:00"), "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"},
		"an hour that comes twice, the first of it": {copenhagen("2026-10-25T02:00:00", "2026-10-25T02:30:00"), "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"},
		"on 29 February":                            {copenhagen("2028-02-29T10:00:00", "2028-02-29T11:00:00"), "2028-02-29T09:00:00Z", "2028-02-29T10:00:00Z"},
	} {
		var p fault.Problems
		got := row.wall.Date(&p, "input", schedule.Limits{Longest: 24 * time.Hour})
		want := schedule.Date{StartsAt: instant(t, row.start), EndsAt: instant(t, row.end),
			StartsAtLocal: row.wall.StartsAt, EndsAtLocal: row.wall.EndsAt, TimeZone: row.wall.TimeZone}
		if diff := cmp.Diff(want, got); diff != "" || p.Err() != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, p.Err(), diff)
		}
		if got.Wall() != row.wall {
			t.Errorf("%s: by the clock on the wall it is %v", name, got.Wall())
		}
	}
}

func TestDatesHaveLimits(t *testing.T) {
	t.Parallel()
	limits := schedule.Limits{After: instant(t, "2026-05-01T12:00:00Z"), Longest: 24 * time.Hour, TooLong: fault.Invalid("", "event.long")}
	for name, row := range map[string]struct {
		start, end clock.Local
		want       []string // the fields and keys of what is wrong
	}{
		"a day and no more":      {"2026-05-02T18:00:00", "2026-05-03T18:00:00", nil},
		"a second more":          {"2026-05-02T18:00:00", "2026-05-03T18:00:01", []string{"input.endsAt event.long"}},
		"it ends as it starts":   {"2026-05-02T18:00:00", "2026-05-02T18:00:00", []string{"input.endsAt time.order"}},
		"it starts now":          {"2026-05-01T14:00:00", "2026-05-01T15:00:00", []string{"input.startsAt time.past"}},
		"it starts in a second":  {"2026-05-01T14:00:01", "2026-05-01T15:00:00", nil},
		"a start that's skipped": {"2027-03-28T02:30:00", "2027-03-28T04:00:00", []string{"input.startsAt time.skipped"}},
		"an end that's skipped":  {"2027-03-28T01:30:00", "2027-03-28T02:30:00", []string{"input.endsAt time.skipped"}},
	} {
		var p fault.Problems
		copenhagen(row.start, row.end).Date(&p, "input", limits)
		if diff := cmp.Diff(row.want, wrong(p)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	var p fault.Problems
	copenhagen("1999-05-02T18:00:00", "1999-05-02T19:00:00").Date(&p, "input", schedule.Limits{Longest: time.Hour})
	if p.Err() != nil {
		t.Errorf("without a limit a date may be past: %v", p.Err())
	}
}

// wrong are the fields and keys of problems.
func wrong(p fault.Problems) []string {
	var list []string
	for _, problem := range p {
		list = append(list, problem.Field+" "+problem.Key)
	}
	return list
}

// A length goes by the clock on the wall, so that an evening is an evening on every night, and the
// nights on which the clock changes neither stretch nor shorten what is allowed.
func TestLengthsGoByTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		start, end clock.Local
		longest    time.Duration
		zone       clock.Zone
		isTooLong  bool
	}{
		"14 days over the October night":           {"2026-10-18T12:00:00", "2026-11-01T12:00:00", 14 * 24 * time.Hour, clock.Copenhagen, false},
		"a minute more":                            {"2026-10-18T12:00:00", "2026-11-01T12:01:00", 14 * 24 * time.Hour, clock.Copenhagen, true},
		"14 days over the March night":             {"2026-03-22T12:00:00", "2026-04-05T12:00:00", 14 * 24 * time.Hour, clock.Copenhagen, false},
		"a minute more, and fewer hours":           {"2026-03-22T12:00:00", "2026-04-05T12:01:00", 14 * 24 * time.Hour, clock.Copenhagen, true},
		"noon to noon over the October night":      {"2026-10-24T12:00:00", "2026-10-25T12:00:00", 24 * time.Hour, clock.Copenhagen, false},
		"noon to noon over the March night":        {"2026-03-28T12:00:00", "2026-03-29T12:00:00", 24 * time.Hour, clock.Copenhagen, false},
		"noon to noon over New York's night":       {"2026-10-31T12:00:00", "2026-11-01T12:00:00", 24 * time.Hour, "America/New_York", false},
		"half an hour of Lord Howe's April night":  {"2026-04-04T12:00:00", "2026-04-05T12:00:00", 24 * time.Hour, "Australia/Lord_Howe", false},
		"half an hour is skipped on Lord Howe":     {"2026-10-03T12:00:00", "2026-10-04T12:00:00", 24 * time.Hour, "Australia/Lord_Howe", false},
		"two hours come twice at Troll":            {"2026-10-24T12:00:00", "2026-10-25T12:00:00", 24 * time.Hour, "Antarctica/Troll", false},
		"over a midnight that is skipped in Cairo": {"2026-04-23T12:00:00", "2026-04-24T12:00:00", 24 * time.Hour, "Africa/Cairo", false},
		"into summer in Santiago, in September":    {"2026-09-05T12:00:00", "2026-09-06T12:00:00", 24 * time.Hour, "America/Santiago", false},
		"to an end that is skipped, and is later":  {"2027-03-14T02:30:00", "2027-03-28T03:30:00", 14 * 24 * time.Hour, clock.Copenhagen, false},
		"a minute after it":                        {"2027-03-14T02:30:00", "2027-03-28T03:31:00", 14 * 24 * time.Hour, clock.Copenhagen, true},
		"noon to noon where it is the next summer": {"2026-10-24T12:00:00", "2026-10-25T12:00:00", 24 * time.Hour, "America/New_York", false},
	} {
		var p fault.Problems
		w := schedule.Wall{StartsAt: row.start, EndsAt: row.end, TimeZone: row.zone}
		w.Date(&p, "input", schedule.Limits{Longest: row.longest, TooLong: fault.Invalid("", "event.long")})
		if got := len(wrong(p)) > 0; got != row.isTooLong {
			t.Errorf("%s: %v", name, p.Err())
		}
	}
}

func TestAStartTakesTheEndAlong(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		start, end, newStart, newEnd clock.Local
		zone                         clock.Zone
	}{
		{"2026-03-28T22:00:00", "2026-03-28T23:30:00", "2026-03-27T10:00:00", "2026-03-27T11:30:00", clock.Copenhagen},
		{"2026-03-28T22:00:00", "2026-03-28T23:30:00", "2026-03-29T01:00:00", "2026-03-29T03:30:00", clock.Copenhagen}, // 02:30 is skipped
		{"2026-03-28T22:00:00", "2026-03-28T23:30:00", "2026-03-29T02:30:00", "2026-03-28T23:30:00", clock.Copenhagen}, // there is no such start
		{"2026-10-17T19:00:00", "2026-10-18T03:30:00", "2026-10-24T19:00:00", "2026-10-25T03:30:00", clock.Copenhagen}, // an hour more passes
		{"2026-03-21T19:00:00", "2026-03-22T03:30:00", "2026-03-28T19:00:00", "2026-03-29T03:30:00", clock.Copenhagen}, // an hour less passes
		{"2026-10-24T19:00:00", "2026-10-25T03:30:00", "2026-10-31T19:00:00", "2026-11-01T03:30:00", clock.Copenhagen}, // from the long night
		{"2026-10-17T12:00:00", "2026-10-18T12:00:00", "2026-10-24T12:00:00", "2026-10-25T12:00:00", clock.Copenhagen},
		{"2026-10-24T18:00:00", "2026-10-24T22:00:00", "2026-10-31T18:00:00", "2026-10-31T22:00:00", "America/New_York"},
		{"2026-03-07T22:00:00", "2026-03-08T01:00:00", "2026-03-07T23:30:00", "2026-03-08T03:30:00", "America/New_York"},    // 02:30 is skipped
		{"2026-09-26T22:00:00", "2026-09-27T00:15:00", "2026-10-03T23:55:00", "2026-10-04T02:40:00", "Australia/Lord_Howe"}, // 02:10 is skipped, by half an hour
		{"2026-03-28T19:00:00", "2026-03-29T01:45:00", "2026-04-04T19:00:00", "2026-04-05T01:45:00", "Australia/Lord_Howe"}, // half an hour more passes
		{"2026-04-16T20:00:00", "2026-04-17T00:30:00", "2026-04-23T20:00:00", "2026-04-24T01:30:00", "Africa/Cairo"},        // 00:30 is skipped
		{"2027-03-07T02:30:00", "2027-03-21T02:30:00", "2027-03-14T02:30:00", "2027-03-28T03:30:00", clock.Copenhagen},      // the longest that there is
	} {
		var p fault.Problems
		d := schedule.Wall{StartsAt: row.start, EndsAt: row.end, TimeZone: row.zone}.Date(&p, "input", schedule.Limits{Longest: 14 * 24 * time.Hour})
		want := schedule.Wall{StartsAt: row.newStart, EndsAt: row.newEnd, TimeZone: row.zone}
		if got := d.StartingAt(row.newStart, row.zone); got != want || p.Err() != nil {
			t.Errorf("from %s it is %v (%v), want an end at %s", row.newStart, got, p.Err(), row.newEnd)
		}
	}
}
