package clock_test

import (
	"sort"
	"testing"
	"time"

	"faellesskab/internal/clock"
)

// changesOf are the instants from which the clock of a zone is put forward or back in some years.
func changesOf(z clock.Zone, from, until int) []time.Time {
	const step = 24 * time.Hour
	offset := func(at time.Time) int { _, seconds := z.At(at).Zone(); return seconds }
	var list []time.Time
	for at := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < until; at = at.Add(step) {
		if offset(at) == offset(at.Add(step)) {
			continue
		}
		minutes := sort.Search(int(step/time.Minute), func(n int) bool { return offset(at.Add(time.Duration(n)*time.Minute)) != offset(at) })
		list = append(list, at.Add(time.Duration(minutes)*time.Minute))
	}
	return list
}

// Whatever a zone does with its clock, a time is the first instant at which the clock shows it, and a time
// that the clock never shows is refused, and counts as one that is as much later as the clock is put forward.
func TestEveryChangeOfEveryClock(t *testing.T) {
	t.Parallel()
	const step = 15 * time.Minute
	for _, z := range clock.Zones() {
		for _, change := range changesOf(z, 2024, 2028) {
			first, second := map[clock.Local]time.Time{}, map[clock.Local]time.Time{}
			for at := change.Add(-6 * time.Hour); at.Before(change.Add(6 * time.Hour)); at = at.Add(step) {
				if l := clock.LocalOf(at, z); first[l].IsZero() {
					first[l] = at
				} else {
					second[l] = at
				}
			}
			begin := clock.LocalOf(change.Add(-3*time.Hour), z)
			for d := time.Duration(0); d < 6*time.Hour; d += step {
				l := begin.Plus(d)
				at, err := l.In(z)
				if want := first[l]; !at.Equal(want) || (err != nil) != want.IsZero() {
					t.Errorf("%s shows %s at %s (%v), want %s", z, l, at, err, want)
				}
				day, timeOfDay := string(l[:10]), clock.Daily(l[11:16])
				again, ok := clock.Again(day, z, timeOfDay)
				if want := second[l]; ok != !want.IsZero() || ok && !again.Equal(want) {
					t.Errorf("%s shows %s again at %s (%t), want %s", z, l, again, ok, want)
				}
				if !first[l].IsZero() {
					continue
				}
				shown := l.Shown(z)
				_, before := z.At(change.Add(-time.Second)).Zone()
				_, after := z.At(change).Zone()
				if want := l.Plus(time.Duration(after-before) * time.Second); shown != want {
					t.Errorf("%s is put forward past %s to %s, want %s", z, l, shown, want)
				}
			}
		}
	}
}
