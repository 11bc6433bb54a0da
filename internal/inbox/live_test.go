package inbox_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// feed is a person who follows their inbox live.
type feed struct {
	t     *testing.T
	comes <-chan *inbox.Arrival
	leave func()
	at    string // the last cursor
}

func openFeed(t *testing.T, w *ct.World, name string, after *string) *feed {
	t.Helper()
	ctx, cancel := context.WithCancel(w.As(name))
	t.Cleanup(cancel)
	return &feed{t: t, comes: ct.Must(w.Inbox.Received(ctx, after))(t), leave: cancel}
}

// begins expects the arrival without a notice that ends the waiting ones.
func (f *feed) begins(unread int) {
	f.t.Helper()
	select {
	case a, ok := <-f.comes:
		if !ok || a.Notice != nil || a.Cursor == "" || a.UnreadNoticeCount != unread {
			f.t.Fatalf("began with %+v, want %d unread", a, unread)
		}
		f.at = a.Cursor
	case <-time.After(10 * time.Second):
		f.t.Fatal("heard nothing, want the beginning")
	}
}

// hears expects a certain notice as the next one.
func (f *feed) hears(noticeID string) {
	f.t.Helper()
	select {
	case a, ok := <-f.comes:
		if !ok || a.Notice == nil || a.Notice.ID != noticeID {
			f.t.Fatalf("heard %+v, want %s", a, noticeID)
		}
		f.at = a.Cursor
	case <-time.After(10 * time.Second):
		f.t.Fatalf("heard nothing, want %s", noticeID)
	}
}

func (f *feed) hearsNothing() {
	f.t.Helper()
	select {
	case a, ok := <-f.comes:
		if ok {
			f.t.Fatalf("heard %+v", a)
		}
	case <-time.After(100 * time.Millisecond):
	}
}

// arrives writes a notice to a person that bears an instant.
func arrives(w *ct.World, name, what string, at time.Time) string {
	w.T.Helper()
	n := inbox.Notice{ID: inbox.NoticeID(ct.PersonID(name), what), PersonID: ct.PersonID(name), Kind: event.NoticePublished,
		Words: map[string]string{}, Reasons: []notify.Reason{}, Channel: notify.Inbox, Cause: what, CreatedAt: at, Unread: true}
	if _, err := w.DB.Collection("notices").InsertOne(w.T.Context(), n); err != nil {
		w.T.Fatal(err)
	}
	w.Bus.Tell("notices", n.ID)
	return n.ID
}

// Workers write a notice some time after the instant it bears, in any order. People who
// listen hear it, and people who come again with a cursor hear it once.
func TestAFeedHearsWhatComesLate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	arrives(w, "bo", "old", w.Clock.Now().Add(-time.Second))
	f := openFeed(t, w, "bo", nil)
	f.begins(1)
	f.hearsNothing() // older notices count as seen
	one := arrives(w, "bo", "one", w.Clock.Now().Add(time.Second))
	f.hears(one)
	f.hears(arrives(w, "bo", "late", w.Clock.Now().Add(-10*time.Second)))
	f.leave()
	// While bo is away, one notice comes late, one in time, and one to somebody else.
	late := arrives(w, "bo", "later", w.Clock.Now().Add(-5*time.Second))
	arrives(w, "ida", "other", w.Clock.Now())
	two := arrives(w, "bo", "two", w.Clock.Now().Add(2*time.Second))
	again := openFeed(t, w, "bo", &f.at)
	again.hears(late)
	again.hears(two)
	again.begins(5)
	again.hearsNothing()
	again.leave()
	last := openFeed(t, w, "bo", &again.at)
	last.begins(5)
	last.hearsNothing()
}

// A notice that comes between two connections is heard, even if it is the first: a feed
// hands out a cursor from the beginning.
func TestAFeedHasACursorFromTheBeginning(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	f := openFeed(t, w, "bo", nil)
	f.begins(0)
	f.leave()
	between := arrives(w, "bo", "between", w.Clock.Now().Add(time.Second))
	again := openFeed(t, w, "bo", &f.at)
	again.hears(between)
	again.begins(1)
}

// A cursor is as old as the connection that handed it out, not as the last notice. So
// people who were away for a moment can go on, even if nothing has come for long.
func TestACursorAgesByAbsence(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	f := openFeed(t, w, "bo", nil)
	f.begins(0)
	f.hears(arrives(w, "bo", "one", w.Clock.Now()))
	f.leave()
	// They come again six days later, and once more four days after that.
	w.Clock.Advance(6 * 24 * time.Hour)
	again := openFeed(t, w, "bo", &f.at)
	again.begins(1)
	again.leave()
	w.Clock.Advance(4 * 24 * time.Hour)
	late := arrives(w, "bo", "two", w.Clock.Now().Add(-5*time.Second))
	last := openFeed(t, w, "bo", &again.at)
	last.hears(late)
	last.begins(2)
}

// All notices that came meanwhile are heard, in their order, however many there are.
func TestAFeedCatchesUp(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	f := openFeed(t, w, "bo", nil)
	f.begins(0)
	f.hears(arrives(w, "bo", "first", w.Clock.Now()))
	f.leave()
	var ids []string
	for i := range 120 {
		ids = append(ids, arrives(w, "bo", fmt.Sprintf("n%03d", i), w.Clock.Now().Add(time.Duration(i)*time.Second)))
	}
	again := openFeed(t, w, "bo", &f.at)
	for _, noticeID := range ids {
		again.hears(noticeID)
	}
	again.begins(100)
	w.Clock.Advance(8 * 24 * time.Hour)
	_, err := w.Inbox.Received(w.As("bo"), &again.at)
	ct.WantKey(t, err, "notice.feed.old")
	ct.WantKind(t, err, fault.KindInvalid)
}

// A feed finds notices that the bus does not report, by looking now and then.
func TestAFeedDoesNotDependOnTheBus(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	f := openFeed(t, w, "bo", nil)
	f.begins(0)
	f.hears(arrives(w, "bo", "one", w.Clock.Now()))
	other := w.Again() // another process, with a bus of its own
	missed := arrives(other, "bo", "two", w.Clock.Now())
	f.hearsNothing()
	if err := w.Inbox.LookAfterFeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.hears(missed)
}

// A look after one that failed reaches back to the last one that succeeded.
func TestALookCoversTheOnesThatFailed(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	f := openFeed(t, w, "bo", nil)
	f.begins(0)
	if err := w.Inbox.LookAfterFeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	missed := arrives(w.Again(), "bo", "one", w.Clock.Now().Add(time.Second))
	ended, end := context.WithCancel(t.Context())
	end()
	for range 10 {
		w.Clock.Advance(30 * time.Second)
		if err := w.Inbox.LookAfterFeeds(ended); err == nil {
			t.Fatal("the database answered")
		}
	}
	if err := w.Inbox.LookAfterFeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.hears(missed)
}

// When the bus has lost track of what other processes write, all feeds look.
func TestAFeedLooksWhenTheBusHasLostTrack(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	f := openFeed(t, w, "bo", nil)
	f.begins(0)
	missed := arrives(w.Again(), "bo", "one", w.Clock.Now())
	w.Bus.LoseTrack()
	f.hears(missed)
}

// A person who does not read their feed does not hold up the others.
func TestASlowFeedHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	openFeed(t, w, "bo", nil) // bo never reads it
	f := openFeed(t, w, "ida", nil)
	f.begins(0)
	for i := range 3 {
		arrives(w, "bo", fmt.Sprint("n", i), w.Clock.Now())
		f.hears(arrives(w, "ida", fmt.Sprint("n", i), w.Clock.Now()))
	}
}

// What was put off is heard once more when it comes back, and by a phone that was away meanwhile.
func TestAFeedHearsWhatComesBack(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	f := openFeed(t, w, "bo", nil)
	f.begins(0)
	e := later(w, g)
	work(w)
	noticeID := inbox.NoticeID(ct.PersonID("bo"), e.ID+":published:2")
	f.hears(noticeID)
	before := f.at
	for range 2 {
		snooze(w, noticeID, time.Hour)
		f.hearsNothing()
		w.Clock.Advance(time.Hour)
		work(w)
		f.hears(noticeID)
	}
	f.hearsNothing()
	away := openFeed(t, w, "bo", &before)
	away.hears(noticeID)
	away.begins(1)
}
