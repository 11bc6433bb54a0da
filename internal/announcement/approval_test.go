package announcement_test

import (
	"slices"
	"testing"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// committee is a group of the municipality with more than a thousand members, in
// which fælles-skabere may announce although they are no members.
func committee(t *testing.T, w *ct.World, v group.Visibility) *group.Group {
	t.Helper()
	w.Grant("chair", auth.RoleStaff)
	g := w.Group("chair", func(in *group.CreateInput) { in.Kind, in.Visibility = group.KindCommittee, v })
	ct.Crowd{Name: "crowd", People: 1001, PhonesEach: 1}.Join(t.Context(), t, w.Community, g.ID)
	return g
}

// Who may announce in a group without being in it is still the author of what they
// announce, whether or not the group shows itself to them.
func TestNobodyApprovesTheirOwn(t *testing.T) {
	t.Parallel()
	for _, visibility := range []group.Visibility{group.VisibilityPublic, group.VisibilityMembers} {
		t.Run(string(visibility), func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := committee(t, w, visibility)
			one, two := w.Grant("one", auth.RoleCommunityBuilder), w.Grant("two", auth.RoleCommunityBuilder)
			a := ct.Must(w.Announcements.ToGroup(one, said(g.ID)))(t)
			if a.State != announcement.StatePending {
				t.Fatalf("it is %s", a.State)
			}
			found := ct.Must(w.Announcements.ByIDs(one, []string{a.ID}))(t)[a.ID]
			if can := ct.Must(w.Announcements.Can(one, found))(t); !slices.Equal(can, []announcement.Action{announcement.ActionReject}) {
				t.Errorf("its author can %v, want to take it back", can)
			}
			in := announcement.DecideInput{AnnouncementID: a.ID}
			_, err := w.Announcements.Approve(one, in)
			ct.WantKey(t, err, "announcement.second_person")
			if a := ct.Must(w.Announcements.Approve(two, in))(t); a.State != announcement.StateSent {
				t.Errorf("approved by another, it is %s", a.State)
			}
			b := ct.Must(w.Announcements.ToGroup(one, said(g.ID)))(t)
			if b := ct.Must(w.Announcements.Reject(one, announcement.DecideInput{AnnouncementID: b.ID}))(t); b.State != announcement.StateRejected {
				t.Errorf("taken back, it is %s", b.State)
			}
		})
	}
}
