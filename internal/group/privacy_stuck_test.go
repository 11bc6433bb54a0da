package group_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/testkit"
)

// Groups and memberships that cannot be erased keep no others from being erased, even if they come first, and
// more of them than one step reads. They are erased once the reason is mended.
func TestAMembershipThatFailsKeepsNoOther(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	const failing = 12
	bo := ct.PersonID("bo")
	stuck := map[string][]string{}
	for range failing {
		g := w.Group("anna").ID
		w.Join(g, "bo")
		stuck["group_memberships"] = append(stuck["group_memberships"], id.Pair(g, bo))
		stuck["groups"] = append(stuck["groups"], w.Group("bo").ID)
		w.Clock.Advance(time.Hour)
	}
	b := belong(w, "bo")
	for collection, ids := range stuck {
		for _, docID := range ids {
			w.Set(t.Context(), collection, docID, ct.Stuck())
		}
	}
	w.Entomb("bo")
	if err := w.Erase(t.Context(), bo); err == nil || strings.Count(err.Error(), "still have effects") < 2*failing {
		t.Errorf("the failures are told as %v", err)
	}
	for _, m := range ct.All[group.Membership](w, "group_memberships", map[string]any{"personId": bo}) {
		if !slices.Contains(stuck["group_memberships"], m.ID) && !slices.Contains(stuck["groups"], m.GroupID) {
			t.Errorf("the membership in %s is still there", m.GroupID)
		}
	}
	if g := groupOf(w, b.led); slices.Contains(g.LeaderIDs, bo) {
		t.Error("bo still leads a group that is not stuck")
	}
	for _, m := range ct.All[group.Membership](w, "group_memberships", map[string]any{"groupId": b.led}) {
		for _, step := range m.History {
			if step.By == bo {
				t.Errorf("the membership %s still says that bo decided", m.ID)
			}
		}
	}
	for collection, ids := range stuck {
		for _, docID := range ids {
			w.Set(t.Context(), collection, docID, map[string]any{"due": []string{}, "effects": map[string]any{}})
		}
	}
	if err := w.Erase(t.Context(), bo); err != nil {
		t.Fatal(err)
	}
	for _, c := range groupCollections {
		if found := testkit.Mentions(t, w.DB, c, bo); len(found) > 0 {
			t.Errorf("once the reason is mended %s still has %v", c, found)
		}
	}
}
