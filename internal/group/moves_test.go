package group_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/optional"
)

func remove(w *ct.World, by, name, groupID string, ban bool) (*group.Membership, error) {
	return w.Groups.Remove(w.As(by), group.RemoveInput{GroupID: groupID, PersonID: ct.PersonID(name), Ban: ban})
}

func open(w *ct.World, by, groupID string) {
	w.T.Helper()
	policy := group.JoinOpen
	ct.Must(w.Groups.Update(w.As(by), group.UpdateInput{GroupID: groupID, JoinPolicy: optional.Of(policy)}))(w.T)
}

// A person who leaves just before they are banned is banned all the same, and loses what
// they would have kept by leaving.
func TestWhoHasLeftCanBeBanned(t *testing.T) {
	t.Parallel()
	for name, out := range map[string]func(w *ct.World, g string){
		"left":    func(w *ct.World, g string) { ct.Must("", leave(w, "bo", g))(w.T) },
		"removed": func(w *ct.World, g string) { ct.Must(remove(w, "anna", "bo", g, false))(w.T) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna").ID
			w.Join(g, "bo")
			e := w.PublishedEvent("anna", g, nil)
			w.MustAttend("bo", e.ID, 0)
			code := link(w, "anna", g)
			out(w, g)
			if s := w.StateOf("bo", e.ID); s != booking.Confirmed {
				t.Fatalf("at the public event bo is %s", s)
			}
			m, err := remove(w, "anna", "bo", g, true)
			if err != nil || m.State != group.StateBanned {
				t.Fatalf("the ban gives %+v, %v", m, err)
			}
			_, err = w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g})
			ct.WantKey(t, err, "group.join.banned")
			_, err = joinBy(w, "bo", g, code)
			ct.WantKey(t, err, "group.join.banned")
			w.RunPending()
			if s := w.StateOf("bo", e.ID); s != booking.Cancelled {
				t.Errorf("at the event the banned bo is %s", s)
			}
			if n, _ := members(t, w, g); n != 1 {
				t.Errorf("it counts %d members", n)
			}
			before := m.Version
			if m, err = remove(w, "anna", "bo", g, true); err != nil || m.Version != before {
				t.Errorf("banned again: %+v, %v", m, err)
			}
			_, err = remove(w, "anna", "zoe", g, true)
			ct.WantKey(t, err, "group.person_not_member")
		})
	}
}

// People who have asked to join become members when the group opens, however many they
// are.
func TestARequestThatStandsWhenTheGroupOpensIsMembership(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk)).ID
	for i := range 22 {
		ct.Must(w.Groups.Join(w.Stranger(fmt.Sprint("asker-", i)), group.JoinInput{GroupID: g}))(t)
	}
	w.Join(g, "bo", "cara")
	ct.Must(w.Groups.Decline(w.As("anna"), group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}))(t)
	w.Phone("cara", "cara")
	w.Drain()
	open(w, "anna", g)
	w.Fire()
	w.Drain()
	if n, _ := members(t, w, g); n != 24 || membershipOf(t, w, "bo", g).State != group.StateDeclined {
		t.Errorf("it counts %d members; bo, who was declined, is %s", n, membershipOf(t, w, "bo", g).State)
	}
	if n := w.Phones.Count("cara"); n != 1 {
		t.Errorf("cara was told %d times", n)
	}
}

// A request that was under way when the group opened is let in a little later.
func TestARequestThatWasUnderWayIsLetIn(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna", policy(group.JoinAsk)).ID
	bo := w.As("bo")
	m.Before("insert", "group_memberships", func() { open(w, "anna", g) })
	if asked := ct.Must(w.Groups.Join(bo, group.JoinInput{GroupID: g}))(t); asked.State != group.StateRequested {
		t.Fatalf("bo is %s: the moment did not come", asked.State)
	}
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	if n, _ := members(t, w, g); n != 2 || membershipOf(t, w, "bo", g).State != group.StateActive {
		t.Errorf("later it counts %d members, bo is %s", n, membershipOf(t, w, "bo", g).State)
	}
}

// Nobody is let in if the group has been closed again, or hidden.
func TestADoorThatIsClosedAgainLetsNobodyIn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk)).ID
	w.Join(g, "bo")
	hide, show := group.VisibilityHidden, group.VisibilityMembers
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g, Visibility: optional.Of(hide)}))(t)
	open(w, "anna", g)
	if m := membershipOf(t, w, "bo", g); m.State != group.StateRequested {
		t.Errorf("in a hidden group bo is %s", m.State)
	}
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g, Visibility: optional.Of(show)}))(t)
	if m := membershipOf(t, w, "bo", g); m.State != group.StateActive {
		t.Errorf("once it is shown bo is %s", m.State)
	}
	other := w.Group("anna", policy(group.JoinAsk)).ID
	w.Join(other, "bo")
	closed := group.JoinInvite
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: other, JoinPolicy: optional.Of(closed)}))(t)
	if m := membershipOf(t, w, "bo", other); m.State != group.StateRequested {
		t.Errorf("behind a closed door bo is %s", m.State)
	}
}

// A person who has asked can join as soon as the group is open, without waiting to be
// let in, and viewerCan says so.
func TestWhoHasAskedWalksThroughAnOpenDoor(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk))
	w.Join(g.ID, "bo")
	w.Set(t.Context(), "groups", g.ID, map[string]any{"joinPolicy": group.JoinOpen})
	g = ct.Must(w.Groups.Get(w.As("bo"), g.ID))(t)
	if can := actions(w, "bo", g); !slices.Equal(can, []group.Action{group.ActionJoin, group.ActionLeave}) {
		t.Errorf("bo may %v", can)
	}
	if m, err := w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g.ID}); err != nil || m.State != group.StateActive {
		t.Errorf("bo joins as %+v, %v", m, err)
	}
}

// A decision of the group about a person counts for more than links that were made
// before it.
func TestWhoWasRemovedDoesNotComeBackByAnOldLink(t *testing.T) {
	t.Parallel()
	for name, out := range map[string]func(w *ct.World, g string){
		"removed": func(w *ct.World, g string) {
			ct.Must(joinBy(w, "bo", g, link(w, "anna", g)))(w.T)
			ct.Must(remove(w, "anna", "bo", g, false))(w.T)
		},
		"declined": func(w *ct.World, g string) {
			w.Join(g, "bo")
			ct.Must(w.Groups.Decline(w.As("anna"), group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}))(w.T)
		},
		"the invitation was taken back": func(w *ct.World, g string) {
			mustInvite(w, "anna", "bo", g)
			ct.Must(remove(w, "anna", "bo", g, false))(w.T)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna", policy(group.JoinAsk)).ID
			old := link(w, "anna", g)
			w.Clock.Advance(time.Minute)
			out(w, g)
			_, err := joinBy(w, "bo", g, old)
			ct.WantKey(t, err, "group.invitation.not_found")
			w.Clock.Advance(time.Minute)
			if m, err := joinBy(w, "bo", g, link(w, "anna", g)); err != nil || m.State != group.StateActive {
				t.Errorf("by a new link: %+v, %v", m, err)
			}
		})
	}
}

// A person who left by themselves can come back by an old link.
func TestWhoLeftComesBackByAnOldLink(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinInvite)).ID
	code := link(w, "anna", g)
	for range 2 {
		w.Clock.Advance(time.Minute)
		ct.Must(joinBy(w, "bo", g, code))(t)
		ct.Must("", leave(w, "bo", g))(t)
	}
	mustInvite(w, "anna", "cara", g)
	ct.Must(decline(w, "cara", g))(t)
	ct.Must(joinBy(w, "cara", g, code))(t)
}

// Nobody is invited, let in, banned or removed while their membership is in a state that
// only a newer version knows.
func TestNothingIsDoneOverAStateOfANewerVersion(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	m := id.Pair(g, ct.PersonID("bo"))
	w.Set(t.Context(), "group_memberships", m, map[string]any{"state": "SUSPENDED"})
	in := group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}
	for what, do := range map[string]func() error{
		"invited":  func() error { _, err := invite(w, "anna", "bo", g); return err },
		"approved": func() error { _, err := w.Groups.Approve(w.As("anna"), in); return err },
		"removed":  func() error { _, err := remove(w, "anna", "bo", g, false); return err },
		"banned":   func() error { _, err := remove(w, "anna", "bo", g, true); return err },
		"left":     func() error { return leave(w, "bo", g) },
	} {
		if err := do(); err == nil {
			t.Errorf("%s over it", what)
		}
	}
	if left := ct.All[map[string]any](w, "group_memberships", map[string]any{"_id": m})[0]; left["state"] != "SUSPENDED" {
		t.Errorf("afterwards it is %v", left["state"])
	}
}
