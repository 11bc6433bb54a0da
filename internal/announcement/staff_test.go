package announcement_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/community"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

// Of the announcements in groups, staff see those that wait for a decision and those of
// public groups. A rejected or stopped announcement of a hidden group is in none of their
// lists.
func TestStaffSeeWhatTheyMustDecideOn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	nobody := 0
	w.Community = community.New(community.Options{DB: w.DB, Sender: w.Sender, Log: slog.New(slog.DiscardHandler), Owner: "test", ApprovalOver: &nobody})
	staff := w.Grant("staff", auth.RoleStaff)
	anna := w.As("anna")
	ids := map[string]string{} // ids by visibility and state
	for _, v := range []group.Visibility{group.VisibilityPublic, group.VisibilityMembers, group.VisibilityHidden} {
		g := w.Group("anna", func(in *group.CreateInput) { in.Visibility = v })
		for _, state := range []announcement.State{announcement.StatePending, announcement.StateRejected, announcement.StateStopped} {
			a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
			in := announcement.DecideInput{AnnouncementID: a.ID}
			switch state {
			case announcement.StateRejected:
				ct.Must(w.Announcements.Reject(w.As("anna"), in))(t)
			case announcement.StateStopped:
				ct.Must(w.Announcements.Approve(staff, in))(t)
				ct.Must(w.Announcements.Stop(w.As("anna"), in))(t)
			}
			ids[string(v)+" "+string(state)] = a.ID
		}
		anna = w.As("anna")
	}
	listed := func(ctx context.Context, state announcement.State, groupID *string) []string {
		t.Helper()
		var got []string
		for _, e := range ct.Must(w.Announcements.List(ctx, &announcement.Filter{States: []announcement.State{state}, GroupID: groupID}, page.Args{First: 20}))(t).Edges {
			got = append(got, e.Node.ID)
		}
		return got
	}
	if got := listed(staff, announcement.StatePending, nil); len(got) != 3 {
		t.Errorf("%d wait for staff", len(got))
	}
	for _, state := range []announcement.State{announcement.StateRejected, announcement.StateStopped} {
		if got := listed(staff, state, nil); len(got) != 0 {
			t.Errorf("staff list %v in state %s", got, state)
		}
	}
	for what, announcementID := range ids {
		want := slices.Contains([]string{"PUBLIC PENDING_APPROVAL", "MEMBERS PENDING_APPROVAL", "HIDDEN PENDING_APPROVAL", "PUBLIC STOPPED"}, what)
		found := ct.Must(w.Announcements.ByIDs(staff, []string{announcementID}))(t)
		if got := found[announcementID] != nil; got != want {
			t.Errorf("staff see the %s one: %t", what, got)
		}
		if own := ct.Must(w.Announcements.ByIDs(anna, []string{announcementID}))(t); own[announcementID] == nil {
			t.Errorf("its author does not see the %s one", what)
		}
	}
	// Staff see the municipality's own announcements in every state.
	a := ct.Must(w.Announcements.Broadcast(staff, spoken()))(t)
	ct.Must(w.Announcements.Reject(staff, announcement.DecideInput{AnnouncementID: a.ID}))(t)
	if got := listed(staff, announcement.StateRejected, nil); !slices.Equal(got, []string{a.ID}) {
		t.Errorf("staff list %v", got)
	}
}
