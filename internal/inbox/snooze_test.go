package inbox_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
)

// putOff is a world in which bo has put off the news of an event three days ahead, which was pushed once.
func putOff(t *testing.T, until time.Duration) (w *ct.World, e *event.Event, noticeID string) {
	t.Helper()
	w, g := club(t, "bo")
	e = later(w, g)
	work(w)
	noticeID = inbox.NoticeID(ct.PersonID("bo"), e.ID+":published:2")
	w.Phones.Reset()
	w.Clock.Advance(time.Minute)
	later(w, g) // something newer
	work(w)
	w.Phones.Reset()
	snooze(w, noticeID, until)
	return w, e, noticeID
}

func snooze(w *ct.World, noticeID string, in time.Duration) *inbox.Notice {
	w.T.Helper()
	until := w.Clock.Now().Add(in)
	return ct.Must(w.Inbox.Snooze(w.As("bo"), inbox.SnoozeInput{NoticeID: noticeID, Until: &until}))(w.T)
}

// What is put off is not unread until it comes back: then it is the newest of the inbox, and pushed once, in quiet
// hours and beyond the pushes of the day too.
func TestWhatIsPutOffComesBack(t *testing.T) {
	t.Parallel()
	w, _, noticeID := putOff(t, 10*time.Hour) // at night
	ct.Must(w.Inbox.MarkAllRead(w.As("bo"), inbox.MarkAllReadInput{Before: w.Clock.Now()}))(t)
	bo := w.As("bo")
	n := ct.Must(w.Inbox.ByIDs(bo, []string{noticeID}))(t)[noticeID]
	if n.Unread || n.ReadAt == nil || n.SnoozedUntil() == nil {
		t.Errorf("put off, it is unread %t, read at %v, put off until %v", n.Unread, n.ReadAt, n.SnoozedUntil())
	}
	if unread := ct.Must(w.Inbox.UnreadCount(bo))(t); unread != 0 {
		t.Errorf("%d unread", unread)
	}
	w.Clock.Advance(10*time.Hour - time.Second)
	work(w)
	wantPushed(t, w)
	w.Clock.Advance(time.Second)
	work(w)
	work(w)
	wantPushed(t, w, "bo")
	if ids := finds(bo, w, nil); len(ids) != 2 || ids[0] != noticeID {
		t.Errorf("the inbox has %v, want %s first", ids, noticeID)
	}
	n = ct.Must(w.Inbox.ByIDs(bo, []string{noticeID}))(t)[noticeID]
	if !n.Unread || n.SnoozedUntil() != nil || n.Rule != notify.RuleSnoozed {
		t.Errorf("come back, it is unread %t, put off until %v, by %s", n.Unread, n.SnoozedUntil(), n.Rule)
	}
	if unread := ct.Must(w.Inbox.UnreadCount(bo))(t); unread != 1 {
		t.Errorf("come back: %d unread", unread)
	}
}

// What has ended, been muted or been put off anew meanwhile rings at no time of which that is so.
func TestWhatIsPutOffRingsOnlyIfItIsStillWanted(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		do     func(w *ct.World, e *event.Event, noticeID string)
		pushed int
		unread int
	}{
		"nothing": {func(*ct.World, *event.Event, string) {}, 1, 2},
		"the event is off": {func(w *ct.World, e *event.Event, _ string) {
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(w.T)
		}, 0, 1},
		"muted": {func(w *ct.World, e *event.Event, _ string) {
			ct.Must(w.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: e.ID}))(w.T)
		}, 0, 2},
		"put off for longer":  {func(w *ct.World, _ *event.Event, noticeID string) { snooze(w, noticeID, 20*time.Hour) }, 0, 1},
		"put off for a while": {func(w *ct.World, _ *event.Event, noticeID string) { snooze(w, noticeID, time.Hour) }, 1, 2},
		"read": {func(w *ct.World, _ *event.Event, noticeID string) {
			ct.Must(w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{NoticeID: noticeID, By: inbox.ByOpening}))(w.T)
		}, 1, 2},
		"brought back at once": {func(w *ct.World, _ *event.Event, noticeID string) {
			ct.Must(w.Inbox.Snooze(w.As("bo"), inbox.SnoozeInput{NoticeID: noticeID}))(w.T)
		}, 0, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e, noticeID := putOff(t, 2*time.Hour)
			row.do(w, e, noticeID)
			w.Clock.Advance(2 * time.Hour)
			work(w)
			pushed := 0
			for _, p := range w.Phones.Pushes() {
				if p.Device == "bo" && len(p.Removes) == 0 {
					pushed++
				}
			}
			if unread := ct.Must(w.Inbox.UnreadCount(w.As("bo")))(t); pushed != row.pushed || unread != row.unread {
				t.Errorf("%d pushes and %d unread, want %d and %d", pushed, unread, row.pushed, row.unread)
			}
		})
	}
}

func TestWhatCannotBePutOff(t *testing.T) {
	t.Parallel()
	w, e, noticeID := putOff(t, time.Hour)
	try := func(name string, in time.Duration) error {
		until := w.Clock.Now().Add(in)
		_, err := w.Inbox.Snooze(w.As(name), inbox.SnoozeInput{NoticeID: noticeID, Until: &until})
		return err
	}
	ct.WantKind(t, try("anna", time.Hour), fault.KindNotFound)
	ct.WantKey(t, try("bo", -time.Second), "time.past")
	ct.WantKey(t, try("bo", 31*24*time.Hour), "notice.snooze.long")
	ct.WantKey(t, try("bo", 80*time.Hour), "notice.snooze.late")
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	ct.WantKey(t, try("bo", time.Hour), "notice.snooze.over")
}

// A summary is put off like any other notice.
func TestASummaryIsPutOff(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	bo := w.As("bo")
	ct.Must(w.Groups.SetNotifications(bo, group.NotificationsInput{GroupID: g.ID, Level: notify.LevelSummary}))(t)
	later(w, g)
	work(w)
	until(t, w, "2026-05-01T18:00")
	work(w)
	list := ct.Must(w.Inbox.Find(bo, &inbox.Filter{Kinds: []notify.Kind{notify.KindSummary}}, page.Args{First: 5}))(t)
	if len(list.Edges) != 1 {
		t.Fatalf("bo has %d summaries", len(list.Edges))
	}
	summary := list.Edges[0].Node
	unread := ct.Must(w.Inbox.UnreadCount(bo))(t)
	w.Phones.Reset()
	snooze(w, summary.ID, time.Hour)
	if n := ct.Must(w.Inbox.UnreadCount(bo))(t); n != unread-1 {
		t.Errorf("put off: %d unread of %d", n, unread)
	}
	w.Clock.Advance(time.Hour)
	work(w)
	wantPushed(t, w, "bo")
	if n := ct.Must(w.Inbox.UnreadCount(bo))(t); n != unread {
		t.Errorf("come back: %d unread of %d", n, unread)
	}
}
