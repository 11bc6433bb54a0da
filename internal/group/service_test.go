package group_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

func policy(p group.JoinPolicy) func(*group.CreateInput) {
	return func(in *group.CreateInput) { in.JoinPolicy = p }
}

func hidden(in *group.CreateInput) { in.Visibility = group.VisibilityHidden }

func leave(w *ct.World, name, groupID string) error {
	_, err := w.Groups.Leave(w.As(name), group.LeaveInput{GroupID: groupID})
	return err
}

func grant(w *ct.World, by, name, groupID, key string, ends *time.Time) (*group.Membership, error) {
	return w.Groups.GrantRole(w.As(by), group.GrantRoleInput{GroupID: groupID, PersonID: ct.PersonID(name), Key: key, ExpiresAt: ends})
}

func revoke(w *ct.World, by, name, groupID, key string) (*group.Membership, error) {
	return w.Groups.RevokeRole(w.As(by), group.RevokeRoleInput{GroupID: groupID, PersonID: ct.PersonID(name), Key: key})
}

// held are the keys of the roles that a person holds in a group, as the API shows them.
func held(t *testing.T, w *ct.World, name, groupID string) (keys []string) {
	t.Helper()
	g := ct.Must(w.Groups.Load(t.Context(), []string{groupID}))(t)[groupID]
	for _, h := range membershipOf(t, w, name, groupID).Held(g) {
		keys = append(keys, h.Role.Key)
	}
	return keys
}

// members returns a group's member count and leaders.
func members(t *testing.T, w *ct.World, groupID string) (int, []string) {
	t.Helper()
	w.RunPending()
	g := ct.Must(w.Groups.Load(t.Context(), []string{groupID}))(t)[groupID]
	return g.MemberCount, g.LeaderIDs
}

func TestLastLeaderStays(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ct.WantKey(t, leave(w, "anna", g.ID), "group.last_leader")
	_, err := revoke(w, "anna", "anna", g.ID, group.RoleLeader)
	ct.WantKey(t, err, "group.last_leader")
	_, err = w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("anna")})
	ct.WantKey(t, err, "group.last_leader")
	ct.Must(grant(w, "anna", "bo", g.ID, group.RoleLeader, nil))(t)
	if err := leave(w, "anna", g.ID); err != nil {
		t.Errorf("with another leader: %v", err)
	}
	if n, leaders := members(t, w, g.ID); n != 1 || !slices.Equal(leaders, []string{ct.PersonID("bo")}) {
		t.Errorf("%d members, led by %v", n, leaders)
	}
	if _, p := w.Person("bo"); !group.GrantAllows(p.Groups[g.ID].Grant, group.ManageMembers, w.Clock.Now()) {
		t.Errorf("bo's copy %+v", p.Groups[g.ID])
	}
	if _, p := w.Person("anna"); p.Groups[g.ID].Active {
		t.Errorf("anna's copy %+v", p.Groups[g.ID])
	}
}

func TestTwoLeadersLeavingAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for round := range 5 {
		g := w.Group("anna", func(in *group.CreateInput) { in.Name = fmt.Sprint("Haven ", round) })
		w.Join(g.ID, "bo")
		ct.Must(grant(w, "anna", "bo", g.ID, group.RoleLeader, nil))(t)
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, name := range []string{"anna", "bo"} {
			ctx := w.As(name)
			wg.Go(func() { _, errs[i] = w.Groups.Leave(ctx, group.LeaveInput{GroupID: g.ID}) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("answers %v", errs)
		}
		if n, leaders := members(t, w, g.ID); n != 1 || len(leaders) != 1 {
			t.Errorf("%d members, led by %v", n, leaders)
		}
	}
}

func TestJoinPolicies(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	open, ask, invite := w.Group("anna"), w.Group("anna", policy(group.JoinAsk)), w.Group("anna", policy(group.JoinInvite))
	join := func(id string) (*group.Membership, error) {
		return w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: id})
	}
	if m, err := join(open.ID); err != nil || m.State != group.StateActive {
		t.Errorf("open: %+v, %v", m, err)
	}
	_, err := join(open.ID)
	ct.WantKey(t, err, "group.join.already")
	if m, err := join(ask.ID); err != nil || m.State != group.StateRequested {
		t.Errorf("ask: %+v, %v", m, err)
	}
	_, err = join(ask.ID)
	ct.WantKey(t, err, "group.join.pending")
	_, err = join(invite.ID)
	ct.WantKey(t, err, "group.join.invite_only")
	if n, _ := members(t, w, open.ID); n != 2 {
		t.Errorf("open has %d members", n)
	}
	if n, _ := members(t, w, ask.ID); n != 1 {
		t.Errorf("ask has %d members", n)
	}
}

func TestRequestsAreAnsweredAndTold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk))
	w.Phone("anna", "anna")
	for _, name := range []string{"bo", "cara"} {
		w.Join(g.ID, name)
		w.Phone(name, name)
	}
	w.Drain()
	answer := func(name string) group.AnswerInput {
		return group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID(name)}
	}
	_, err := w.Groups.Approve(w.As("cara"), answer("cara"))
	ct.WantKind(t, err, fault.KindForbidden)
	ct.Must(w.Groups.Approve(w.As("anna"), answer("bo")))(t)
	ct.Must(w.Groups.Decline(w.As("anna"), answer("cara")))(t)
	_, err = w.Groups.Approve(w.As("anna"), answer("cara"))
	ct.WantKey(t, err, "group.request.not_found")
	w.Drain()
	got := map[string]int{}
	for _, p := range w.Phones.Pushes() {
		got[p.Device]++
	}
	if got["anna"] != 2 || got["bo"] != 1 || got["cara"] != 1 {
		t.Errorf("pushes %v", got)
	}
	if len(w.Jobs(group.NoticeJoinAnswered)) != 2 {
		t.Error("not both answers were told")
	}
	if n, _ := members(t, w, g.ID); n != 2 {
		t.Errorf("%d members", n)
	}
}

func TestBannedStaysOut(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "cara")
	remove := func(by, name string, ban bool) error {
		_, err := w.Groups.Remove(w.As(by), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID(name), Ban: ban})
		return err
	}
	ct.WantKind(t, remove("bo", "cara", true), fault.KindForbidden)
	if err := remove("anna", "bo", true); err != nil {
		t.Fatal(err)
	}
	if err := remove("anna", "cara", false); err != nil {
		t.Fatal(err)
	}
	_, err := w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g.ID})
	ct.WantKey(t, err, "group.join.banned")
	w.Join(g.ID, "cara")
	if n, _ := members(t, w, g.ID); n != 2 {
		t.Errorf("%d members", n)
	}
}

func TestHiddenGroupDoesNotExistForOthers(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", hidden)
	bo := w.As("bo")
	query := "haven"
	for _, ctx := range []struct {
		name string
		see  bool
	}{{"anna", true}, {"bo", false}} {
		c := w.As(ctx.name)
		_, err := w.Groups.Get(c, g.ID)
		if (err == nil) != ctx.see {
			t.Errorf("%s gets it: %v", ctx.name, err)
		}
		for _, f := range []*group.Filter{nil, {Query: &query}} {
			if n := len(ct.Must(w.Groups.List(c, f, page.Args{First: 10}))(t).Edges); (n == 1) != ctx.see {
				t.Errorf("%s lists %d", ctx.name, n)
			}
		}
		if n := len(ct.Must(w.Groups.ByIDs(c, []string{g.ID}))(t)); (n == 1) != ctx.see {
			t.Errorf("%s loads %d", ctx.name, n)
		}
	}
	_, err := w.Groups.Join(bo, group.JoinInput{GroupID: g.ID})
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.Groups.Update(bo, group.UpdateInput{GroupID: g.ID})
	ct.WantKind(t, err, fault.KindNotFound)
	w.PublishedEvent("anna", g.ID, nil)
	if n := len(ct.Must(w.Events.List(bo, nil, page.Args{First: 10}))(t).Edges); n != 0 {
		t.Error("bo sees its event")
	}
}

func TestRolesEndByTheClock(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ends := w.Clock.Now().Add(time.Hour)
	canPost := func() bool {
		_, err := w.Groups.Require(w.As("bo"), g.ID, group.PostEvents)
		return err == nil
	}
	ct.Must(grant(w, "anna", "bo", g.ID, group.RoleOrganiser, &ends))(t)
	w.Clock.Advance(time.Hour - time.Millisecond)
	if got := held(t, w, "bo", g.ID); !slices.Equal(got, []string{group.RoleMember, group.RoleOrganiser}) || !canPost() {
		t.Errorf("before the end bo holds %v, may post: %t", got, canPost())
	}
	w.Clock.Advance(time.Millisecond)
	if got := held(t, w, "bo", g.ID); !slices.Equal(got, []string{group.RoleMember}) || canPost() {
		t.Errorf("at the end bo holds %v, may post: %t", got, canPost())
	}
	_, err := grant(w, "anna", "bo", g.ID, group.RoleLeader, &ends)
	ct.WantKind(t, err, fault.KindInvalid)
}

func TestLevelsAndVersions(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	for _, want := range []notify.Level{notify.LevelInbox, notify.LevelInbox, notify.LevelSummary, notify.LevelAll} {
		m := ct.Must(w.Groups.SetNotifications(w.As("bo"), group.NotificationsInput{GroupID: g.ID, Level: want}))(t)
		if _, p := w.Person("bo"); p.Groups[g.ID].Level != want {
			t.Errorf("bo's copy %+v, want %s", p.Groups[g.ID], want)
		}
		if own, others := m.Notifications(w.As("bo")), m.Notifications(w.As("anna")); own == nil || *own != want || others != nil {
			t.Errorf("bo is told %v, others %v, want %s and nothing", own, others, want)
		}
	}
	_, err := w.Groups.SetNotifications(w.As("cara"), group.NotificationsInput{GroupID: g.ID, Level: notify.LevelInbox})
	ct.WantKey(t, err, "group.not_member")
	name, old := "Marken", g.Version
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Name: optional.Of(name), ExpectedVersion: &old}))(t)
	_, err = w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Name: optional.Of(name), ExpectedVersion: &old})
	if !fault.HasCode(err, fault.CodeVersionConflict) {
		t.Errorf("an old version: %v", err)
	}
}
