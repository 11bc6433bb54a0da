package group_test

import (
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

// A deleted group is in no list from its instant on, also before the program has come to clear it away. What belongs
// to it goes then.
func TestADeletedGroupIsInNoList(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("dorte", "STAFF")
	g := ct.Must(w.Groups.Create(staff, group.CreateInput{Name: "Udvalget", Kind: group.KindCommittee, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen}))(t)
	w.Join(g.ID, "bo")
	past := w.PublishedEvent("dorte", g.ID, nil)
	w.MustAttend("bo", past.ID, 0)
	w.Clock.Advance(72 * time.Hour)
	link := ct.Must(w.Groups.CreateLink(w.As("dorte"), group.CreateLinkInput{GroupID: g.ID}))(t)
	ct.Must(deletes(w, "dorte", g.ID))(t)
	w.Drain()
	look := func(when string, isCleared bool) {
		t.Helper()
		for _, name := range []string{"bo", "carl", "dorte"} {
			for _, e := range ct.Must(w.Groups.List(w.As(name), nil, page.Args{First: 10}))(t).Edges {
				if e.Node.ID == g.ID {
					t.Errorf("%s: %s lists %q", when, name, e.Node.Name)
				}
			}
			if _, err := w.Groups.Invitation(w.As(name), link.Code); err == nil {
				t.Errorf("%s: %s may open the link", when, name)
			}
			if !isCleared {
				continue
			}
			own := ct.Must(w.Groups.Own(w.As(name), page.Args{First: 10}))(t)
			if n := ct.Must(own.TotalCount(w.As(name)))(t); len(own.Edges) != 0 || *n != 0 {
				t.Errorf("%s: %s belongs to %d, counted %d", when, name, len(own.Edges), *n)
			}
			if _, err := w.Events.Get(w.As(name), past.ID); err == nil {
				t.Errorf("%s: %s sees its event", when, name)
			}
			from := w.Clock.Now().Add(-30 * 24 * time.Hour)
			if list := ct.Must(w.Events.List(w.As(name), &event.Filter{From: &from}, page.Args{First: 10}))(t); len(list.Edges) != 0 {
				t.Errorf("%s: %s lists %d events", when, name, len(list.Edges))
			}
		}
	}
	w.Clock.Advance(14 * 24 * time.Hour)
	look("before the timer", false)
	w.Fire()
	w.RunPending()
	look("after it", true)
	for _, e := range ct.Must(w.Inbox.List(w.As("bo"), page.Args{First: 10}))(t).Edges {
		if title, body := w.Read("bo", *e.Node); e.Node.Unread || slices.Contains([]string{"", " bliver slettet"}, title) {
			t.Errorf("bo reads %q %q, unread %t", title, body, e.Node.Unread)
		}
	}
}

// Nobody is called to a group that is archived: an invitation that waits for the morning, and a request that is told a
// day later.
func TestNobodyIsCalledToAnArchivedGroup(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk))
	mustInvite(w, "anna", "bo", g.ID)
	ct.Must(w.Groups.Join(w.As("carl"), group.JoinInput{GroupID: g.ID}))(t)
	ct.Must(archive(w, "anna", g.ID))(t)
	w.Drain()
	for _, name := range []string{"anna", "bo"} {
		for _, n := range w.Notices(name) {
			title, body := w.Read(name, n)
			t.Errorf("%s is told %q: %q (%s)", name, title, body, n.Channel)
		}
	}
}

// A group that has lost its leader while it was archived can be opened again by whoever leads it since, with those who
// are left.
func TestAnArchivedGroupKeepsALeader(t *testing.T) {
	t.Parallel()
	for what, closes := range map[string]func(*ct.World, string, string) (*group.Group, error){"archived": archive, "about to be deleted": deletes} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Join(g.ID, "bo", "carl", "erik")
			ct.Must(closes(w, "anna", g.ID))(t)
			check(t, leave(w, "carl", g.ID))
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("erik"), Ban: true}))(t)
			w.Entomb("anna")
			for range 2 {
				ct.EraseFrom(t, w.Groups.Part().Collections, "anna")
				w.RunPending()
			}
			got := ct.Must(restore(w, "bo", g.ID))(t)
			w.RunPending()
			if got = ct.Must(w.Groups.Get(w.As("bo"), got.ID))(t); got.ArchivedAt != nil || got.MemberCount != 1 {
				t.Errorf("it comes back as %+v", got)
			}
			if d := ct.Must(w.Groups.Repair(t.Context()))(t); len(d) != 0 {
				t.Errorf("a repair finds %+v", d)
			}
		})
	}
}
