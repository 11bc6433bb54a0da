package group_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// The member who leads a group because its only leader is erased is told so once, and not of whom.
func TestWhoInheritsAGroupIsTold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	w.Clock.Advance(time.Minute)
	w.Join(g, "cara")
	w.Phone("bo", "bo")
	w.Drain()
	w.Entomb("anna")
	for range 2 {
		ct.EraseFrom(t, w.Groups.Part().Collections, "anna")
		w.RunPending()
	}
	wantTold(t, w, "bo", group.NoticeLeads, 1, "after the erasure")
	wantTold(t, w, "cara", group.NoticeLeads, 0, "after the erasure")
	if p := w.Phones.Pushes(); len(p) != 1 || p[0].Title != "Du leder nu Haven" || p[0].Body != "Gruppen har mistet sin leder, så nu er du leder. Du kan også give rollen til en anden." {
		t.Errorf("pushed %+v", p)
	}
	ct.Must(w.Groups.Update(w.As("bo"), group.UpdateInput{GroupID: g}))(t)
}

// An heir who has given the group on before they hear of it is not told.
func TestWhoHasGivenTheGroupOnIsNotTold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	w.Clock.Advance(time.Minute)
	w.Join(g, "cara")
	w.Entomb("anna")
	ct.EraseFrom(t, w.Groups.Part().Collections, "anna")
	w.RunPending()
	ct.Must(grant(w, "bo", "cara", g, group.RoleLeader, nil))(t)
	ct.Must(revoke(w, "bo", "bo", g, group.RoleLeader))(t)
	wantTold(t, w, "bo", group.NoticeLeads, 0, "after giving it on")
}
