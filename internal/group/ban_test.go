package group_test

import (
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
)

func liftBan(w *ct.World, by, name, groupID string) (*group.Membership, error) {
	return w.Groups.LiftBan(w.As(by), group.LiftBanInput{GroupID: groupID, PersonID: ct.PersonID(name)})
}

// Lifting a ban does not bring a person back. They come in the way others do, and not by
// an old link.
func TestABanCanBeLifted(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinInvite)).ID
	old := link(w, "anna", g)
	w.Clock.Advance(time.Minute)
	ct.Must(joinBy(w, "bo", g, old))(t)
	ct.Must(remove(w, "anna", "bo", g, true))(t)
	_, err := liftBan(w, "bo", "bo", g)
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = liftBan(w, "anna", "cara", g)
	ct.WantKey(t, err, "group.ban.none")
	_, p := w.Person("bo")
	if !p.Viewer().IsBannedFrom(g) {
		t.Error("bo's copy says nothing of the ban")
	}
	w.Clock.Advance(time.Minute)
	if m := ct.Must(liftBan(w, "anna", "bo", g))(t); m.State != group.StateRemoved {
		t.Errorf("bo is %s", m.State)
	}
	if _, p = w.Person("bo"); p.Viewer().IsBannedFrom(g) || p.Viewer().InGroup(g) {
		t.Errorf("bo's copy is %+v", p.Groups[g])
	}
	_, err = liftBan(w, "anna", "bo", g)
	ct.WantKey(t, err, "group.ban.none")
	_, err = joinBy(w, "bo", g, old)
	ct.WantKey(t, err, "group.invitation.not_found")
	mustInvite(w, "anna", "bo", g)
	w.Join(g, "bo")
	if n, _ := members(t, w, g); n != 2 {
		t.Errorf("%d members", n)
	}
}

// Staff who are banned from a committee cannot let themselves in again.
func TestNobodyLiftsTheirOwnBan(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := committee(w, group.VisibilityPublic).ID
	w.Grant("staff", auth.RoleStaff)
	w.Join(g, "staff")
	ct.Must(remove(w, "chair", "staff", g, true))(t)
	_, err := liftBan(w, "staff", "staff", g)
	ct.WantKey(t, err, "auth.self")
	ct.Must(liftBan(w, "chair", "staff", g))(t)
}
