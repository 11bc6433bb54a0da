package event_test

import (
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/schedule"
)

// One date is moved by itself and stays so when all are renamed and moved; a date that was left out does not come back
// (known breaks 5 to 8), and who has signed up is told once.
func TestASeriesIsEditedAsPreviewed(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for _, name := range []string{"bo", "cara", "dora"} {
		w.Person(name)
	}
	e, dates := weekly(t, w)
	edit := func(in event.UpdateInput) error {
		in.EventID = e.ID
		p := ct.Must(w.Events.PreviewEdit(w.As("anna"), in))(t)
		in.PlanToken = &p.PlanToken
		_, err := w.Events.Update(w.As("anna"), in)
		return err
	}
	this, all, wrong := event.ScopeThis, event.ScopeAll, "stale"
	later := clock.Local("2026-05-17T18:00:00")
	if _, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of("Strik")}); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("without a scope: %v", err)
	}
	if _, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Scope: &all, PlanToken: &wrong, Title: optional.Of("Strik")}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("with a stale token: %v", err)
	}
	if err := edit(event.UpdateInput{Scope: &this, OccurrenceID: &dates[1].ID, StartsAt: optional.Of(later)}); err != nil {
		t.Fatal(err)
	}
	if got, want := startsOf(datesOf(t, w, e.ID)), "9 May 15:00, 17 May 18:00, 23 May 15:00, 30 May 15:00"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if err := edit(event.UpdateInput{Scope: &all, Recurrence: &schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=4", ExceptDates: []clock.Local{"2026-05-23T15:00:00"}}}); err != nil {
		t.Fatal(err)
	}
	if err := edit(event.UpdateInput{Scope: &all, Title: optional.Of("Strik"), StartsAt: optional.Of(clock.Local("2026-05-09T15:30:00"))}); err != nil {
		t.Fatal(err)
	}
	now := datesOf(t, w, e.ID)
	if got, want := startsOf(now), "9 May 15:30, 17 May 18:00, 30 May 15:30"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if now[0].ID != dates[0].ID || now[1].ID != dates[1].ID || now[0].Title != "Strik" || now[1].Title != "Strik" {
		t.Errorf("other dates, or names: %+v", now)
	}
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	w.Drain()
	for _, name := range []string{"bo", "cara"} {
		n := 0
		for _, notice := range w.Notices(name) {
			if notice.Kind == event.NoticeMoved {
				n++
			}
		}
		if n == 0 {
			t.Errorf("%s is not told", name)
		}
	}
}
