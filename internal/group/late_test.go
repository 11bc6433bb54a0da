package group_test

import (
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// led is a group led by anna and bo, with a moment and a repeater.
func led(t *testing.T) (*ct.World, *ct.Moment, *ct.Repeater, string) {
	t.Helper()
	m, r := &ct.Moment{}, &ct.Repeater{}
	w := ct.New(t, m.Option(), r.Option())
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ct.Must(grant(w, "anna", "bo", g.ID, group.RoleLeader, nil))(t)
	w.RunPending()
	return w, m, r, g.ID
}

// repeat runs the batches since the last Take again, as a process does that slept in the
// meantime.
func repeat(t *testing.T, w *ct.World, list []ct.Repeat) {
	t.Helper()
	for _, late := range list {
		_ = w.Outbox.Follow(t.Context(), late.Doc, late.Batch)
	}
	w.RunPending()
}

func membershipOf(t *testing.T, w *ct.World, name, groupID string) *group.Membership {
	t.Helper()
	own := ct.Must(w.Groups.OwnByGroup(w.As(name), []string{groupID}))(t)
	return own[groupID]
}

// A leader leaves and comes back. The effects of leaving come late.
func TestALateEndLeavesWhoHasComeBack(t *testing.T) {
	t.Parallel()
	w, _, r, g := led(t)
	r.Take()
	if err := leave(w, "bo", g); err != nil {
		t.Fatal(err)
	}
	late := r.Take()
	w.Clock.Advance(time.Second)
	w.Join(g, "bo")
	repeat(t, w, late)
	if m := membershipOf(t, w, "bo", g); m.State != group.StateActive {
		t.Errorf("bo came back and is %s", m.State)
	}
}

// A leader loses the role and is named again. The effects of the first change come late,
// and those of the second run again after a third change.
func TestALateChangeOfLeadersLeavesTheNewOne(t *testing.T) {
	t.Parallel()
	w, _, r, g := led(t)
	r.Take()
	ct.Must(revoke(w, "anna", "bo", g, group.RoleLeader))(t)
	late := r.Take()
	ct.Must(grant(w, "anna", "bo", g, group.RoleLeader, nil))(t)
	again := r.Take()
	repeat(t, w, late)
	if got := held(t, w, "bo", g); !slices.Contains(got, group.RoleLeader) {
		t.Errorf("bo was named again and holds %v", got)
	}
	ct.Must(revoke(w, "anna", "bo", g, group.RoleLeader))(t)
	repeat(t, w, again)
	_, leaders := members(t, w, g)
	if got := held(t, w, "bo", g); !slices.Equal(got, []string{group.RoleMember}) || len(leaders) != 1 {
		t.Errorf("bo holds %v, the group is led by %v", got, leaders)
	}
}

// A person is made a leader in the middle of leaving, or of losing the role. The group
// and the membership agree afterwards: the group never counts a leader who is none.
func TestTheGroupCountsNoLeaderWhoIsNone(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(w *ct.World, g string) error{
		"leaves": func(w *ct.World, g string) error { return leave(w, "cara", g) },
		"another role": func(w *ct.World, g string) error {
			_, err := revoke(w, "anna", "cara", g, group.RoleLeader)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, m, _, g := led(t)
			w.Join(g, "cara")
			seen := false
			m.Before("find", "group_memberships", func() { // the group has been read
				seen = true
				ct.Must(grant(w, "bo", "cara", g, group.RoleLeader, nil))(t)
			})
			err := do(w, g)
			if !seen {
				t.Fatal("the moment did not come")
			}
			_, leaders := members(t, w, g)
			leads := slices.Contains(leaders, ct.PersonID("cara"))
			own := membershipOf(t, w, "cara", g)
			if leads != (own.State == group.StateActive && slices.Contains(held(t, w, "cara", g), group.RoleLeader)) {
				t.Errorf("the group says %v; she is %s and holds %v (%v)", leads, own.State, own.Holds, err)
			}
		})
	}
}

// Anna makes bo a leader and leaves herself, while bo leaves before his membership says
// that he leads. A leader whose membership does not say so yet does not let the last one
// go.
func TestALeaderWhoIsNoneYetDoesNotCount(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna").ID
	w.Join(g, "bo")
	anna, bo := w.As("anna"), ct.PersonID("bo")
	chosen, wake, given := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	m.Before("find", "group_memberships", func() { // bo's leaving has read the group
		m.Before("find", "group_memberships", func() { // anna looks whether he is a member
			m.Before("find", "group_memberships", func() { // he is chosen, and his membership is about to follow
				close(chosen)
				<-wake
			})
		})
		go func() {
			_, err := w.Groups.GrantRole(anna, group.GrantRoleInput{GroupID: g, PersonID: bo, Key: group.RoleLeader})
			given <- err
		}()
		<-chosen
	})
	if err := leave(w, "bo", g); err != nil {
		t.Error(err)
	}
	ct.WantKey(t, leave(w, "anna", g), "group.last_leader")
	close(wake)
	if err := <-given; err != nil {
		t.Error(err)
	}
	if _, leaders := members(t, w, g); !slices.Equal(leaders, []string{ct.PersonID("anna")}) {
		t.Errorf("the group is led by %v", leaders)
	}
}

// Bo is named a leader when his leaving is about to be written. He does not count as a
// leader, and the naming is taken back.
func TestWhoHasLeftBeforeTheyHeardIsNoLeader(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna").ID
	w.Join(g, "bo")
	anna, bo := w.As("anna"), ct.PersonID("bo")
	chosen, wake, given := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	m.Before("update", "group_memberships", func() {
		m.Before("find", "group_memberships", func() { // anna looks whether he is a member
			m.Before("find", "group_memberships", func() { // he is named, and his membership is about to follow
				close(chosen)
				<-wake
			})
		})
		go func() {
			_, err := w.Groups.GrantRole(anna, group.GrantRoleInput{GroupID: g, PersonID: bo, Key: group.RoleLeader})
			given <- err
		}()
		<-chosen
	})
	if err := leave(w, "bo", g); err != nil {
		t.Error(err)
	}
	ct.WantKey(t, leave(w, "anna", g), "group.last_leader")
	close(wake)
	ct.WantKey(t, <-given, "group.person_not_member")
	if _, leaders := members(t, w, g); !slices.Equal(leaders, []string{ct.PersonID("anna")}) {
		t.Errorf("the group is led by %v", leaders)
	}
}
