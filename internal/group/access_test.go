package group_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// A link ends when its maker may no longer let people in, and does not come back when
// they may again.
func TestALinkEndsWithItsMakersAccess(t *testing.T) {
	t.Parallel()
	moderator := func(t *testing.T, w *ct.World, groupID string, until *time.Time) {
		t.Helper()
		ct.Must(grant(w, "anna", "bo", groupID, group.RoleModerator, until))(t)
	}
	for name, lose := range map[string]func(t *testing.T, w *ct.World, groupID string){
		"left": func(t *testing.T, w *ct.World, groupID string) {
			ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: groupID}))(t)
			w.Join(groupID, "bo")
		},
		"removed": func(t *testing.T, w *ct.World, groupID string) {
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: groupID, PersonID: ct.PersonID("bo")}))(t)
			w.Join(groupID, "bo")
		},
		"the role is taken": func(t *testing.T, w *ct.World, groupID string) {
			ct.Must(revoke(w, "anna", "bo", groupID, group.RoleModerator))(t)
		},
		"the role has expired": func(t *testing.T, w *ct.World, _ string) {
			w.Clock.Advance(time.Hour)
			w.Fire()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Join(g.ID, "bo")
			until := w.Clock.Now().Add(time.Hour)
			moderator(t, w, g.ID, &until)
			code, annas := link(w, "bo", g.ID), link(w, "anna", g.ID)
			lose(t, w, g.ID)
			wantClosed(t, w, g.ID, code)
			moderator(t, w, g.ID, nil)
			wantClosed(t, w, g.ID, code)
			ct.Must(w.Groups.Invitation(w.As("zoe"), annas))(t)
			ct.Must(w.Groups.Invitation(w.As("zoe"), link(w, "bo", g.ID)))(t)
		})
	}
}

// A role that is renewed before its end does not end at the old time.
func TestARenewedRoleOutlivesItsOldEnd(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	for _, d := range []time.Duration{time.Hour, 2 * time.Hour} {
		until := w.Clock.Now().Add(d)
		ct.Must(grant(w, "anna", "bo", g.ID, group.RoleModerator, &until))(t)
	}
	code := link(w, "bo", g.ID)
	w.Clock.Advance(time.Hour)
	w.Fire()
	ct.Must(w.Groups.Invitation(w.As("zoe"), code))(t)
	w.Clock.Advance(time.Hour)
	w.Fire()
	wantClosed(t, w, g.ID, code)
}
