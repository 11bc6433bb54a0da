package group_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// Whoever manages members without leading turns out nobody who leads: leaders do that
// among themselves, and in the municipality's groups those who answer for them.
func TestALeaderIsTurnedOutByLeadersAlone(t *testing.T) {
	t.Parallel()
	acts := map[string]func(w *ct.World, by, g string) error{
		"revoked": func(w *ct.World, by, g string) error { return mistake(revoke(w, by, "bo", g, group.RoleLeader)) },
		"removed": func(w *ct.World, by, g string) error { return mistake(remove(w, by, "bo", g, false)) },
		"banned":  func(w *ct.World, by, g string) error { return mistake(remove(w, by, "bo", g, true)) },
	}
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _, _, g := led(t)
			w.Join(g, "cara", "dan")
			ct.Must(grant(w, "anna", "cara", g, group.RoleCaretaker, nil))(t)
			ct.WantKey(t, act(w, "cara", g), "group.leader.by_leader")
			ct.Must(remove(w, "cara", "dan", g, false))(t)
			ct.Must("", act(w, "anna", g))(t)

			forum := committee(w, group.VisibilityPublic).ID
			w.Join(forum, "bo")
			ct.Must(grant(w, "chair", "bo", forum, group.RoleLeader, nil))(t)
			w.Grant("staff", auth.RoleStaff)
			ct.Must("", act(w, "staff", forum))(t)
		})
	}
}

// Everybody who leads may still go, or be a member like others.
func TestALeaderMayGiveUp(t *testing.T) {
	t.Parallel()
	w, _, _, g := led(t)
	ct.Must(revoke(w, "bo", "bo", g, group.RoleLeader))(t)
	ct.Must(grant(w, "anna", "bo", g, group.RoleLeader, nil))(t)
	ct.Must("", leave(w, "bo", g))(t)
}
