package group_test

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
)

func invite(w *ct.World, by, name, groupID string) (*group.Membership, error) {
	return w.Groups.Invite(w.As(by), group.InviteInput{GroupID: groupID, PersonID: ct.PersonID(name)})
}

func mustInvite(w *ct.World, by, name, groupID string) {
	w.T.Helper()
	w.Person(name)
	ct.Must(invite(w, by, name, groupID))(w.T)
}

func decline(w *ct.World, name, groupID string) (*group.Membership, error) {
	return w.Groups.DeclineInvitation(w.As(name), group.DeclineInput{GroupID: groupID})
}

func actions(w *ct.World, name string, g *group.Group) []group.Action {
	ctx := w.As(name)
	beside := slices.Collect(maps.Values(ct.Must(w.People.ByIDs(ctx, g.BesideViewer(ctx)))(w.T)))
	own := ct.Must(w.Groups.OwnByGroup(ctx, []string{g.ID}))(w.T)[g.ID]
	asker := g.Asker(ctx, own)
	return w.Groups.Can(ctx, g, own, beside, ct.Must(w.Groups.RequestsOf(ctx, []string{asker}))(w.T)[asker])
}

func TestInvitedToAHiddenGroupSeesItAndJoins(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", hidden, policy(group.JoinInvite))
	mustInvite(w, "anna", "bo", g.ID)
	bo := w.As("bo")
	if _, err := w.Groups.Get(bo, g.ID); err != nil {
		t.Errorf("bo gets it: %v", err)
	}
	query := "haven"
	for _, f := range []*group.Filter{nil, {Query: &query}} {
		if n := len(ct.Must(w.Groups.List(bo, f, page.Args{First: 10}))(t).Edges); n != 1 {
			t.Errorf("bo lists %d", n)
		}
	}
	own := ct.Must(w.Groups.Own(bo, page.Args{First: 10}))(t).Edges
	if len(own) != 1 || own[0].Node.State != group.StateInvited {
		t.Errorf("bo's memberships are %+v", own)
	}
	if can := actions(w, "bo", g); !slices.Equal(can, []group.Action{group.ActionJoin, group.ActionDeclineInvitation}) {
		t.Errorf("bo may %v", can)
	}
	if _, err := w.Groups.Memberships(bo, g, nil, group.ListFilter{}, page.Args{First: 10}); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("bo reads who is in it: %v", err)
	}
	if n, _ := members(t, w, g.ID); n != 1 {
		t.Errorf("with the invitation it counts %d members", n)
	}
	w.Join(g.ID, "bo")
	if n, _ := members(t, w, g.ID); n != 2 {
		t.Errorf("it counts %d members", n)
	}
	if _, p := w.Person("bo"); !p.Groups[g.ID].Active || p.Groups[g.ID].Invited {
		t.Errorf("bo's copy %+v", p.Groups[g.ID])
	}
}

// An invitation shows a person the group, and nothing of what it does. Staff keep their
// reach, with an invitation or without.
func TestInvitedPeopleAreNoMembers(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Grant("staff", auth.RoleStaff)
	committee := func(in *group.CreateInput) { in.Kind = group.KindCommittee }
	g := w.Group("staff", hidden, committee)
	w.Grant("erik", auth.RoleStaff)
	mustInvite(w, "staff", "erik", g.ID)
	mustInvite(w, "staff", "bo", g.ID)
	for _, name := range []string{"bo", "erik"} {
		w.Phone(name, name)
	}
	e := w.PublishedEvent("staff", g.ID, nil)
	w.Drain()
	w.Phones.Reset()
	moved := w.PublishedEvent("staff", g.ID, nil)
	ct.Must(w.Events.Cancel(w.As("staff"), event.CancelInput{EventID: moved.ID}))(t)
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	w.Drain()
	if p := w.Phones.Pushes(); len(p) > 0 {
		t.Errorf("pushed %+v", p)
	}
	for _, name := range []string{"bo", "erik"} {
		ctx := w.As(name)
		if n := w.Notices(name); len(n) != 1 || n[0].Kind != group.NoticeInvited {
			t.Errorf("%s was told %+v", name, n)
		}
		if _, err := w.Events.Get(ctx, e.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%s gets the event: %v", name, err)
		}
		for _, f := range []*event.Filter{nil, {GroupID: &g.ID}} {
			if list, err := w.Events.List(ctx, f, page.Args{First: 10}); err != nil || len(list.Edges) > 0 {
				t.Errorf("%s lists events: %v, %v", name, list, err)
			}
		}
		if _, err := w.Attend(name, e.ID, 0); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%s attends the event: %v", name, err)
		}
		denied := []group.Permission{group.PostEvents, group.SpeakForGroup, group.ApproveMembers, group.EditGroup}
		if name == "erik" {
			denied = denied[:2]
		}
		for _, p := range denied {
			if _, err := w.Groups.Require(ctx, g.ID, p); !fault.Is(err, fault.KindForbidden) {
				t.Errorf("%s may %s: %v", name, p, err)
			}
		}
	}
	w.Join(g.ID, "erik")
	if _, err := w.Groups.Require(w.As("erik"), g.ID, group.PostEvents); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("staff who has joined: %v", err)
	}
}

func TestInvitedIsTold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	for _, name := range []string{"anna", "bo", "cara-en"} {
		w.Phone(name, name)
	}
	mustInvite(w, "anna", "bo", g.ID)
	mustInvite(w, "anna", "bo", g.ID)
	mustInvite(w, "anna", "cara-en", g.ID)
	w.Drain()
	got := map[string]string{}
	for _, p := range w.Phones.Pushes() {
		got[p.Device] += p.Title + "|" + p.Body
	}
	want := map[string]string{
		"bo":      "Du er inviteret til Haven|Se invitationen, og svar på den.",
		"cara-en": "You are invited to join Haven|See the invitation and answer it.",
	}
	if len(got) != 2 || got["bo"] != want["bo"] || got["cara-en"] != want["cara-en"] {
		t.Errorf("pushed %v, want %v", got, want)
	}
	n := w.Notices("bo")[0]
	why := n.Why()[0]
	if why.Text(w.As("bo")) != "Fordi du er inviteret" || why.StopText(w.As("bo")) != "Ingen notifikationer om invitationer til Haven" {
		t.Errorf("told because %q, stopped by %q", why.Text(w.As("bo")), why.StopText(w.As("bo")))
	}
	if n.SubjectID != g.ID {
		t.Errorf("about %s", n.SubjectID)
	}
}

// If the invitation is answered or the person banned before the push, nothing is sent,
// neither at once nor after the quiet hours.
func TestAnInvitationThatNoLongerStandsIsNotSent(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(w *ct.World, groupID string){
		"declined": func(w *ct.World, groupID string) { ct.Must(decline(w, "bo", groupID))(w.T) },
		"joined":   func(w *ct.World, groupID string) { w.Join(groupID, "bo") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			w.Phone("bo", "bo")
			g, late := w.Group("anna", hidden), w.Group("anna", hidden)
			mustInvite(w, "anna", "bo", g.ID)
			answer(w, g.ID)
			w.Drain()
			w.Clock.Advance(10 * time.Hour) // to 22:00 UTC, so pushes are held until the morning
			mustInvite(w, "anna", "bo", late.ID)
			w.Drain()
			answer(w, late.ID)
			w.Clock.Advance(10 * time.Hour)
			w.Drain()
			if p := w.Phones.Pushes(); len(p) > 0 {
				t.Errorf("pushed %+v", p)
			}
			for _, n := range w.Notices("bo") {
				if n.Channel != notify.Drop || n.Rule != notify.RuleUntrue || !n.Hidden {
					t.Errorf("the notice is %s by %s", n.Channel, n.Rule)
				}
			}
		})
	}
}

func TestWhoCanBeInvited(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk))
	for _, name := range []string{"bo", "cara", "dan", "eva"} {
		w.Join(g.ID, name)
		if name != "eva" {
			ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID(name)}))(t)
		}
	}
	remove := func(name string, ban bool) {
		ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID(name), Ban: ban}))(t)
	}
	remove("cara", true)
	remove("dan", false)
	_, err := invite(w, "anna", "cara", g.ID)
	ct.WantKey(t, err, "group.invite.banned")
	_, err = w.Groups.Join(w.As("cara"), group.JoinInput{GroupID: g.ID})
	ct.WantKey(t, err, "group.join.banned")
	_, err = invite(w, "bo", "fie", g.ID)
	ct.WantKey(t, err, "group.permission")
	_, err = invite(w, "anna", "nobody", g.ID)
	ct.WantKey(t, err, "person.not_found")
	w.Person("fie")
	for name, want := range map[string]group.MembershipState{"anna": group.StateActive, "bo": group.StateActive,
		"dan": group.StateInvited, "eva": group.StateActive, "fie": group.StateInvited} {
		if m, err := invite(w, "anna", name, g.ID); err != nil || m.State != want {
			t.Errorf("%s is %+v, %v; want %s", name, m, err, want)
		}
	}
	if n, _ := members(t, w, g.ID); n != 3 {
		t.Errorf("%d members, want anna, bo and eva", n)
	}
	setState := func(name string) {
		ct.Must(grant(w, "anna", name, g.ID, group.RoleModerator, nil))(t)
	}
	setState("bo")
	if !slices.Contains(actions(w, "bo", g), group.ActionInvite) || slices.Contains(actions(w, "eva", g), group.ActionInvite) {
		t.Errorf("bo may %v, eva %v", actions(w, "bo", g), actions(w, "eva", g))
	}
	hiddenGroup := w.Group("anna", hidden)
	_, err = invite(w, "fie", "bo", hiddenGroup.ID)
	ct.WantKey(t, err, "group.not_found")
}

func TestDeclinedIsDeclined(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", hidden)
	_, bo := w.Person("bo")
	w.Phone("bo", "bo")
	key := "11111111-1111-4111-8111-111111111111"
	in := group.InviteInput{ClientMutationID: &key, GroupID: g.ID, PersonID: bo.ID}
	first := ct.Must(w.Groups.Invite(w.As("anna"), in))(t)
	w.Drain()
	if m := ct.Must(decline(w, "bo", g.ID))(t); m.State != group.StateDeclined {
		t.Errorf("bo is %s", m.State)
	}
	again := ct.Must(w.Groups.Invite(w.As("anna"), in))(t)
	if again.Became != first.State || again.State != group.StateDeclined {
		t.Errorf("the repeat answers %+v", again)
	}
	w.Drain()
	if n := len(w.Phones.Pushes()); n != 1 {
		t.Errorf("%d pushes", n)
	}
	_, err := w.Groups.Get(w.As("bo"), g.ID)
	ct.WantKey(t, err, "group.not_found")
	_, err = decline(w, "bo", g.ID)
	ct.WantKey(t, err, "group.not_found")
	if own := ct.Must(w.Groups.Own(w.As("bo"), page.Args{First: 10}))(t).Edges; len(own) != 0 {
		t.Errorf("bo's memberships are %+v", own)
	}
	open := w.Group("anna")
	_, err = decline(w, "bo", open.ID)
	ct.WantKey(t, err, "group.invitation.none")
	// A second call makes a second invitation, which is told on the next day.
	w.Clock.Advance(24 * time.Hour)
	mustInvite(w, "anna", "bo", g.ID)
	w.Drain()
	if n := len(w.Phones.Pushes()); n != 2 {
		t.Errorf("%d pushes", n)
	}
}

func TestTwoInvitationsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ct.Must(grant(w, "anna", "bo", g.ID, group.RoleModerator, nil))(t)
	w.Phone("cara", "cara")
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		ctx := w.As([]string{"anna", "bo"}[i%2])
		wg.Go(func() {
			_, errs[i] = w.Groups.Invite(ctx, group.InviteInput{GroupID: g.ID, PersonID: ct.PersonID("cara")})
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	w.RunPending()
	w.Drain()
	if n := len(w.Phones.Pushes()); n != 1 {
		t.Errorf("%d pushes", n)
	}
}

// A person who was invited by mistake can be removed or banned, and no longer sees a
// hidden group. They cannot remove themselves, but they can decline.
func TestAnInvitationIsTakenBack(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.Visibility = group.VisibilityHidden })
	w.As("bo")
	mustInvite(w, "anna", "bo", g.ID)
	_, err := w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g.ID})
	ct.WantKey(t, err, "group.not_member")
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("bo")}))(t)
	_, err = w.Groups.Get(w.As("bo"), g.ID)
	ct.WantKind(t, err, fault.KindNotFound)
	mustInvite(w, "anna", "bo", g.ID)
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Ban: true}))(t)
	_, err = invite(w, "anna", "bo", g.ID)
	ct.WantKey(t, err, "group.invite.banned")
}
