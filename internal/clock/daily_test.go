package clock

import (
	"testing"
	"time"
)

func TestNextAt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		after string
		at    Daily
		want  string
	}{
		{"2026-05-01T12:00:00Z", "18:00", "2026-05-01T16:00:00Z"},
		{"2026-05-01T16:00:00Z", "18:00", "2026-05-02T16:00:00Z"}, // the present instant is not the next one
		{"2026-05-01T23:30:00Z", "08:00", "2026-05-02T06:00:00Z"}, // the clock on the wall shows tomorrow already
		{"2026-10-24T20:00:00Z", "08:00", "2026-10-25T07:00:00Z"}, // the night that is an hour longer
		{"2026-03-28T20:00:00Z", "08:00", "2026-03-29T06:00:00Z"}, // the night that is an hour shorter
		{"2026-03-28T20:00:00Z", "02:30", "2026-03-29T01:30:00Z"}, // 02:30 is skipped: the clock shows 03:30
		{"2026-10-24T20:00:00Z", "02:30", "2026-10-25T00:30:00Z"}, // 02:30 comes twice, and the first counts
	} {
		after, err := time.Parse(time.RFC3339, tc.after)
		if err != nil {
			t.Fatal(err)
		}
		if got := NextAt(after, Copenhagen, tc.at).Format(time.RFC3339); got != tc.want {
			t.Errorf("after %s the clock shows %s at %s, want %s", tc.after, tc.at, got, tc.want)
		}
	}
}

func TestTimeOfDay(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"18:00": true, "00:00": true, "23:59": true, "24:00": false, "8:00": false, "18": false, "": false, "18:00:00": false} {
		if _, err := ParseDaily(s); (err == nil) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	at := time.Date(2026, 5, 1, 22, 30, 0, 0, time.UTC)
	if Day(at, Copenhagen) != "2026-05-02" || TimeOfDay(at, Copenhagen) != "00:30" {
		t.Errorf("on the wall it is %s on %s", TimeOfDay(at, Copenhagen), Day(at, Copenhagen))
	}
}

func TestAgain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		date string
		at   Daily
		want string // empty: it comes once
	}{
		{"2026-10-25", "02:30", "2026-10-25T01:30:00Z"},
		{"2026-10-25", "03:30", ""},
		{"2026-03-29", "02:30", ""}, // skipped
		{"2026-05-01", "02:30", ""},
	} {
		at, ok := Again(tc.date, Copenhagen, tc.at)
		if ok != (tc.want != "") || ok && at.Format(time.RFC3339) != tc.want {
			t.Errorf("%s on %s comes again at %s, %t, want %q", tc.at, tc.date, at.Format(time.RFC3339), ok, tc.want)
		}
	}
}
