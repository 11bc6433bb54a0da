package delivery_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/notify"
	"faellesskab/internal/testkit"
)

// A push counts for the day on which it comes.

// A push that was held for the morning and never came leaves its place to other news.
func TestAPushThatNeverCameIsGivenBack(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	until(t, w, "2026-05-01T22:00")
	for range 3 {
		e := later(w, g)
		work(w)
		ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
		work(w)
	}
	until(t, w, "2026-05-02T08:00")
	work(w)
	wantPushed(t, w)
	for range 3 {
		later(w, g)
		work(w)
	}
	wantPushed(t, w, "bo", "bo", "bo")
	later(w, g)
	work(w)
	wantPushed(t, w, "bo", "bo", "bo")
	if _, waiting := byChannel(w.Notices("bo")); len(waiting) != 1 {
		t.Errorf("%d wait for the summary, want the fourth", len(waiting))
	}
}

// If one of the day's pushes is given back while others stay taken, the next push takes
// its place.
func TestAGapAmongThePushesOfADayIsFilled(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	until(t, w, "2026-05-01T22:00")
	first := later(w, g)
	work(w)
	later(w, g)
	work(w)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: first.ID}))(t)
	until(t, w, "2026-05-02T08:00")
	work(w)
	wantPushed(t, w, "bo")
	later(w, g)
	work(w)
	later(w, g)
	work(w)
	wantPushed(t, w, "bo", "bo", "bo")
}

// A worker dies in the evening with a page half done, and the next worker does the page
// again in the night. That is one push of one day.
func TestAPageDoneAgainInTheNightTakesNoSecondPush(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	until(t, w, "2026-05-01T20:59")
	later(w, g)
	crasher := testkit.NewCrasher()
	dying := w.Again(testkit.WithCrasher(crasher))
	crasher.After(2) // it has written the claim and the slot
	if _, err := dying.Notifier.Expand(t.Context()); err == nil || w.Count("push_slots") != 1 {
		t.Fatalf("it died too late or too early: %v, %d slots", err, w.Count("push_slots"))
	}
	until(t, w, "2026-05-01T21:30")
	work(w)
	if n := w.Count("push_slots"); n != 1 {
		t.Errorf("%d pushes are taken", n)
	}
	until(t, w, "2026-05-02T08:00")
	work(w)
	wantPushed(t, w, "bo")
	if n := w.Notices("bo"); len(n) != 1 || n[0].Channel != notify.Push {
		t.Errorf("bo has %+v", n)
	}
}
