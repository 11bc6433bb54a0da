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

func TestAStartTakesTheEndAlong(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	d := copenhagen("2026-03-28T22:00:00", "2026-03-28T23:30:00").Date(&p, "input", schedule.Limits{Longest: 24 * time.Hour})
	for start, end := range map[clock.Local]clock.Local{
		"2026-03-27T10:00:00": "2026-03-27T11:30:00",
		"2026-03-29T01:00:00": "2026-03-29T03:30:00", // the clock is put forward in between
		"2026-03-29T02:30:00": "2026-03-28T23:30:00", // there is no such start
	} {
		if got := d.StartingAt(start, clock.Copenhagen); got != copenhagen(start, end) {
			t.Errorf("from %s it is %v, want an end at %s", start, got, end)
		}
	}
}
