package inbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

func entries(w *ct.World) []privacy.Collection { return w.Inbox.Part().Collections }

// wantGone fails the test for what is left of a person, by id or name, in the inbox's
// collections.
func wantGone(t *testing.T, w *ct.World, name string) {
	t.Helper()
	for _, c := range entries(w) {
		if left := testkit.Mentions(t, w.DB, c.Name, ct.PersonID(name), name); len(left) > 0 {
			t.Errorf("%s is left in %s: %v", name, c.Name, left)
		}
		if left := ct.ExportFrom(t, entries(w), c.Name, name); len(left) > 0 {
			t.Errorf("%s can still read %v", name, left)
		}
	}
}

// told is a world in which xaver, bo and anna have been told of an event, xaver and bo
// have been seen in the ledger and have settings, and anna was told that xaver asks to
// join another group, that bo does, and that a role of xaver's ends.
func told(t *testing.T) *ct.World {
	t.Helper()
	w, g := club(t, "xaver", "bo")
	for _, name := range []string{"xaver", "bo"} {
		put(w, name, func(s *notify.Settings) {
			s.MutedThreads, s.Stopped = map[string]time.Time{"evt_1": w.Clock.Now()}, map[string]notify.StoppedReason{"HOME_AREA/1": {At: w.Clock.Now()}}
		})
	}
	later(w, g)
	asked := w.Group("anna", func(in *group.CreateInput) { in.JoinPolicy = group.JoinAsk })
	w.Join(asked.ID, "xaver", "bo")
	ends := w.Clock.Now().AddDate(0, 0, 60)
	ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID("xaver"), Key: group.RoleTreasurer, ExpiresAt: &ends}))(t)
	work(w)
	w.Clock.Advance(47 * 24 * time.Hour)
	work(w)
	return w
}

// What somebody was told goes with them, and what others were told about them; what the
// others were told besides stays as it was.
func TestTheInboxOfSomebodyErased(t *testing.T) {
	t.Parallel()
	w := told(t)
	about := func(n inbox.Notice) bool { return n.About == ct.PersonID("xaver") }
	annas := w.Notices("anna")
	if n := len(slices.DeleteFunc(slices.Clone(annas), func(n inbox.Notice) bool { return !about(n) })); n != 2 {
		t.Fatalf("anna was told %d times about xaver, want that they ask and that a role ends: %+v", n, annas)
	}
	for collection, want := range map[string]string{"notices": `"Body":`, "notice_ledger": `"Outcome":"SENT"`, "notify_settings": `"HOME_AREA/1":`} {
		if read := strings.Join(ct.ExportFrom(t, entries(w), collection, "xaver"), ""); !strings.Contains(read, want) || strings.Contains(read, ct.PersonID("bo")) {
			t.Errorf("of %s there is to read %s", collection, read)
		}
	}
	all := func() []any {
		return []any{ct.All[inbox.Notice](w, "notices", nil), ct.All[inbox.Handover](w, "notice_ledger", nil), ct.All[notify.Settings](w, "notify_settings", nil)}
	}
	bos, lines := w.Notices("bo"), ct.All[inbox.Handover](w, "notice_ledger", map[string]any{"personId": ct.PersonID("anna")})
	w.Entomb("xaver")
	ct.EraseFrom(t, entries(w), "xaver")
	wantGone(t, w, "xaver")
	if diff := cmp.Diff(slices.DeleteFunc(annas, about), w.Notices("anna")); diff != "" {
		t.Errorf("anna's notices (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(bos, w.Notices("bo")); diff != "" || len(bos) == 0 {
		t.Errorf("bo's notices (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(lines, ct.All[inbox.Handover](w, "notice_ledger", map[string]any{"personId": ct.PersonID("anna")})); diff != "" || len(lines) == 0 {
		t.Errorf("what became of anna's pushes (-before +after):\n%s", diff)
	}
	once := all()
	ct.EraseFrom(t, entries(w), "xaver")
	if diff := cmp.Diff(once, all()); diff != "" {
		t.Errorf("a second erasure (-before +after):\n%s", diff)
	}
}

// Wherever a process dies that erases somebody, whoever goes on ends the same. Somebody
// with more than are removed at a time loses all.
func TestAnErasureOfTheInboxThatDiesGoesOn(t *testing.T) {
	t.Parallel()
	for dies := range 4 {
		t.Run(fmt.Sprint("after ", dies), func(t *testing.T) {
			t.Parallel()
			w := told(t)
			var many []any
			for i := range 501 {
				many = append(many, inbox.Notice{ID: inbox.NoticeID(ct.PersonID("xaver"), fmt.Sprint(i)), PersonID: ct.PersonID("xaver")})
			}
			ct.Must(w.DB.Collection("notices").InsertMany(t.Context(), many))(t)
			w.Entomb("xaver")
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(dies)
			if err := ct.TryEraseFrom(t, entries(dying), "xaver"); err == nil {
				t.Error("it has not died")
			}
			ct.EraseFrom(t, entries(w), "xaver")
			wantGone(t, w, "xaver")
			if n := len(w.Notices("bo")); n == 0 {
				t.Error("bo has no notice left")
			}
		})
	}
}

// Whoever is looking at their inbox when they are erased sees it end, and whoever was
// told about them sees that this has gone.
func TestLiveInboxesWhenSomebodyIsErased(t *testing.T) {
	t.Parallel()
	w := told(t)
	other := w.Again()
	here, there := openFeed(t, w, "xaver", nil), openFeed(t, other, "xaver", nil)
	counts := ct.Must(w.Inbox.UnreadCounts(w.As("anna")))(t)
	next := func() int {
		t.Helper()
		select {
		case n := <-counts:
			return n
		case <-time.After(10 * time.Second):
			t.Fatal("anna hears of no other count")
		}
		return 0
	}
	before := next()
	bos := openFeed(t, w, "bo", nil)
	w.Entomb("xaver")
	ct.EraseFrom(t, entries(w), "xaver")
	if after := next(); after != before-2 {
		t.Errorf("anna has %d unread, then %d", before, after)
	}
	if err := other.Inbox.LookAfterFeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]*feed{"in this process": here, "in another": there} {
		for open := true; open; {
			select {
			case _, open = <-f.comes:
			case <-time.After(10 * time.Second):
				t.Fatalf("the feed %s goes on", name)
			}
		}
	}
	if n := w.Inbox.Listeners(); n != 2 {
		t.Errorf("%d still look, want anna and bo", n)
	}
	bos.leave()
}

// A person is not given the words of news that they were not shown, since it may be of a group that they had
// left; and of what others were told about them they are given that it was told, not to whom.
func TestAnInboxIsGivenAsItWasShown(t *testing.T) {
	t.Parallel()
	w := told(t)
	w.Put("notices", map[string]any{"_id": ct.PersonID("xaver") + ":hidden", "personId": ct.PersonID("xaver"), "kind": "JOIN_REQUESTED", "subject": "grp_1",
		"data": map[string]string{"Name": "Cara", "Group": "Lønkammeret"}, "channel": "DROP", "rule": "LEFT", "hidden": true, "createdAt": ct.Noon})
	read := ct.ExportFrom(t, entries(w), "notices", "xaver")
	all := strings.Join(read, "\n")
	if !strings.Contains(all, `"IsHidden":true`) || strings.Contains(all, "Lønkammeret") {
		t.Errorf("of what was not shown there is to read\n%s", all)
	}
	if n := strings.Count(all, `"IsAboutYou":true`); n != 2 || strings.Contains(all, ct.PersonID("anna")) {
		t.Errorf("anna was told twice about xaver, who reads %d times of it:\n%s", n, all)
	}
}
