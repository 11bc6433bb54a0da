package event_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/ical"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
)

// moveDate moves one date of a series of anna's.
func moveDate(t *testing.T, w *ct.World, o *event.Occurrence, to clock.Local) {
	t.Helper()
	this := event.ScopeThis
	in := event.UpdateInput{EventID: o.EventID, OccurrenceID: &o.ID, Scope: &this, StartsAt: optional.Of(to)}
	p := ct.Must(w.Events.PreviewEdit(w.As("anna"), in))(t)
	in.PlanToken = &p.PlanToken
	ct.Must(w.Events.Update(w.As("anna"), in))(t)
	w.RunPending()
}

// 20: news of a date that was moved names the day to which it was moved.
func TestKnownBreak20NewsNamesTheNewDay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.Phone("bo", "bo")
	until(t, w, "2026-08-01T12:00")
	e := publishedSeries(t, w, g, "2026-08-12T19:00:00", "FREQ=WEEKLY;COUNT=3")
	second := datesOf(t, w, e.ID)[1]
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: second.ID}))(t)
	w.Drain()
	w.Phones.Reset()
	moveDate(t, w, second, "2026-08-25T19:00:00")
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	w.Drain()
	wantTold(t, w, "bo", "Haven: Sygruppe er flyttet | Ny tid: tirsdag den 25. august kl. 19.00 · Før: onsdag den 19. august kl. 19.00")
	w.Phones.Reset()
	until(t, w, "2026-08-24T18:01")
	for _, text := range told(w, "bo") {
		if strings.Contains(text, "19. august") {
			t.Errorf("the reminder says %q", text)
		}
	}
}

// 23, 24: each change of time or place, and a cancellation, counts once; other changes do not.
func TestKnownBreak23TheNumberCountsChangesOfTimeAndPlace(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-09T15:00")
	last := -1
	check := func(what string, more int, change func() error) {
		t.Helper()
		if err := change(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		w.RunPending()
		list := ct.Must(w.Events.DateFile(w.As("bo"), ct.DateOf(e.ID)))(t)
		if len(list) != 1 || list[0].UID != ct.DateOf(e.ID)+"@faellesskab" || list[0].Sequence != last+more || list[0].Sequence > math.MaxInt32 {
			t.Errorf("%s: %+v, want the number %d", what, list, last+more)
		}
		last = list[0].Sequence
	}
	update := func(in event.UpdateInput) func() error {
		return func() error {
			in.EventID = e.ID
			_, err := w.Events.Update(w.As("anna"), in)
			return err
		}
	}
	check("new", 1, func() error { return nil })
	check("another title", 0, update(event.UpdateInput{Title: optional.Of("Stor fest")}))
	check("more seats", 0, update(event.UpdateInput{Capacity: optional.Of(50)}))
	check("another start", 1, update(event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-05-09T16:00:00"))}))
	check("another end", 1, update(event.UpdateInput{EndsAt: optional.Of(clock.Local("2026-05-09T19:00:00"))}))
	check("another place", 1, update(event.UpdateInput{Place: optional.Of(place.Input{Name: new("Gården")})}))
	check("the same place", 0, update(event.UpdateInput{Place: optional.Of(place.Input{Name: new("Gården")})}))
	check("a place that is known to suit more people", 0, update(event.UpdateInput{Place: optional.Of(place.Input{Name: new("Gården"), StepFree: new(true), HearingLoop: new(false)})}))
	check("cancelled", 1, func() error {
		_, err := w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID})
		return err
	})
}

// 16: a date that is brought back has its name, and a higher number.
func TestKnownBreak16ADateThatIsBroughtBackIsTheSame(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := publishedSeries(t, w, g, "2026-08-12T19:00:00", "FREQ=WEEKLY;COUNT=3")
	o := datesOf(t, w, e.ID)[1]
	file := func() ical.Event {
		t.Helper()
		w.RunPending()
		return ct.Must(w.Events.DateFile(w.As("bo"), o.ID))(t)[0]
	}
	first := file()
	if err := w.Events.CancelOccurrence(w.As("anna"), event.CancelOccurrenceInput{OccurrenceID: o.ID}); err != nil {
		t.Fatal(err)
	}
	cancelled := file()
	if err := w.Events.RestoreOccurrence(w.As("anna"), event.RestoreOccurrenceInput{OccurrenceID: o.ID}); err != nil {
		t.Fatal(err)
	}
	back := file()
	if cancelled.Status != ical.Cancelled || cancelled.Sequence <= first.Sequence || back.Status != ical.Confirmed || back.Sequence <= cancelled.Sequence || back.UID != first.UID || cancelled.UID != first.UID {
		t.Errorf("%+v, then %+v, then %+v", first, cancelled, back)
	}
}

// 30: a date that was changed alone is seen by those who see the series, and by nobody else.
func TestKnownBreak30AChangedDateIsAsVisibleAsItsSeries(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ct.Must(w.LoadAreas(t.Context()))(t)
	area := ct.Must(w.Areas.List(t.Context()))(t)[0].ID
	g := w.Group("anna", func(in *group.CreateInput) { in.AreaID = &area })
	w.Join(g.ID, "bo")
	e := publishedSeries(t, w, g, "2026-08-12T19:00:00", "FREQ=WEEKLY;COUNT=3")
	moved := datesOf(t, w, e.ID)[1]
	moveDate(t, w, moved, "2026-08-25T19:00:00")
	check := func(when string, strangers bool) {
		t.Helper()
		for name, sees := range map[string]bool{"bo": true, "cara": strangers} {
			list := ct.Must(w.Events.Feed(w.As(name), "", area, w.Clock.Now(), 100))(t)
			if n := map[bool]int{true: 3, false: 0}[sees]; len(list) != n {
				t.Errorf("%s, %s has %d dates, want %d", when, name, len(list), n)
			}
			if _, err := w.Events.DateFile(w.As(name), moved.ID); fault.Is(err, fault.KindNotFound) == sees {
				t.Errorf("%s, the moved date for %s: %v", when, name, err)
			}
		}
		if _, err := w.Events.DateFile(auth.WithViewer(t.Context(), auth.Viewer{}), moved.ID); fault.Is(err, fault.KindNotFound) == strangers {
			t.Errorf("%s, the moved date for everybody: %v", when, err)
		}
	}
	check("public", true)
	hides := group.VisibilityHidden
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(hides)}))(t)
	w.RunPending()
	check("hidden", false)
	moveDate(t, w, moved, "2026-08-26T20:00:00")
	check("changed while hidden", false)
}

// The page of a series that is over shows its last date that took place, from the moment of its end on.
func TestThePageOfASeriesThatIsOverShowsItsLastDate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := publishedSeries(t, w, g, "2026-08-12T19:00:00", "FREQ=WEEKLY;COUNT=3")
	last := datesOf(t, w, e.ID)[2]
	w.Clock.Advance(last.EndsAt.Sub(w.Clock.Now()))
	for _, when := range []string{"at once", "later"} {
		_, dates, err := w.Events.Page(auth.WithViewer(t.Context(), auth.Viewer{}), e.ID, 20)
		if err != nil || len(dates) != 1 || !dates[0].StartsAt.Equal(last.StartsAt) || !dates[0].EndsAt.Equal(last.EndsAt) {
			t.Errorf("%s: %v %+v", when, err, dates)
		}
		if err := w.Events.LookAtSeries(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.RunPending()
	}
}
