package group_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// Nobody fills another person's invitations, however many groups they start: only so many of one person's
// invitations wait for an answer at a time.
func TestOnePersonDoesNotFillAnothersInvitations(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Person("bo")
	var last string
	for range group.MaxInvitationsBy {
		last = w.Group("anna", hidden).ID
		mustInvite(w, "anna", "bo", last)
	}
	more := w.Group("anna").ID
	ct.WantKey(t, mistake(invite(w, "anna", "bo", more)), "group.invite.many")
	ct.Must(invite(w, "anna", "bo", last))(t) // who is invited already stays invited
	mustInvite(w, "anna", "dan", more)
	mustInvite(w, "cara", "bo", w.Group("cara").ID)
	// Whoever has asked wants to come in.
	asking := w.Group("anna", policy(group.JoinAsk)).ID
	w.Join(asking, "bo")
	ct.Must(invite(w, "anna", "bo", asking))(t)
	// Each answer makes room for one more.
	ct.Must(decline(w, "bo", last))(t)
	ct.Must(invite(w, "anna", "bo", more))(t)
	ct.WantKey(t, mistake(invite(w, "anna", "bo", last)), "group.invite.many")
}
