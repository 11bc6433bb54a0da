package group_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/optional"
)

// A visibility that only a newer version knows may mean that outsiders see nothing.
func TestAVisibilityOfANewerVersionHidesTheGroup(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Set(t.Context(), "groups", g.ID, map[string]any{"visibility": "NEIGHBOURS", "later": "kept"})
	if _, err := w.Groups.Get(w.As("bo"), g.ID); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("an outsider sees it: %v", err)
	}
	name := "Havnen"
	if _, err := w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Name: optional.Of(name)}); err != nil {
		t.Fatal(err)
	}
	left := ct.All[map[string]any](w, "groups", map[string]any{"_id": g.ID})[0]
	if left["visibility"] != "NEIGHBOURS" || left["later"] != "kept" || left["name"] != name {
		t.Errorf("after a write by this version: %v", left)
	}
}

// Nobody joins while their membership is in a state that only a newer version knows, since
// it may be a ban.
func TestAMembershipOfANewerVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	if _, err := w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g.ID}); err != nil {
		t.Fatal(err)
	}
	m := id.Pair(g.ID, ct.PersonID("bo"))
	w.Set(t.Context(), "group_memberships", m, map[string]any{"state": "SUSPENDED"})
	if _, err := w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g.ID}); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("joined over it: %v", err)
	}
	if left := ct.All[map[string]any](w, "group_memberships", map[string]any{"_id": m})[0]; left["state"] != "SUSPENDED" {
		t.Errorf("after the attempt: %v", left)
	}
}
