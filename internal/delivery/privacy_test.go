package delivery_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

// entries are those of all that the delivery writes, here and in the inbox.
func entries(w *ct.World) []privacy.Collection {
	return slices.Concat(w.Notifier.Part().Collections, w.Inbox.Part().Collections, w.Devices.Part().Collections)
}

// erase erases somebody as another process would.
func erase(t *testing.T, w *ct.World, name string) {
	t.Helper()
	w.Entomb(name)
	ct.EraseFrom(t, entries(w), name)
}

// wantGone fails the test for what is left of somebody, by id or name.
func wantGone(t *testing.T, w *ct.World, name string) {
	t.Helper()
	for _, c := range entries(w) {
		if left := testkit.Mentions(t, w.DB, c.Name, ct.PersonID(name), name); len(left) > 0 {
			t.Errorf("%s is left in %s: %v", name, c.Name, left)
		}
	}
}

// settle does the work that is left, also what a worker let go of that was refused.
func settle(w *ct.World) {
	w.T.Helper()
	w.Drain()
	w.Clock.Advance(16 * time.Second)
	w.Drain()
}

// Whatever the notifier is just doing when somebody is erased, nothing of it is left of
// them in the end, and the others get their push once.
func TestWhatIsUnderWayBringsNobodyBack(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ when, command, collection string }{
		{"takes a push of the day", "insert", "push_slots"},
		{"keeps the notices", "insert", "notices"},
		{"queues the pushes", "insert", "notify_chunks"},
		{"writes down the page", "update", "notify_jobs"},
		{"takes up the pushes", "findAndModify", "notify_chunks"},
		{"asks for the devices", "find", "devices"},
		{"asks for the notices again", "find", "notices"},
		{"writes into the ledger", "insert", "notice_ledger"},
		{"writes a checkpoint", "update", "notify_chunks"},
	} {
		t.Run(row.when, func(t *testing.T) {
			t.Parallel()
			m := &ct.Moment{}
			w, g := crowd(t, 3, m.Option())
			last := "xaver" // the last in the order of ids, at whom a checkpoint stands
			for slices.ContainsFunc([]string{"p0", "p1", "p2"}, func(name string) bool { return ct.PersonID(name) > ct.PersonID(last) }) {
				last += "x"
			}
			w.Join(g.ID, last)
			w.Phone(last, last)
			other := w.Again()
			w.PublishedEvent("anna", g.ID, nil)
			happened := false
			m.Before(row.command, row.collection, func() { happened = true; erase(t, other, last) })
			settle(w)
			if !happened {
				t.Fatal("the moment never came")
			}
			wantGone(t, w, last)
			for _, name := range []string{"p0", "p1", "p2"} {
				if lines := ct.All[inbox.Handover](w, "notice_ledger", map[string]any{"personId": ct.PersonID(name)}); len(w.Notices(name)) != 1 || len(lines) == 0 {
					t.Errorf("%s has %d notices and %d lines", name, len(w.Notices(name)), len(lines))
				}
				if w.Phones.Count(name) == 0 {
					t.Errorf("%s got no push", name)
				}
			}
			for _, c := range w.Chunks() {
				if c.State != "DONE" {
					t.Errorf("%s is %s", c.ID, c.State)
				}
			}
		})
	}
}

// The evening's summary looks for what is worth a line, and writes down what is not,
// when somebody is erased.
func TestASummaryBringsNobodyBack(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w, g := crowd(t, 1, m.Option())
	w.Join(g.ID, "xaver")
	w.Phone("xaver", "xaver")
	for _, name := range []string{"p0", "xaver"} {
		put(w, name, func(s *notify.Settings) {
			s.Kinds = map[notify.Kind]notify.Channel{event.NoticePublished: notify.Summary}
		})
	}
	later(w, g)
	work(w)
	ct.Must(w.Inbox.MarkRead(w.As("xaver"), inbox.MarkReadInput{NoticeIDs: []string{w.Notices("xaver")[0].ID}}))(t)
	other := w.Again()
	until(t, w, "2026-05-01T18:00:00")
	happened := false
	m.Before("insert", "notice_ledger", func() { happened = true; erase(t, other, "xaver") })
	w.Fire()
	settle(w)
	if !happened {
		t.Fatal("the moment never came")
	}
	wantGone(t, w, "xaver")
	wantPushed(t, w, "p0")
}

// Somebody waits for their push until the quiet hours end, and is erased in the night:
// the others get theirs in the morning.
func TestNobodyErasedIsPushedToInTheMorning(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "xaver", "cara")
	until(t, w, "2026-05-01T23:00:00")
	later(w, g)
	work(w)
	read := ct.ExportFrom(t, entries(w), "notify_chunks", "xaver")
	if len(read) != 1 || !strings.Contains(read[0], `"State":"QUEUED"`) || len(ct.ExportFrom(t, entries(w), "push_slots", "xaver")) != 1 {
		t.Errorf("there is to read %v", read)
	}
	erase(t, w, "xaver")
	wantGone(t, w, "xaver")
	until(t, w, "2026-05-02T09:00:00")
	work(w)
	wantPushed(t, w, "bo", "cara")
	wantGone(t, w, "xaver")
}

// A large audience is walked page by page, and the job remembers who was last. If they
// are erased, the others are told all the same, and once.
func TestAWalkGoesOnAfterSomebodyErased(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 9)
	w.Notifier.PageBy(2)
	w.PublishedEvent("anna", g.ID, nil)
	ct.Must(w.Notifier.Expand(t.Context()))(t)
	var last string
	for _, j := range ct.All[struct {
		After string `bson:"after"`
	}](w, "notify_jobs", nil) {
		last = j.After
	}
	var erased string
	var others []string
	for i := range 9 {
		name := "p" + strconv.Itoa(i)
		if ct.PersonID(name) == last {
			erased = name
		} else {
			others = append(others, name)
		}
	}
	if erased == "" {
		t.Fatalf("the job has come to %q", last)
	}
	erase(t, w, erased)
	settle(w)
	if left := testkit.Mentions(t, w.DB, "notify_jobs", last); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	wantPushed(t, w, others...)
}

// News that comes up about somebody who was erased, or that they brought about, is told
// without them or not at all.
func TestNewsOfSomebodyErased(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "xaver")
	e := later(w, g)
	work(w)
	w.Phones.Reset()
	xaver := ct.PersonID("xaver")
	w.Entomb("xaver")
	// News that turns out to be about somebody erased may have taken one of the pushes of the day.
	ct.Must(w.Settings.Update(w.As("bo"), inbox.UpdateSettingsInput{PushesADay: optional.Of(notify.MaxPushesADay)}))(t)
	members := []notify.AudienceOf{{Kind: group.AudienceMembers, IDs: []string{g.ID}}}
	w.Enqueue(notify.Cause{Key: "by", Kind: event.NoticePublished, Subject: e.ID, GroupID: g.ID, Audiences: members, Actor: xaver, Data: map[string]string{"Group": "Haven", "Title": "Fest"}})
	w.Enqueue(notify.Cause{Key: "about", Kind: event.NoticePublished, Subject: e.ID, GroupID: g.ID, Audiences: members, About: xaver, Data: map[string]string{"Title": "xaver"}})
	w.Enqueue(notify.Cause{Key: "to", Kind: event.NoticePublished, Subject: e.ID, Data: map[string]string{"Title": "xaver"},
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{xaver}}}})
	w.Enqueue(notify.Cause{Key: "to both", Kind: event.NoticePublished, Subject: e.ID, GroupID: g.ID, Data: map[string]string{"Title": "Fest"},
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("bo"), xaver}}}})
	for _, c := range entries(w) { // as left by an erasure
		if c.Name != "notify_jobs" && c.Erase != nil {
			ct.EraseFrom(t, []privacy.Collection{c}, "xaver")
		}
	}
	settle(w)
	wantGone(t, w, "xaver")
	var causes []string
	for _, n := range w.Notices("bo") {
		causes = append(causes, n.Cause)
	}
	slices.Sort(causes)
	if want := []string{"by", e.ID + ":published:2", "to both"}; !slices.Equal(causes, want) {
		t.Errorf("bo was told %v, want %v", causes, want)
	}
	wantPushed(t, w, "anna", "bo", "bo")
}

// Wherever a process dies that erases somebody, whoever goes on ends the same.
func TestAnErasureOfNewsThatDiesGoesOn(t *testing.T) {
	t.Parallel()
	const all = 12 // more writes than it has
	for dies := range all {
		t.Run(strconv.Itoa(dies), func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo", "xaver")
			later(w, g)
			work(w)
			until(t, w, "2026-05-01T23:00:00")
			later(w, g)
			work(w)
			w.Entomb("xaver")
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(dies)
			if err := ct.TryEraseFrom(t, entries(dying), "xaver"); dies == 0 && err == nil {
				t.Error("it has not died")
			}
			ct.EraseFrom(t, entries(w), "xaver")
			wantGone(t, w, "xaver")
			w.Phones.Reset()
			until(t, w, "2026-05-02T09:00:00")
			settle(w)
			wantPushed(t, w, "bo")
			if n := len(w.Notices("bo")); n != 2 {
				t.Errorf("bo has %d notices", n)
			}
		})
	}
}
