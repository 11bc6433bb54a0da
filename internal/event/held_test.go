package event_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
)

// News that is held until the morning tells the facts of the morning.

// change changes an event of anna's and lets the two minutes pass.
func change(t *testing.T, w *ct.World, e *event.Event, in event.UpdateInput) {
	t.Helper()
	in.EventID = e.ID
	ct.Must(w.Events.Update(w.As("anna"), in))(t)
	w.Clock.Advance(2 * time.Minute)
	w.Fire()
	w.Drain()
}

func TestAReminderOfAnOldStartIsNotPushed(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-03T09:30")
	until(t, w, "2026-05-02T18:00")
	until(t, w, "2026-05-03T07:30") // two hours before the start; the reminder is held until eight
	told(w, "bo")
	until(t, w, "2026-05-03T07:40")
	start, end := clock.Local("2026-05-03T11:30:00"), clock.Local("2026-05-03T13:00:00")
	change(t, w, e, event.UpdateInput{StartsAt: optional.Of(start), EndsAt: optional.Of(end)})
	wantTold(t, w, "bo", "Haven: Fest er flyttet | Ny tid: søndag den 3. maj kl. 11.30 · Før: søndag den 3. maj kl. 9.30")
	until(t, w, "2026-05-03T08:00")
	wantTold(t, w, "bo")
	until(t, w, "2026-05-03T09:30")
	wantTold(t, w, "bo", "Husk Fest | i dag kl. 11.30")
}

// nightly is an event that was published at 22:00, so that bo hears of it in the morning.
func nightly(t *testing.T, local string) (*ct.World, *event.Event) {
	t.Helper()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.Phone("bo", "bo")
	until(t, w, "2026-05-01T22:00")
	e := w.PublishedAt("anna", g.ID, at(t, local), nil)
	w.Drain()
	until(t, w, "2026-05-01T22:05")
	return w, e
}

func TestWhatIsPublishedAtNightIsToldAsItIsInTheMorning(t *testing.T) {
	t.Parallel()
	w, e := nightly(t, "2026-05-03T15:00")
	start, end := clock.Local("2026-05-03T18:00:00"), clock.Local("2026-05-03T19:00:00")
	title, hall := "Sommerfest", "Salen"
	change(t, w, e, event.UpdateInput{StartsAt: optional.Of(start), EndsAt: optional.Of(end), Title: optional.Of(title), Place: optional.Of(place.Input{Name: &hall})})
	until(t, w, "2026-05-02T08:00")
	wantTold(t, w, "bo", "Haven: Sommerfest | søndag den 3. maj kl. 18.00 · Salen")
	if _, body := w.Read("bo", w.Notices("bo")[0]); body != "søndag den 3. maj kl. 18.00 · Salen" {
		t.Errorf("the inbox says %q", body)
	}
}

func TestWhatHasBegunMeanwhileIsNotPushed(t *testing.T) {
	t.Parallel()
	w, e := nightly(t, "2026-05-02T10:00")
	start := clock.Local("2026-05-02T07:30:00")
	change(t, w, e, event.UpdateInput{StartsAt: optional.Of(start)})
	until(t, w, "2026-05-02T08:00")
	wantTold(t, w, "bo")
	if n := w.Notices("bo"); len(n) != 1 || n[0].Rule != notify.RuleOver {
		t.Errorf("bo's notices are %+v", n)
	}
}

// Of several changes in one night each novelty is told once, by the last change that made
// it.
func TestOfTheChangesOfANightTheLastAreTold(t *testing.T) {
	t.Parallel()
	six, seven, eight := clock.Local("2026-05-09T18:00:00"), clock.Local("2026-05-09T19:00:00"), clock.Local("2026-05-09T20:00:00")
	three, five, ten := clock.Local("2026-05-09T15:00:00"), clock.Local("2026-05-09T17:00:00"), clock.Local("2026-05-09T22:00:00")
	title, text, hall, barn := "Sommerfest", "Tag en ret med.", "Salen", "Laden"
	to := func(start, end clock.Local) event.UpdateInput {
		return event.UpdateInput{StartsAt: optional.Of(start), EndsAt: optional.Of(end)}
	}
	at := func(name *string) event.UpdateInput {
		return event.UpdateInput{Place: optional.Of(place.Input{Name: name})}
	}
	for name, row := range map[string]struct {
		changes []event.UpdateInput
		want    []string
	}{
		"moved twice":           {[]event.UpdateInput{to(six, eight), to(seven, ten)}, []string{"Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 19.00"}},
		"moved back":            {[]event.UpdateInput{to(six, eight), to(three, five)}, []string{"Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 15.00"}},
		"two places":            {[]event.UpdateInput{at(&hall), at(&barn)}, []string{"Haven: Fest er flyttet | lørdag den 9. maj kl. 15.00 · Nyt sted: Laden"}},
		"the end and the start": {[]event.UpdateInput{{EndsAt: optional.Of(eight)}, to(six, ten)}, []string{"Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 18.00 · Før: lørdag den 9. maj kl. 15.00"}},
		"then another name":     {[]event.UpdateInput{to(six, eight), {Title: optional.Of(title)}}, []string{"Haven: Sommerfest er flyttet | Ny tid: lørdag den 9. maj kl. 18.00 · Før: lørdag den 9. maj kl. 15.00"}},
		"then another text":     {[]event.UpdateInput{to(six, eight), {Description: optional.Of(text)}}, []string{"Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 18.00 · Før: lørdag den 9. maj kl. 15.00"}},
		"time and place, then the time": {[]event.UpdateInput{{StartsAt: optional.Of(six), EndsAt: optional.Of(eight), Place: optional.Of(place.Input{Name: &hall})}, to(seven, ten)}, []string{
			"Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 19.00 · Salen",
			"Haven: Fest er flyttet | lørdag den 9. maj kl. 19.00 · Nyt sted: Salen"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := party(t, "2026-05-09T15:00")
			until(t, w, "2026-05-01T22:00")
			for _, in := range row.changes {
				change(t, w, e, in)
			}
			wantTold(t, w, "bo")
			until(t, w, "2026-05-02T08:00")
			if diff := cmp.Diff(row.want, slices.Sorted(slices.Values(told(w, "bo")))); diff != "" {
				t.Errorf("bo was told (-want +got):\n%s", diff)
			}
		})
	}
}

// If an offer's deadline moves earlier in the night, people are told the new one.
func TestAShortenedOfferIsToldWithItsDeadline(t *testing.T) {
	t.Parallel()
	w, e := full(t, "2026-05-09T15:00")
	until(t, w, "2026-05-01T23:30")
	leave(t, w, "bo", e)
	start, end := clock.Local("2026-05-02T22:15:00"), clock.Local("2026-05-02T23:00:00")
	change(t, w, &event.Event{ID: e}, event.UpdateInput{StartsAt: optional.Of(start), EndsAt: optional.Of(end)})
	until(t, w, "2026-05-02T08:00")
	got := told(w, "cara")
	if want := "Der er en plads til dig: Fest | Sig ja senest lørdag den 2. maj kl. 10.15, ellers går pladsen videre."; !slices.Contains(got, want) {
		t.Errorf("cara was told %q, want %q", got, want)
	}
}
