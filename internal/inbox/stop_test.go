package inbox_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// Whatever stopping a reason has muted, the same key undoes it, and what was chosen before is chosen again.
func TestEveryStopHasItsUndo(t *testing.T) {
	t.Parallel()
	type world struct {
		*ct.World
		g *group.Group
		e *event.Event
	}
	level := func(w *world) notify.Level {
		_, p := w.Person("bo")
		return p.Groups[w.g.ID].Level
	}
	for name, row := range map[string]struct {
		arrange func(w *world) // brings bo one notice more
		reason  notify.ReasonKind
		muted   func(w *world, s *notify.Settings) bool
		text    string
	}{
		"a membership": {func(w *world) {
			ct.Must(w.Groups.SetNotifications(w.As("bo"), group.NotificationsInput{GroupID: w.g.ID, Level: notify.LevelSummary}))(w.T)
			later(w.World, w.g)
		}, notify.ReasonGroupMember, func(w *world, _ *notify.Settings) bool { return level(w) != notify.LevelSummary }, "Fordi du er medlem af Haven"},
		"a booking": {func(w *world) {
			w.e = later(w.World, w.g)
			w.MustAttend("bo", w.e.ID, 0)
			w.Drain()
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: w.e.ID}))(w.T)
		}, notify.ReasonBooking, func(w *world, s *notify.Settings) bool { return len(s.ThreadIDs()) > 0 }, "Fordi du er tilmeldt Fællesspisning"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of, g := club(t, "bo")
			w := &world{of, g, nil}
			bo := w.As("bo")
			row.arrange(w)
			work(w.World)
			var in inbox.StopReasonInput
			for _, n := range w.Notices("bo") {
				for _, r := range n.Reasons {
					if r.Kind == row.reason {
						in = inbox.StopReasonInput{NoticeID: n.ID, ReasonKey: r.Key()}
					}
				}
			}
			s := ct.Must(w.Settings.StopReason(bo, in))(t)
			ct.Must(w.Settings.StopReason(bo, in))(t) // once more
			stopped := ct.Must(w.Settings.Stopped(bo, s, in.ReasonKey))(t)
			if stopped == nil || !row.muted(w, s) {
				t.Fatalf("stopped: %v, muted: %t", stopped, row.muted(w, s))
			}
			inDanish := auth.WithViewer(bo, auth.Viewer{PersonID: ct.PersonID("bo"), Language: i18n.Danish})
			if got := stopped.Text(inDanish); got != row.text || stopped.UndoText(inDanish) != "Slå til igen" {
				t.Errorf("stopped is %q, with the undo %q", got, stopped.UndoText(inDanish))
			}
			s = ct.Must(w.Settings.ResumeReason(bo, inbox.ResumeReasonInput{ReasonKey: in.ReasonKey}))(t)
			if list := ct.Must(w.Settings.StoppedReasons(bo, s))(t); len(list) != 0 || row.muted(w, s) {
				t.Errorf("undone: %v, muted: %t", list, row.muted(w, s))
			}
		})
	}
}

// What is unmuted in another way is not stopped any more, and what has never been stopped cannot be undone.
func TestWhatIsUnmutedIsNotStopped(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	bo := w.As("bo")
	later(w, g)
	work(w)
	key := notify.Reason{Kind: notify.ReasonGroupMember, Subject: g.ID}.Key()
	ct.Must(w.Settings.StopReason(bo, inbox.StopReasonInput{NoticeID: w.Notices("bo")[0].ID, ReasonKey: key}))(t)
	ct.Must(w.Groups.SetNotifications(bo, group.NotificationsInput{GroupID: g.ID, Level: notify.LevelSummary}))(t)
	s := ct.Must(w.Settings.Get(bo))(t)
	if list := ct.Must(w.Settings.StoppedReasons(bo, s))(t); len(list) != 0 {
		t.Errorf("still stopped: %v", list)
	}
	ct.Must(w.Settings.ResumeReason(bo, inbox.ResumeReasonInput{ReasonKey: key}))(t)
	if _, p := w.Person("bo"); p.Groups[g.ID].Level != notify.LevelSummary {
		t.Errorf("the level chosen since became %q", p.Groups[g.ID].Level)
	}
}
