package group_test

import (
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// Nobody but a leader gives away for longer what they have only for a while: a friend
// could give it back for good.
func TestAGiftDoesNotOutliveWhatItIsGivenFrom(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo", "cara")
	soon := w.Clock.Now().Add(24 * time.Hour)
	later := soon.Add(time.Millisecond)
	ct.Must(grant(w, "anna", "bo", g, group.RoleCaretaker, &soon))(t)
	ct.WantKey(t, mistake(grant(w, "bo", "cara", g, group.RoleCaretaker, nil)), "group.role.outlives")
	ct.WantKey(t, mistake(grant(w, "bo", "cara", g, group.RoleCaretaker, &later)), "group.role.outlives")
	ct.Must(grant(w, "bo", "cara", g, group.RoleCaretaker, &soon))(t)
	// Nor by more in a role that others hold for good; a new one nobody holds yet.
	own := ct.Must(saveRole(w, "bo", g, nil, "Ny", group.Invite))(t)
	ct.WantKey(t, mistake(grant(w, "bo", "cara", g, own.Key, nil)), "group.role.outlives")
	ct.Must(grant(w, "bo", "cara", g, own.Key, &soon))(t)
	vaert := ct.Must(saveRole(w, "anna", g, nil, "Vært", group.Post))(t)
	ct.WantKey(t, mistake(saveRole(w, "bo", g, &vaert.Key, "Vært", group.Post, group.Invite)), "group.role.outlives")
	ct.Must(saveRole(w, "bo", g, &vaert.Key, "Vært og værtinde", group.Post))(t)
	// What one has twice one has until the later end.
	invites := ct.Must(saveRole(w, "anna", g, nil, "Indbyder", group.Invite))(t)
	ct.Must(grant(w, "anna", "bo", g, invites.Key, nil))(t)
	ct.Must(saveRole(w, "bo", g, &vaert.Key, "Vært", group.Post, group.Invite))(t)
	// What every member may is nobody's gift.
	ct.Must(saveRole(w, "bo", g, nil, "Skriver", group.Post))(t)
	w.Clock.Advance(24 * time.Hour)
	ct.WantKey(t, mistake(grant(w, "bo", "cara", g, group.RoleCaretaker, nil)), "group.permission")
}

// The same holds for what the municipality lets somebody do for a while.
func TestAGiftDoesNotOutliveAnOffice(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := committee(w, group.VisibilityPublic).ID
	w.Join(g, "bo")
	soon := w.Clock.Now().Add(24 * time.Hour)
	brief := w.As("eva")
	v := auth.FromContext(brief)
	v.Granted = []auth.CapabilityGrant{{Capability: auth.CapabilitySupport, ExpiresAt: &soon}}
	brief = auth.WithViewer(brief, v)
	in := group.GrantRoleInput{GroupID: g, PersonID: ct.PersonID("bo"), Key: group.RoleCaretaker}
	ct.WantKey(t, mistake(w.Groups.GrantRole(brief, in)), "group.role.outlives")
	in.ExpiresAt = &soon
	ct.Must(w.Groups.GrantRole(brief, in))(t)
	in.ExpiresAt = nil
	w.Grant("staff", auth.RoleStaff)
	ct.Must(w.Groups.GrantRole(w.As("staff"), in))(t)
}
