package event_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/inbox"
	"faellesskab/internal/optional"
	"faellesskab/internal/testkit"
)

// lateDate lets a process change an event and die, and the date not follow the event for an hour. All
// else that follows from the change is done.
func lateDate(w *ct.World, eventID string, change func(dying *ct.World) error) {
	w.T.Helper()
	crasher := testkit.NewCrasher()
	dying := w.Again(testkit.WithCrasher(crasher))
	crasher.After(2) // the record of the call, and the write that decides
	_ = change(dying)
	isHeld := false
	for eid, e := range ct.All[struct {
		Effects map[string]struct{ Kind string }
	}](w, "events", map[string]any{"_id": eventID})[0].Effects {
		if e.Kind == "event.sync" {
			w.Set(w.T.Context(), "events", eventID, map[string]any{"effects." + eid + ".notBefore": w.Clock.Now().Add(time.Hour)})
			isHeld = true
		}
	}
	if !isHeld {
		w.T.Fatal("the date follows already")
	}
	w.RunPending()
}

const lateKey = "22222222-2222-4222-8222-222222222222"

// The date of an event could not follow the event yet, so that people can still sign up for what is no
// longer so, when news of it goes out. Whoever does so before is told, and nobody can do it after.
func TestNobodySignsUpForADateBehindItsNews(t *testing.T) {
	t.Parallel()
	key := lateKey
	later, end := clock.Local("2026-05-09T19:00:00"), clock.Local("2026-05-09T22:00:00")
	for _, c := range []struct {
		news   string
		kind   string
		change func(dying *ct.World, e *event.Event) error
	}{
		{"cancelled", string(event.NoticeCancelled), func(dying *ct.World, e *event.Event) error {
			_, err := dying.Events.Cancel(dying.As("anna"), event.CancelInput{EventID: e.ID, ClientMutationID: &key})
			return err
		}},
		{"moved", string(event.NoticeMoved), func(dying *ct.World, e *event.Event) error {
			_, err := dying.Events.Update(dying.As("anna"), event.UpdateInput{EventID: e.ID, ClientMutationID: &key, StartsAt: optional.Of(later), EndsAt: optional.Of(end)})
			return err
		}},
	} {
		t.Run(c.news, func(t *testing.T) {
			t.Parallel()
			w, e := party(t, "2026-05-09T15:00")
			w.Person("cara")
			w.Person("dora")
			lateDate(w, e.ID, func(dying *ct.World) error { return c.change(dying, e) })
			w.MustAttend("cara", e.ID, 0)
			w.Clock.Advance(3 * time.Minute) // a move is told two minutes after it
			w.Fire()
			w.Drain()
			seen := w.Bookable(ct.DateOf(e.ID)).StartsAt
			_, _ = w.Attend("dora", e.ID, 0)
			w.Clock.Advance(time.Hour)
			w.RunPending()
			w.Clock.Advance(3 * time.Minute) // what the date has followed late is told then
			w.Fire()
			w.Drain()
			now := ct.Must(w.Events.Load(t.Context(), e.ID))(t)
			for _, name := range []string{"bo", "cara", "dora"} {
				isTold := slices.ContainsFunc(w.Notices(name), func(n inbox.Notice) bool { return string(n.Kind) == c.kind })
				if name != "dora" {
					if !isTold {
						t.Errorf("%s signed up before and is not told", name)
					}
					continue
				}
				if state := w.StateOf(name, e.ID); state == booking.Confirmed && (now.State == event.StateCancelled || !seen.Equal(now.StartsAt)) && !isTold {
					t.Error("dora has signed up for what is no longer so, and is not told")
				}
			}
		})
	}
}
