package inbox_test

import (
	"fmt"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// Notices are kept for a year. Those that were never shown are kept for 90 days, as is
// the ledger.
func TestNoticesAreForgottenInTheEnd(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	dropped := []notify.ReminderOffset{}
	put(w, "cara", func(s *notify.Settings) { s.Offsets = &dropped })
	e := publishAt(w, g, copenhagen(t, "2026-05-03T12:00"))
	w.MustAttend("bo", e.ID, 0)
	w.MustAttend("cara", e.ID, 0)
	work(w)
	until(t, w, "2026-05-03T10:00")
	work(w) // bo is reminded, and cara's reminder is dropped
	visible := func(name string) (seen, hidden int) {
		t.Helper()
		for _, n := range w.Notices(name) {
			if n.Hidden {
				hidden++
			} else {
				seen++
			}
		}
		return seen, hidden
	}
	purge := func() {
		t.Helper()
		if err := w.Inbox.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	seen, hidden := visible("cara")
	if seen == 0 || hidden == 0 {
		t.Fatalf("cara has %d notices and %d hidden ones: nothing is tested", seen, hidden)
	}
	w.Clock.Advance(89 * 24 * time.Hour)
	purge()
	if s, h := visible("cara"); s != seen || h != hidden {
		t.Errorf("after 89 days cara has %d notices and %d hidden ones", s, h)
	}
	w.Clock.Advance(3 * 24 * time.Hour)
	purge()
	if s, h := visible("cara"); s != seen || h != 0 {
		t.Errorf("after 92 days cara has %d notices and %d hidden ones", s, h)
	}
	if lines := w.Count("notice_ledger"); lines != 0 {
		t.Errorf("%d lines of the ledger are left", lines)
	}
	w.Clock.Advance(275 * 24 * time.Hour)
	purge()
	if n := w.Count("notices"); n != 0 {
		t.Errorf("after a year %d notices are left: %+v", n, ct.All[inbox.Notice](w, "notices", nil))
	}
}

// A mute holds until the person ends it. If there are too many, a new one is refused,
// and no old one goes.
func TestNoMuteIsUndoneByAnother(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	muted := map[string]time.Time{}
	for i := range 200 {
		muted[fmt.Sprint("evt_", i)] = ct.Noon.Add(time.Duration(i) * time.Minute)
	}
	put(w, "bo", func(s *notify.Settings) { s.MutedThreads = muted })
	e := later(w, g)
	_, err := w.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: e.ID})
	ct.WantKey(t, err, "settings.many")
	s := ct.Must(w.Settings.Get(w.As("bo")))(t)
	if n := len(s.ThreadIDs()); n != 200 {
		t.Errorf("%d are muted", n)
	}
	w.Clock.Advance(800 * 24 * time.Hour)
	e = later(w, g)
	s = ct.Must(w.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: e.ID}))(t)
	if ids := s.ThreadIDs(); len(ids) != 1 || ids[0] != e.ID {
		t.Errorf("what was muted two years ago still is: %v", ids)
	}
}
