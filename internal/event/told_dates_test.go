package event_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
)

// weekly is a series on four Saturdays from 9 May on. Bo comes to the first two, cara to the second, and nobody to the others.
func weekly(t *testing.T, w *ct.World) (*event.Event, []*event.Occurrence) {
	t.Helper()
	g := w.Group("anna")
	w.Join(g.ID, "bo", "cara", "dora")
	e := publishedSeries(t, w, g, "2026-05-09T15:00:00", "FREQ=WEEKLY;COUNT=4")
	dates := datesOf(t, w, e.ID)
	for i, names := range [][]string{{"bo"}, {"bo", "cara"}} {
		for _, name := range names {
			ct.Must(w.Events.Attend(w.As(name), event.AttendInput{OccurrenceID: dates[i].ID}))(t)
		}
	}
	w.Drain()
	w.Phones.Reset()
	return e, dates
}

// Whoever has signed up for several dates hears once of what happens to all of them, by the soonest of theirs, and nobody
// of dates for which they have not signed up.
func TestPeopleAreToldOnceOfSeveralDates(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change   func(w *ct.World, e *event.Event) error
		bo, cara string
	}{
		"renamed": {func(w *ct.World, e *event.Event) error {
			all, in := event.ScopeAll, event.UpdateInput{EventID: e.ID, Title: optional.Of("Strik")}
			in.Scope = &all
			p, err := w.Events.PreviewEdit(w.As("anna"), in)
			if err != nil || p.PeopleTold != 2 || p.Kept() != 4 {
				t.Errorf("preview %+v: %v", p, err)
			}
			in.PlanToken = &p.PlanToken
			_, err = w.Events.Update(w.As("anna"), in)
			return err
		}, "", ""},
		"cancelled": {func(w *ct.World, e *event.Event) error {
			_, err := w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID})
			return err
		}, "Haven: Sygruppe er aflyst | Skulle have været lørdag den 9. maj kl. 15.00. Også andre af dine datoer er aflyst.",
			"Haven: Sygruppe er aflyst | Skulle have været lørdag den 16. maj kl. 15.00."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			for _, name := range []string{"bo", "cara", "dora"} {
				w.Person(name)
				w.Phone(name, name)
			}
			e, _ := weekly(t, w)
			if err := row.change(w, e); err != nil {
				t.Fatal(err)
			}
			w.Clock.Advance(3 * time.Minute)
			w.Fire()
			w.Drain()
			heard := map[string][]string{}
			for _, p := range w.Phones.Pushes() {
				heard[p.Device] = append(heard[p.Device], p.Title+" | "+p.Body)
			}
			for _, c := range []struct{ name, want string }{{"bo", row.bo}, {"cara", row.cara}, {"dora", ""}} {
				n := 0
				for _, notice := range w.Notices(c.name) {
					if notice.Kind == event.NoticeChanged || notice.Kind == event.NoticeCancelled {
						n++
					}
				}
				if want := 1; n != want && c.name != "dora" || n != 0 && c.name == "dora" {
					t.Errorf("%s has %d notices", c.name, n)
				}
				if pushes := heard[c.name]; c.want != "" && (len(pushes) != 1 || pushes[0] != c.want) || c.want == "" && len(pushes) > 0 {
					t.Errorf("%s reads %q, want %q", c.name, pushes, c.want)
				}
			}
		})
	}
}
