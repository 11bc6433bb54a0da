package inbox_test

import (
	"context"
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
)

// A person who has the app open sees the number of unread notices fall at once when others do something by
// which a notice needs no more attention, and when one has ended by the clock.
func TestTheUnreadCountFollowsWhatOthersDo(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		before, do func(w *ct.World, g string) // bo helps anna with the group
		reader     string
		from, to   int
	}{
		"a request answered by another": {func(w *ct.World, g string) { w.Join(g, "cara") }, func(w *ct.World, g string) {
			ct.Must(w.Groups.Decline(w.As("bo"), group.AnswerInput{GroupID: g, PersonID: ct.PersonID("cara")}))(w.T)
		}, "anna", 1, 0},
		"a request taken back": {func(w *ct.World, g string) { w.Join(g, "cara") }, func(w *ct.World, g string) {
			ct.Must(w.Groups.Leave(w.As("cara"), group.LeaveInput{GroupID: g}))(w.T)
		}, "anna", 1, 0},
		"an invitation withdrawn": {func(w *ct.World, g string) { invite(w, g, "cara") }, func(w *ct.World, g string) {
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g, PersonID: ct.PersonID("cara")}))(w.T)
		}, "cara", 1, 0},
		"an event cancelled": {func(w *ct.World, g string) { w.PublishedAt("anna", g, w.Clock.Now().Add(72*time.Hour), nil) }, func(w *ct.World, _ string) {
			list := w.Notices("bo")
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: list[len(list)-1].SubjectID}))(w.T)
		}, "bo", 1, 0},
		"removed from the group": {func(w *ct.World, g string) { w.PublishedAt("anna", g, w.Clock.Now().Add(72*time.Hour), nil) }, func(w *ct.World, g string) {
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g, PersonID: ct.PersonID("bo")}))(w.T)
		}, "bo", 1, 0},
		"an event begun": {func(w *ct.World, g string) { w.PublishedAt("anna", g, w.Clock.Now().Add(72*time.Hour), nil) }, func(w *ct.World, _ string) {
			w.Clock.Advance(73 * time.Hour)
			ct.Must("", w.Inbox.LookAfterFeeds(w.T.Context()))(w.T)
		}, "bo", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna", asks).ID
			w.Join(g, "bo")
			ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}))(t)
			ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: g, PersonID: ct.PersonID("bo"), Key: group.RoleModerator}))(t)
			w.Drain()
			for _, reader := range []string{"anna", "bo"} {
				for _, n := range w.Notices(reader) {
					w.Remove("notices", n.ID)
				}
			}
			row.before(w, g)
			w.Drain()
			as := w.As(row.reader)
			ctx, cancel := context.WithCancel(auth.WithLiveViewer(as, auth.FromContext(as)))
			t.Cleanup(cancel)
			counts := ct.Must(w.Inbox.UnreadCounts(ctx))(t)
			wantCount(t, counts, row.from)
			row.do(w, g)
			wantCount(t, counts, row.to)
		})
	}
}

func wantCount(t *testing.T, counts <-chan int, want int) {
	t.Helper()
	select {
	case n, ok := <-counts:
		if !ok || n != want {
			t.Fatalf("%d are unread, want %d", n, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("heard nothing, want %d", want)
	}
}
