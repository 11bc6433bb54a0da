package announcement_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// committee is a group of the municipality with more than a thousand members and
// fælles-skabere as leaders.
func committee(t *testing.T, w *ct.World, v group.Visibility, leaders ...string) *group.Group {
	t.Helper()
	w.Grant("chair", auth.RoleStaff)
	g := w.Group("chair", func(in *group.CreateInput) { in.Kind, in.Visibility = group.KindCommittee, v })
	ct.Crowd{Name: "crowd", People: 1001, PhonesEach: 1}.Join(t.Context(), t, w.Community, g.ID)
	for _, name := range leaders {
		w.Grant(name, auth.RoleCommunityBuilder)
		w.Join(g.ID, name)
		in := group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID(name), Key: group.RoleLeader}
		ct.Must(w.Groups.GrantRole(w.As("chair"), in))(t)
	}
	return g
}

// The author of an announcement is never the second person, whatever office they hold.
func TestNobodyApprovesTheirOwn(t *testing.T) {
	t.Parallel()
	for _, visibility := range []group.Visibility{group.VisibilityPublic, group.VisibilityMembers} {
		t.Run(string(visibility), func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := committee(t, w, visibility, "one", "two")
			one, two := w.As("one"), w.As("two")
			a := ct.Must(w.Announcements.ToGroup(one, said(g.ID)))(t)
			if a.State != announcement.StatePending {
				t.Fatalf("it is %s", a.State)
			}
			found := ct.Must(w.Announcements.ByIDs(one, []string{a.ID}))(t)[a.ID]
			if can := ct.Must(w.Announcements.Can(one, found))(t); !slices.Equal(can, []announcement.Action{announcement.ActionEdit, announcement.ActionReject}) {
				t.Errorf("its author can %v, want to change it and to take it back", can)
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

// If somebody stops an announcement, it is still known who approved it. The audit entries of
// all decisions outlive the announcement. Mere readers see no decisions.
func TestEachDecisionLeavesItsTrace(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	one, two, three := w.Grant("one", auth.RoleStaff), w.Grant("two", auth.RoleStaff), w.Grant("three", auth.RoleStaff)
	crowd(t, w, 1000)
	why := "Forkert dag."
	a := ct.Must(w.Announcements.Broadcast(one, spoken()))(t)
	in := announcement.DecideInput{AnnouncementID: a.ID}
	ct.Must(w.Announcements.Approve(two, in))(t)
	approved := w.Clock.Now()
	w.Clock.Advance(time.Minute)
	in.Reason = &why
	ct.Must(w.Announcements.Stop(three, in))(t)
	b := ct.Must(w.Announcements.Broadcast(one, spoken()))(t)
	ct.Must(w.Announcements.Reject(two, announcement.DecideInput{AnnouncementID: b.ID}))(t)

	seen := func(ctx context.Context, announcementID string) *announcement.Decisions {
		found := ct.Must(w.Announcements.ByIDs(ctx, []string{announcementID}))(t)[announcementID]
		return ct.Must(w.Announcements.Decisions(ctx, found))(t)
	}
	stopped := approved.Add(time.Minute)
	want := &announcement.Decisions{ApproverID: ct.PersonID("two"), ApprovedAt: &approved, StopperID: ct.PersonID("three"), StoppedAt: &stopped}
	if diff := cmp.Diff(want, seen(one, a.ID)); diff != "" {
		t.Errorf("approved and stopped (-want +got):\n%s", diff)
	}
	if d := seen(one, b.ID); d.RejecterID != ct.PersonID("two") || d.ApproverID != "" || d.StopperID != "" {
		t.Errorf("rejected: %+v", d)
	}
	if d := seen(w.As("bo"), a.ID); d != nil {
		t.Errorf("a reader sees %+v", d)
	}
	for announcementID, want := range map[string][]string{
		a.ID: {"broadcast one ", "approveBroadcast two ", "stopBroadcast three Forkert dag."},
		b.ID: {"broadcast one ", "rejectBroadcast two "},
	} {
		var got []string
		for _, e := range ct.Must(w.Audit.Of(t.Context(), announcementID))(t) {
			for _, name := range []string{"one", "two", "three"} {
				if e.Actor == ct.PersonID(name) {
					got = append(got, e.Action+" "+name+" "+e.Details["reason"])
				}
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("recorded (-want +got):\n%s", diff)
		}
	}
}
