package group_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
)

// The repair mends a wrong number of members, also if somebody joins right before it writes, and
// finds nothing wrong while somebody joins.
func TestARepairCountsMembers(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	w.As("cara")
	w.As("dan")
	m := &ct.Moment{}
	late := w.Again(m.Option())
	m.Before("findAndModify", "groups", func() {
		if found := ct.Must(w.Groups.Repair(t.Context()))(t); len(found) > 0 {
			t.Errorf("while cara joins: %+v", found)
		}
	})
	late.Join(g, "cara")
	for _, was := range []int{1, 7} {
		w.Set(t.Context(), "groups", g, map[string]any{"memberCount": was})
		seen := false
		m.Before("update", "groups", func() { // the repair is about to write
			if seen = true; was == 7 {
				w.Join(g, "dan")
			}
		})
		ct.Must(late.Groups.Repair(t.Context()))(t)
		n, _ := members(t, w, g)
		if want := map[int]int{1: 3, 7: 4}[was]; n != want || !seen {
			t.Errorf("it counts %d members, want %d; the moment came: %t", n, want, seen)
		}
		if found := ct.Must(w.Groups.Repair(t.Context()))(t); len(found) > 0 {
			t.Errorf("once more: %+v", found)
		}
	}
}

// A group from before there were versions of numbers is repaired too.
func TestARepairCountsMembersOfAGroupWithoutAVersion(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Set(t.Context(), "groups", g, map[string]any{"memberCount": 5})
	w.Unset("groups", g, "countVersion")
	ct.Must(w.Groups.Repair(t.Context()))(t)
	if n, _ := members(t, w, g); n != 1 {
		t.Errorf("it counts %d members", n)
	}
}
