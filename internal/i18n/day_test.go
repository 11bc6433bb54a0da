package i18n

import (
	"testing"

	"faellesskab/internal/clock"
)

// Of what lasts whole days, no time of day is said, and the day is that of where it is.
func TestWholeDaysAsPeopleSayThem(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-08-13T23:30:00", clock.Copenhagen).At
	day := func(local clock.Local, zone clock.Zone) clock.Moment {
		m := at(t, local, zone)
		m.IsDay = true
		again, ok := clock.ParseMoment(m.String())
		if !ok || again != (clock.Moment{At: m.At.UTC(), Zone: m.Zone, IsDay: true}) {
			t.Errorf("%s is read as %+v", m, again)
		}
		return again
	}
	for _, c := range []struct {
		m                           clock.Moment
		when, soon, english, soonEn string
	}{
		{day("2026-08-13T00:00:00", clock.Copenhagen), "torsdag den 13. august", "i dag", "Thursday 13 August", "today"},
		{day("2026-08-14T00:00:00", clock.Copenhagen), "fredag den 14. august", "i morgen, fredag den 14. august", "Friday 14 August", "tomorrow, Friday 14 August"},
		{day("2026-08-14T00:00:00", "America/New_York"), "fredag den 14. august", "i morgen, fredag den 14. august", "Friday 14 August", "tomorrow, Friday 14 August"},
		{day("2026-08-16T00:00:00", clock.Copenhagen), "søndag den 16. august", "søndag den 16. august", "Sunday 16 August", "Sunday 16 August"},
	} {
		da, en := Reader{Danish, clock.Copenhagen, now}, Reader{English, clock.Copenhagen, now}
		if da.When(c.m) != c.when || da.Soon(c.m) != c.soon || en.When(c.m) != c.english || en.Soon(c.m) != c.soonEn {
			t.Errorf("%s: %q, %q, %q, %q", c.m, da.When(c.m), da.Soon(c.m), en.When(c.m), en.Soon(c.m))
		}
	}
}
