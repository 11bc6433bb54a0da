package group_test

import (
	"context"
	"slices"
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// A leader whom the municipality has banned or disabled does not keep a group led, and neither does one who
// holds an office in a lokalforum. viewerCan says so beforehand.
func TestWhoKeepsAGroupLed(t *testing.T) {
	t.Parallel()
	office := func(w *ct.World) { w.Grant("bo", auth.RolePolitician) }
	lost := func(field string) func(w *ct.World) {
		return func(w *ct.World) {
			w.Set(context.WithoutCancel(w.T.Context()), "persons", ct.PersonID("bo"), map[string]any{field: w.Clock.Now()})
		}
	}
	for name, row := range map[string]struct {
		isForum   bool
		meanwhile func(w *ct.World)
		isKept    bool
	}{
		"a resident":                    {false, func(*ct.World) {}, true},
		"banned":                        {false, lost("bannedAt"), false},
		"disabled":                      {false, lost("disabledAt"), false},
		"an office in a club":           {false, office, true},
		"a resident in a lokalforum":    {true, func(*ct.World) {}, true},
		"a politician in a lokalforum":  {true, office, false},
		"a banned one in a lokalforum":  {true, lost("bannedAt"), false},
		"disabled and in an office too": {true, func(w *ct.World) { office(w); lost("disabledAt")(w) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Grant("staff", auth.RoleStaff)
			if row.isForum {
				g = forum(t, w)
				w.Join(g.ID, "anna")
				ct.Must(grant(w, "staff", "anna", g.ID, group.RoleLeader, nil))(t)
			}
			w.Join(g.ID, "bo")
			ct.Must(grant(w, "anna", "bo", g.ID, group.RoleLeader, nil))(t)
			row.meanwhile(w)
			seen := ct.Must(w.Groups.Get(w.As("anna"), g.ID))(t)
			if can := slices.Contains(actions(w, "anna", seen), group.ActionLeave); can != row.isKept {
				t.Errorf("anna may leave: %t", can)
			}
			if err := mistake(revoke(w, "anna", "anna", g.ID, group.RoleLeader)); (err == nil) != row.isKept {
				t.Errorf("anna steps down: %v", err)
			}
			if row.isKept {
				return
			}
			ct.WantKey(t, leave(w, "anna", g.ID), "group.last_leader")
			ct.Must(revoke(w, "anna", "bo", g.ID, group.RoleLeader))(t) // whom others need not keep
		})
	}
}

// Whoever holds an office deposes no leader of a lokalforum: not by leading it, and not by answering for it.
func TestNoOfficeDeposesALeaderOfALokalforum(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := forum(t, w).ID
	w.Grant("staff", auth.RoleStaff)
	w.Join(g, "anna", "bo", "cara")
	ct.Must(grant(w, "staff", "anna", g, group.RoleLeader, nil))(t)
	for _, name := range []string{"bo", "cara"} {
		ct.Must(grant(w, "anna", name, g, group.RoleLeader, nil))(t)
	}
	w.Grant("bo", auth.RolePolitician)
	for _, by := range []string{"bo", "staff"} {
		ct.WantKey(t, mistake(revoke(w, by, "anna", g, group.RoleLeader)), "group.leader.by_resident")
		for _, ban := range []bool{false, true} {
			ct.WantKey(t, mistake(remove(w, by, "anna", g, ban)), "group.leader.by_resident")
		}
	}
	ct.Must(remove(w, "cara", "bo", g, false))(t) // residents do, and turn out an office too
	ct.Must(revoke(w, "cara", "anna", g, group.RoleLeader))(t)
}

// The municipality gives a lokalforum a leader also if all who lead it hold an office.
func TestALokalforumThatOfficesLeadGetsAResident(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := forum(t, w).ID
	w.Grant("staff", auth.RoleStaff)
	w.Join(g, "bo", "cara")
	ct.Must(grant(w, "staff", "bo", g, group.RoleLeader, nil))(t)
	ct.WantKey(t, mistake(grant(w, "staff", "cara", g, group.RoleLeader, nil)), "group.role.not_held")
	w.Grant("bo", auth.RolePolitician)
	ct.Must(grant(w, "staff", "cara", g, group.RoleLeader, nil))(t)
	ct.Must("", leave(w, "bo", g))(t)
}
