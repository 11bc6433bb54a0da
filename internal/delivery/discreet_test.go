package delivery_test

import (
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// A locked screen does not name a hidden group: not in a push, and not in a summary. The inbox names it.
func TestAHiddenGroupIsNotNamedOnAScreen(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.Name = "Lønkammeret" })
	w.Join(g.ID, "bo", "cara")
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(group.VisibilityHidden), JoinPolicy: optional.Of(group.JoinInvite)}))(t)
	w.Drain()
	w.Phone("bo", "bo")
	w.Phone("cara", "cara")
	ct.Must(w.Groups.SetNotifications(w.As("cara"), group.NotificationsInput{GroupID: g.ID, Level: notify.LevelSummary}))(t)
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	w.Clock.Advance(4*time.Hour + time.Minute)
	w.Fire()
	w.Drain()
	wantPushed(t, w, "bo", "cara")
	for _, p := range w.Phones.Pushes() {
		if said := p.Title + p.Body; strings.Contains(said, "Lønkammeret") || !strings.Contains(said, "En af dine grupper: Fællesspisning") {
			t.Errorf("%s's screen says %q, %q", p.Device, p.Title, p.Body)
		}
	}
	for _, name := range []string{"bo", "cara"} {
		var inboxes []string
		for _, n := range w.Notices(name) {
			title, body := w.Read(name, n)
			inboxes = append(inboxes, title, body)
		}
		if said := strings.Join(inboxes, " "); !strings.Contains(said, "Lønkammeret") || strings.Contains(said, "En af dine grupper") {
			t.Errorf("%s's inbox says %q", name, said)
		}
	}
}
