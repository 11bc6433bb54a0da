package course_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	"faellesskab/internal/course"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
)

// What the changes of one night say in the morning: see the table in package schedule.
func TestNothingOfANightIsForgottenOrToldTwice(t *testing.T) {
	t.Parallel()
	type edit func(s []course.SessionInput) []course.SessionInput
	six, nine := move(3, "2026-05-05T18:00:00", "2026-05-05T19:00:00"), move(3, "2026-05-05T14:00:00", "2026-05-05T15:00:00")
	hall := "Salen"
	at := func(i int) edit {
		return func(s []course.SessionInput) []course.SessionInput {
			s[i].Place = optional.Of(place.Input{Name: &hall})
			return s
		}
	}
	last := func(s []course.SessionInput) []course.SessionInput { return s[:len(s)-1] }
	var busy []edit
	for i := range 11 {
		start := clock.Local("2026-05-05T" + []string{"09", "10", "11", "12", "13"}[i%5] + ":00:00")
		busy = append(busy, move(3, start, "2026-05-05T15:00:00"))
	}
	const moved = "Kurset er ændret: Hjertestart | "
	for name, row := range map[string]struct {
		changes []edit
		want    []string
	}{
		"there, back and there again": {[]edit{six, nine, six}, []string{moved + "Ny tid: tirsdag den 5. maj kl. 18.00"}},
		"a time, then the place":      {[]edit{six, at(3)}, []string{moved + "Flyttet fra tirsdag den 5. maj kl. 14.00 til tirsdag den 5. maj kl. 18.00 · Salen", moved + "tirsdag den 5. maj kl. 18.00 · Nyt sted: Salen"}},
		"one place, then eleven times of another": {append([]edit{at(2)}, busy...),
			[]string{moved + "Ny tid: tirsdag den 5. maj kl. 9.00", moved + "mandag den 4. maj kl. 14.00 · Nyt sted: Salen"}},
		"one less and one elsewhere": {[]edit{func(s []course.SessionInput) []course.SessionInput { return last(at(2)(s)) }},
			[]string{moved + "mandag den 4. maj kl. 14.00 · Nyt sted: Salen · Udgår: tirsdag den 5. maj kl. 14.00"}},
		"the time of one and the place of another, then the time": {[]edit{func(s []course.SessionInput) []course.SessionInput {
			return move(2, "2026-05-04T18:00:00", "2026-05-04T19:00:00")(at(3)(s))
		},
			move(2, "2026-05-04T20:00:00", "2026-05-04T21:00:00")},
			[]string{moved + "Ny tid: mandag den 4. maj kl. 20.00", moved + "tirsdag den 5. maj kl. 14.00 · Nyt sted: Salen"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, staff, c := attended(t, 4)
			until(t, w, "2026-05-01T18:00")
			until(t, w, "2026-05-01T22:00")
			w.Phones.Reset()
			for _, by := range row.changes {
				change(staff, t, w, c.ID, by)
			}
			until(t, w, "2026-05-02T08:00")
			if diff := cmp.Diff(row.want, slices.Sorted(slices.Values(told(w, "bo")))); diff != "" {
				t.Errorf("bo was told (-want +got):\n%s", diff)
			}
		})
	}
}

// An app that sends no ids of sessions makes them all anew. People hear of none that they know.
func TestSessionsUnderOtherIDsAreNoNews(t *testing.T) {
	t.Parallel()
	w, staff, c := attended(t, 3)
	change(staff, t, w, c.ID, func(s []course.SessionInput) []course.SessionInput {
		for i := range s {
			s[i].ID = nil
		}
		return s
	})
	if got := told(w, "bo"); len(got) != 0 {
		t.Errorf("bo was told %q", got)
	}
	change(staff, t, w, c.ID, func(s []course.SessionInput) []course.SessionInput {
		for i := range s {
			s[i].ID = nil
		}
		return move(1, "2026-05-03T18:00:00", "2026-05-03T19:00:00")(s)
	})
	want := []string{"Kurset er ændret: Hjertestart | Ny kursusgang: søndag den 3. maj kl. 18.00 · Udgår: søndag den 3. maj kl. 14.00"}
	if diff := cmp.Diff(want, told(w, "bo")); diff != "" {
		t.Errorf("bo was told (-want +got):\n%s", diff)
	}
}
