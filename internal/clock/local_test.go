package clock_test

import (
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

func TestWallTimeBecomesInstant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		local clock.Local
		want  string // RFC 3339; empty: refused
	}{
		"winter":                          {"2026-12-01T18:00:00", "2026-12-01T17:00:00Z"},
		"summer":                          {"2026-07-01T18:00:00", "2026-07-01T16:00:00Z"},
		"skipped when summer time starts": {"2027-03-28T02:30:00", ""},
		"last moment before the skip":     {"2027-03-28T01:59:59", "2027-03-28T00:59:59Z"},
		"first of two when it ends":       {"2026-10-25T02:30:00", "2026-10-25T00:30:00Z"},
		"after the hour that comes twice": {"2026-10-25T03:00:00", "2026-10-25T02:00:00Z"},
		"leap day":                        {"2028-02-29T12:00:00", "2028-02-29T11:00:00Z"},
	} {
		got, err := c.local.In(clock.Copenhagen)
		if c.want == "" {
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: got %v, %v; want Invalid", name, got, err)
			}
			continue
		}
		if err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s: got %v, %v; want %s", name, got, err, c.want)
		}
		if back := clock.LocalOf(got, clock.Copenhagen); back != c.local {
			t.Errorf("%s: came back as %s", name, back)
		}
	}
}

func TestNonsenseTimesAndZonesAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "tomorrow", "2026-02-29T12:00:00", "2026-12-01T18:00:00Z", "2026-12-01", "0001-01-01T00:00:00"} {
		if _, err := clock.ParseLocal(s); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("time %q: got %v, want Invalid", s, err)
		}
	}
	for _, s := range []string{"", "Local", "Europe/Holbæk", "../etc/passwd", "CEST ", "Factory"} {
		if _, err := clock.ParseZone(s); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("zone %q: got %v, want Invalid", s, err)
		}
	}
	if l, err := clock.ParseLocal("2026-12-01T18:00"); err != nil || l != "2026-12-01T18:00:00" {
		t.Errorf("without seconds: %q, %v", l, err)
	}
}

func TestTimesThatComeTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		l    clock.Local
		z    clock.Zone
		want bool
	}{
		{"2026-10-25T02:30:00", clock.Copenhagen, true}, {"2026-10-25T01:59:59", clock.Copenhagen, false}, {"2026-10-25T03:00:00", clock.Copenhagen, false},
		{"2027-03-28T02:30:00", clock.Copenhagen, false}, {"2026-04-05T01:45:00", "Australia/Lord_Howe", true}, {"2026-10-25T02:30:00", "UTC", false},
	} {
		if got := c.l.IsTwice(c.z); got != c.want {
			t.Errorf("%s in %s: %t", c.l, c.z, got)
		}
	}
}
