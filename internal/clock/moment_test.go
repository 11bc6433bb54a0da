package clock_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/clock"
)

func TestMomentsAreWrittenAndRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 1, 16, 0, 0, 0, time.UTC)
	second := time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC) // the second 02:30 of that night
	for want, m := range map[string]clock.Moment{
		"2026-06-01T12:00:00-04:00[America/New_York]":  {At: at, Zone: "America/New_York"},
		"2026-06-01T18:00:00+02:00[Europe/Copenhagen]": {At: at, Zone: clock.Copenhagen},
		"2026-10-25T02:30:00+01:00[Europe/Copenhagen]": {At: second, Zone: clock.Copenhagen},
		"2026-06-01T16:00:00Z":                         {At: at},
	} {
		if got := m.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if back, ok := clock.ParseMoment(want); !ok || back != m {
			t.Errorf("%q is read as %v, %t", want, back, ok)
		}
	}
	for _, s := range []string{"", "…", "2026-06-01T18:00:00", "2026-06-01", "2026-06-01T18:00:00+02:00[]", "2026-06-01T18:00:00+02:00[Europe/Copenhagen", "i morgen"} {
		if m, ok := clock.ParseMoment(s); ok {
			t.Errorf("%q is read as %v", s, m)
		}
	}
	// A newer version may know more zones. The instant is as good without one.
	if m, ok := clock.ParseMoment("2026-06-01T18:00:00+02:00[Europe/Atlantis]"); !ok || m != (clock.Moment{At: at}) {
		t.Errorf("in a zone that only a newer version knows it is %v, %t", m, ok)
	}
	one, two := clock.Moment{At: at, Zone: "America/New_York"}, clock.Moment{At: second}
	if got := clock.ParseMoves(clock.Moments([]clock.Moment{one, two})); !slices.Equal(got, []clock.Move{{To: one}, {To: two}}) {
		t.Errorf("two are read as %v", got)
	}
	moves := []clock.Move{{From: one, To: two}, {To: one}, {From: two, To: one}}
	if got := clock.ParseMoves(clock.Moves(moves) + " …"); !slices.Equal(got, moves) {
		t.Errorf("moves are read as %v", got)
	}
}
