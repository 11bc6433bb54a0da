package group_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// Two roles of one person change, and the walk of the second change reaches them first.
// What the first change ends has ended all the same.
func TestTwoChangesOfRolesReachTheirHoldersInAnyOrder(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	first := ct.Must(saveRole(w, "anna", g, nil, "Første", group.Invite))(t)
	second := ct.Must(saveRole(w, "anna", g, nil, "Anden", group.CheckIn))(t)
	for i := range 21 { // more than one step takes along
		name := fmt.Sprint("holder-", i)
		w.Join(g, name)
		ct.Must(grant(w, "anna", name, g, first.Key, nil))(t)
	}
	last := lastHolder()
	code := link(w, last, g)
	ct.Must(grant(w, "anna", last, g, second.Key, nil))(t)
	ct.Must("", deleteRole(w, "anna", g, first.Key))(t) // its walk stops before the last one
	ct.Must(saveRole(w, "anna", g, &second.Key, "Anden", group.Post))(t)
	w.Clock.Advance(time.Minute)
	w.Fire()
	if m := membershipOf(t, w, last, g); slices.ContainsFunc(m.Holds, func(h group.Holding) bool { return h.Key == first.Key }) {
		t.Errorf("a role that is gone is held: %v", m.Holds)
	}
	// The link ended with the permission, and another role does not revive it.
	ct.Must(grant(w, "anna", last, g, group.RoleModerator, nil))(t)
	wantClosed(t, w, g, code)
}

// lastHolder is the last of 21 in the order in which they are walked.
func lastHolder() string {
	last, lastID := "", ""
	for i := range 21 {
		name := fmt.Sprint("holder-", i)
		if personID := ct.PersonID(name); personID > lastID {
			last, lastID = name, personID
		}
	}
	return last
}

// A phone that asks again a day later, when its first question is forgotten, does not
// undo what has been made of the role since.
func TestALateRepeatMakesNoRoleWhatItWas(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	ct.Must(grant(w, "anna", "bo", g, group.RoleCaretaker, nil))(t)
	key := "11111111-1111-4111-8111-111111111111"
	save := func() (*group.Role, error) {
		return w.Groups.SaveRole(w.As("bo"), group.SaveRoleInput{ClientMutationID: &key, GroupID: g, Name: "Vært", Permissions: []group.Permission{group.Invite}})
	}
	r := ct.Must(save())(t)
	ct.Must(saveRole(w, "anna", g, &r.Key, "Værtinde", group.Post))(t)
	w.Clock.Advance(25 * time.Hour)
	ct.Must("", w.Keys.Purge(t.Context()))(t)
	_, err := save()
	ct.WantKey(t, err, "group.role.exists")
	if now := ct.Must(w.Groups.Load(t.Context(), []string{g}))(t)[g].OwnRoles[r.Key]; now.Name != "Værtinde" || !slices.Equal(now.Permissions, []group.Permission{group.Post}) {
		t.Errorf("the role is %+v", now)
	}
}

// Names differ by what people see, not by case or by how a letter is written down.
func TestNamesOfRolesDifferByWhatPeopleSee(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	for _, name := range []string{"🎉", "🔥", "Vært", "👨‍👩‍👧", "1.", "2.", "!!", "??", "مدير", "Kasserer A", "Kasserer Å"} {
		if _, err := saveRole(w, "anna", g, nil, name, group.Post); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"leder", "KASSERER", "Treasurer", "Medlem", "tovholder", "Lеder", "Leder ★", "L-eder", "Led\u0435r"} { // those of every group
		ct.WantKey(t, mistake(saveRole(w, "anna", g, nil, name, group.Post)), "group.role.name_taken")
	}
	for _, name := range []string{"vÆRT", "  Vært ", "Kasserer A\u030a", "🎉 ", "V\u00e6rt."} {
		if _, err := saveRole(w, "anna", g, nil, name, group.Post); err == nil {
			t.Errorf("%q once more", name)
		}
	}
}

// A role is deleted just as somebody is given it. It allows them nothing, and does not
// count among the ten that they may hold.
func TestARoleThatIsDeletedMeanwhileTakesNoRoom(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna").ID
	w.Join(g, "bo")
	var kept []string
	for i := range group.MaxHeld {
		kept = append(kept, ct.Must(saveRole(w, "anna", g, nil, fmt.Sprint("Rolle ", i), group.Invite))(t).Key)
	}
	gone := ct.Must(saveRole(w, "anna", g, nil, "Væk", group.Invite))(t)
	m.Before("update", "group_memberships", func() { ct.Must("", deleteRole(w, "anna", g, gone.Key))(t) })
	_, _ = grant(w, "anna", "bo", g, gone.Key, nil)
	w.RunPending()
	if got := may(t, w, "bo", g); !slices.Equal(got, []group.Permission{group.Post}) {
		t.Errorf("bo may %v", got)
	}
	for _, key := range kept {
		ct.Must(grant(w, "anna", "bo", g, key, nil))(t)
	}
	ct.WantKey(t, mistake(grant(w, "anna", "bo", g, group.RoleOrganiser, nil)), "group.role.held_many")
	if got := held(t, w, "bo", g); len(got) != 1+group.MaxHeld {
		t.Errorf("bo holds %d roles", len(got))
	}
}
