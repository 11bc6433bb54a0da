package group_test

import (
	"slices"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// A repair brings the memberships in line with the leaders that the group names, and takes the name
// of somebody who is no member.
func TestARepairFollowsTheLeadersOfTheGroup(t *testing.T) {
	t.Parallel()
	anna, bo, cara := ct.PersonID("anna"), ct.PersonID("bo"), ct.PersonID("cara")
	for what, c := range map[string]struct {
		named, want []string
		change      func(w *ct.World, g string)
	}{
		"named only by the group":           {[]string{anna, bo, cara}, []string{anna, bo, cara}, nil},
		"a leader only by their membership": {[]string{anna}, []string{anna}, nil},
		"named and gone": {[]string{anna, bo}, []string{anna}, func(w *ct.World, g string) {
			w.Set(t.Context(), "group_memberships", g+":"+bo, map[string]any{"state": group.StateLeft, "roles": []any{}})
		}},
		"the only one, and gone": {[]string{bo}, []string{anna}, func(w *ct.World, g string) {
			w.Set(t.Context(), "group_memberships", g+":"+bo, map[string]any{"state": group.StateLeft, "roles": []any{}})
		}},
	} {
		w, _, _, g := led(t)
		w.Join(g, "cara")
		w.Set(t.Context(), "groups", g, map[string]any{"leaderIds": c.named})
		if c.change != nil {
			c.change(w, g)
		}
		found := ct.Must(w.Groups.Repair(t.Context()))(t)
		if !slices.ContainsFunc(found, func(d group.Difference) bool { return d.GroupID == g && d.What == "leaders" }) {
			t.Errorf("%s: found %+v", what, found)
		}
		_, leaders := members(t, w, g)
		slices.Sort(leaders)
		slices.Sort(c.want)
		if !slices.Equal(leaders, c.want) {
			t.Errorf("%s: the group is led by %v, want %v", what, leaders, c.want)
		}
		for _, name := range []string{"anna", "bo", "cara"} {
			m := membershipOf(t, w, name, g)
			leads := slices.ContainsFunc(m.Holds, func(h group.Holding) bool { return h.Key == group.RoleLeader })
			if leads != slices.Contains(c.want, ct.PersonID(name)) {
				t.Errorf("%s: %s leads by the membership: %t", what, name, leads)
			}
		}
		if found := ct.Must(w.Groups.Repair(t.Context()))(t); len(found) > 0 {
			t.Errorf("%s: once more: %+v", what, found)
		}
	}
}

// A repair looks before every write by which leaders are named, lose the role and leave, and finds
// nothing wrong.
func TestARepairAmidChangesOfLeadersChangesNothing(t *testing.T) {
	t.Parallel()
	for _, at := range [][2]string{{"update", "groups"}, {"update", "group_memberships"}, {"findAndModify", "groups"}, {"find", "groups"}} {
		w, _, _, g := led(t)
		m := &ct.Moment{}
		busy := w.Again(m.Option())
		busy.As("anna")
		busy.Join(g, "cara")
		looks := 0
		var look func()
		look = func() {
			looks++
			if found := ct.Must(w.Groups.Repair(t.Context()))(t); len(found) > 0 {
				t.Errorf("before %v: %+v", at, found)
			}
			m.Before(at[0], at[1], look)
		}
		m.Before(at[0], at[1], look)
		ct.Must(grant(busy, "anna", "cara", g, group.RoleLeader, nil))(t)
		ct.Must(revoke(busy, "anna", "bo", g, group.RoleLeader))(t)
		if err := leave(busy, "anna", g); err != nil {
			t.Error(err)
		}
		if _, leaders := members(t, w, g); looks == 0 || !slices.Equal(leaders, []string{ct.PersonID("cara")}) {
			t.Errorf("%v: led by %v after %d looks", at, leaders, looks)
		}
	}
}

// A repair reads that bo, who led the group, has left, and falls asleep. Bo comes again and is named
// again before it reads the group.
func TestARepairThatSleepsTakesNoLeaderAway(t *testing.T) {
	t.Parallel()
	w, _, _, g := led(t)
	m := &ct.Moment{}
	late, seen := w.Again(m.Option()), false
	m.Before("find", "group_memberships", func() { // the group named him when it was read
		if err := leave(w, "bo", g); err != nil {
			t.Error(err)
		}
		m.Before("find", "groups", func() { // and now his membership says that he has left
			seen = true
			w.Join(g, "bo")
			ct.Must(grant(w, "anna", "bo", g, group.RoleLeader, nil))(t)
		})
	})
	if found := ct.Must(late.Groups.Repair(t.Context()))(t); len(found) > 0 {
		t.Errorf("found %+v", found)
	}
	if _, leaders := members(t, w, g); !seen || !slices.Contains(leaders, ct.PersonID("bo")) {
		t.Errorf("the group is led by %v; the moment came: %t", leaders, seen)
	}
}

// A repair finds that bo, whom the group names as a leader, has left, and falls asleep. Bo comes again and
// is named again before it takes his name away.
func TestARepairThatSleepsTakesNoNewNameAway(t *testing.T) {
	t.Parallel()
	w, _, _, g := led(t)
	if err := leave(w, "bo", g); err != nil {
		t.Fatal(err)
	}
	w.Set(t.Context(), "groups", g, map[string]any{"leaderIds": []string{ct.PersonID("anna"), ct.PersonID("bo")}})
	m := &ct.Moment{}
	late, seen := w.Again(m.Option()), false
	m.Before("find", "dead_letters", func() { // before it compares
		m.Before("find", "dead_letters", func() { // after it has compared
			seen = true
			w.Join(g, "bo")
			ct.Must(grant(w, "anna", "bo", g, group.RoleLeader, nil))(t)
		})
	})
	ct.Must(late.Groups.Repair(t.Context()))(t)
	if _, leaders := members(t, w, g); !seen || !slices.Contains(leaders, ct.PersonID("bo")) {
		t.Errorf("the group is led by %v; the moment came: %t", leaders, seen)
	}
	if found := ct.Must(w.Groups.Repair(t.Context()))(t); len(found) > 0 {
		t.Errorf("once more: %+v", found)
	}
}
