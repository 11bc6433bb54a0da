package group_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// forum is the lokalforum of an area, without a leader as all begin.
func forum(t *testing.T, w *ct.World) *group.Group {
	t.Helper()
	a := ct.Must(w.Areas.Ensure(t.Context(), "nord", "Nord", "Nordby"))(t)
	return ct.Must(w.Groups.EnsureLokalforum(t.Context(), a))(t)
}

func committee(w *ct.World, v group.Visibility) *group.Group {
	w.Grant("chair", auth.RoleStaff)
	return w.Group("chair", func(in *group.CreateInput) { in.Name, in.Kind, in.Visibility = "Udvalget", group.KindCommittee, v })
}

// all are all permissions, and one of a future version.
var all = append(slices.Clone(group.Permissions), "VOTE")

var staffs = []group.Permission{group.ApproveMembers, group.Invite, group.ManageMembers, group.EditGroup, group.Moderate}

// may are the permissions a person has in a group now.
func may(t *testing.T, w *ct.World, name, groupID string) []group.Permission {
	t.Helper()
	var list []group.Permission
	for _, p := range all {
		_, err := w.Groups.Require(w.As(name), groupID, p)
		switch {
		case err == nil:
			list = append(list, p)
		case !fault.Is(err, fault.KindForbidden) && !fault.Is(err, fault.KindNotFound):
			t.Errorf("%s: %v", p, err)
		}
	}
	return list
}

func TestStaffReachWhatIsTheirsInMunicipalGroups(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	open, members, hiddenOne := committee(w, group.VisibilityPublic), committee(w, group.VisibilityMembers), committee(w, group.VisibilityHidden)
	lokalforum, club := forum(t, w), w.Group("anna")
	w.Grant("staff", auth.RoleStaff)
	w.Grant("builder", auth.RoleCommunityBuilder)
	w.Grant("admin", auth.RoleAdmin)
	w.Grant("politician", auth.RolePolitician)
	for _, g := range []*group.Group{open, members, hiddenOne, lokalforum, club} {
		for name, reaches := range map[string]bool{"staff": true, "builder": true, "admin": false, "politician": false, "bo": false} {
			var want []group.Permission
			if reaches && g.ID != club.ID {
				want = staffs
			}
			if got := may(t, w, name, g.ID); !slices.Equal(got, want) {
				t.Errorf("in a %s %s %s may %v, want %v", g.Visibility, g.Kind, name, got, want)
			}
		}
	}
}

// Being staff adds to what a role in a committee allows, and takes nothing away.
func TestStaffWithARoleInACommitteeHaveBoth(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := committee(w, group.VisibilityMembers)
	w.Grant("staff", auth.RoleStaff)
	ct.Must(w.Groups.Invite(w.As("chair"), group.InviteInput{GroupID: g.ID, PersonID: ct.PersonID("staff")}))(t)
	w.Join(g.ID, "staff")
	if got, want := may(t, w, "staff", g.ID), append([]group.Permission{group.Post}, staffs...); !slices.Equal(got, want) {
		t.Errorf("as a member: %v", got)
	}
	ct.Must(grant(w, "chair", "staff", g.ID, group.RoleOrganiser, nil))(t)
	want := []group.Permission{group.Post, group.PostEvents, group.ApproveMembers, group.Invite, group.ManageMembers, group.EditGroup, group.Moderate, group.CheckIn}
	if got := may(t, w, "staff", g.ID); !slices.Equal(got, want) {
		t.Errorf("as an organiser: %v, want %v", got, want)
	}
}

// In a lokalforum people who hold an office do not speak for the residents, even if the
// office came after the role. In other groups they count as residents.
func TestAnOfficeDoesNotSpeakForALokalforum(t *testing.T) {
	t.Parallel()
	for _, office := range auth.Roles[1:] {
		t.Run(string(office), func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g, club := forum(t, w), w.Group("bo")
			w.Grant("staff", auth.RoleStaff)
			w.Join(g.ID, "bo", "carl")
			ct.Must(grant(w, "staff", "bo", g.ID, group.RoleLeader, nil))(t)
			speaker := ct.Must(saveRole(w, "bo", g.ID, nil, "Talsmand", group.PostEvents, group.SpeakForGroup))(t)
			ct.Must(grant(w, "bo", "carl", g.ID, speaker.Key, nil))(t)
			for _, name := range []string{"bo", "carl"} {
				ct.Must(w.Announcements.ToGroup(w.As(name), announcement.GroupInput{GroupID: g.ID, Title: "Møde", Text: "Kl. 19."}))(t)
				w.Grant(name, office)
				_, err := w.Announcements.ToGroup(w.As(name), announcement.GroupInput{GroupID: g.ID, Title: "Møde", Text: "Kl. 19."})
				ct.WantKey(t, err, "group.permission")
				_, err = w.Announcements.PreviewToGroup(w.As(name), g.ID)
				ct.WantKey(t, err, "group.permission")
				got := may(t, w, name, g.ID)
				if !slices.Contains(got, group.PostEvents) || slices.Contains(got, group.SpeakForGroup) || slices.Contains(got, "VOTE") {
					t.Errorf("%s may %v", name, got)
				}
			}
			ct.Must(w.Announcements.ToGroup(w.As("bo"), announcement.GroupInput{GroupID: club.ID, Title: "Møde", Text: "Kl. 19."}))(t)
		})
	}
}

func TestNobodyGivesThemselvesAnything(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := committee(w, group.VisibilityMembers)
	ask := group.JoinAsk
	ct.Must(w.Groups.Update(w.As("chair"), group.UpdateInput{GroupID: g.ID, JoinPolicy: optional.Of(ask)}))(t)
	lokalforum, club := forum(t, w), w.Group("anna")
	w.Grant("staff", auth.RoleStaff)
	w.Join(lokalforum.ID, "staff", "bo")
	w.Join(club.ID, "bo")
	w.Join(g.ID, "staff") // files a request
	self := ct.PersonID("staff")
	link := ct.Must(w.Groups.CreateLink(w.As("staff"), group.CreateLinkInput{GroupID: g.ID}))(t)
	for what, call := range map[string]func() error{
		"a lokalforum's first leader": func() error { _, err := grant(w, "staff", "staff", lokalforum.ID, group.RoleLeader, nil); return err },
		"a lokalforum's moderator": func() error {
			_, err := grant(w, "staff", "staff", lokalforum.ID, group.RoleModerator, nil)
			return err
		},
		"a leader's second role": func() error { _, err := grant(w, "anna", "anna", club.ID, group.RoleOrganiser, nil); return err },
		"their own request": func() error {
			_, err := w.Groups.Approve(w.As("staff"), group.AnswerInput{GroupID: g.ID, PersonID: self})
			return err
		},
		"an invitation": func() error {
			_, err := w.Groups.Invite(w.As("staff"), group.InviteInput{GroupID: g.ID, PersonID: self})
			return err
		},
		"their own link": func() error {
			_, err := w.Groups.Join(w.As("staff"), group.JoinInput{GroupID: g.ID, InvitationCode: &link.Code})
			return err
		},
		"a ban": func() error {
			_, err := w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: club.ID, PersonID: ct.PersonID("anna"), Ban: true})
			return err
		},
	} {
		if err := call(); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// A role may always be given up.
	ct.Must(grant(w, "anna", "bo", club.ID, group.RoleLeader, nil))(t)
	ct.Must(revoke(w, "bo", "bo", club.ID, group.RoleLeader))(t)
}

// A leader grants any role; staff only what they hold by their reach.
func TestWhoeverIsNoLeaderGrantsOnlyWhatTheyHold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := committee(w, group.VisibilityPublic)
	w.Grant("staff", auth.RoleStaff)
	w.Join(g.ID, "bo")
	for role, allowed := range map[string]bool{group.RoleOrganiser: false, group.RoleLeader: false, group.RoleModerator: false,
		group.RoleTreasurer: false, group.RoleCaretaker: true} {
		_, err := grant(w, "staff", "bo", g.ID, role, nil)
		if allowed != (err == nil) || err != nil && !fault.Is(err, fault.KindForbidden) {
			t.Errorf("staff make bo %s: %v", role, err)
		}
		ct.Must(grant(w, "chair", "bo", g.ID, role, nil))(t)
		ct.Must(revoke(w, "chair", "bo", g.ID, role))(t)
	}
}

func TestALokalforumGetsItsFirstLeaderFromStaff(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := forum(t, w)
	w.Grant("staff", auth.RoleStaff)
	w.Grant("builder", auth.RoleCommunityBuilder)
	w.Grant("erik", auth.RolePolitician)
	w.Join(g.ID, "bo", "carl", "erik", "builder")
	_, err := grant(w, "staff", "erik", g.ID, group.RoleLeader, nil)
	ct.WantKey(t, err, "group.leader.resident")
	_, err = grant(w, "builder", "builder", g.ID, group.RoleLeader, nil)
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = grant(w, "carl", "bo", g.ID, group.RoleLeader, nil)
	ct.WantKind(t, err, fault.KindForbidden)
	ct.Must(grant(w, "staff", "bo", g.ID, group.RoleLeader, nil))(t)
	entries := ct.Must(w.Audit.Of(t.Context(), g.ID))(t)
	if len(entries) != 1 || entries[0].Actor != ct.PersonID("staff") || entries[0].Details["person"] != ct.PersonID("bo") {
		t.Errorf("the record holds %+v", entries)
	}
	_, err = grant(w, "staff", "carl", g.ID, group.RoleLeader, nil)
	ct.WantKind(t, err, fault.KindForbidden)
	if _, leaders := members(t, w, g.ID); !slices.Equal(leaders, []string{ct.PersonID("bo")}) {
		t.Errorf("it is led by %v", leaders)
	}
	ct.Must(grant(w, "bo", "carl", g.ID, group.RoleLeader, nil))(t)
}

func TestTwoFirstLeadersAtOnceAreOne(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := forum(t, w)
	names := []string{"anna", "bo", "carl", "dorte"}
	w.Grant("staff", auth.RoleStaff)
	w.Join(g.ID, names...)
	staff := w.As("staff")
	var given sync.Map
	var calls sync.WaitGroup
	for _, name := range names {
		calls.Go(func() {
			_, err := w.Groups.GrantRole(staff, group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID(name), Key: group.RoleLeader})
			if err == nil {
				given.Store(ct.PersonID(name), true)
			} else if !fault.Is(err, fault.KindForbidden) && !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	calls.Wait()
	_, leaders := members(t, w, g.ID)
	if len(leaders) != 1 {
		t.Fatalf("it is led by %v", leaders)
	}
	given.Range(func(personID, _ any) bool {
		if personID != leaders[0] {
			t.Errorf("%v was told they lead", personID)
		}
		return true
	})
}

// A municipal group whose leaders can no longer act gets another one.
func TestAGroupWhoseLeadersAreGoneHasNone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := forum(t, w)
	w.Grant("staff", auth.RoleStaff)
	w.Join(g.ID, "bo", "carl")
	ct.Must(grant(w, "staff", "bo", g.ID, group.RoleLeader, nil))(t)
	w.Set(t.Context(), "persons", ct.PersonID("bo"), map[string]any{"bannedAt": w.Clock.Now()})
	ct.Must(grant(w, "staff", "carl", g.ID, group.RoleLeader, nil))(t)
	if got := may(t, w, "carl", g.ID); !slices.Contains(got, group.ManageMembers) {
		t.Errorf("carl may %v", got)
	}
}

// Nobody can close a lokalforum or hide it.
func TestALokalforumStaysPublicAndOpen(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := forum(t, w)
	w.Grant("staff", auth.RoleStaff)
	w.Grant("builder", auth.RoleCommunityBuilder)
	w.Join(g.ID, "bo")
	ct.Must(grant(w, "staff", "bo", g.ID, group.RoleLeader, nil))(t)
	wantField := func(err error, field string) {
		t.Helper()
		ct.WantKind(t, err, fault.KindInvalid)
		ct.WantField(t, err, field)
	}
	for _, name := range []string{"staff", "builder", "bo"} {
		for _, v := range []group.Visibility{group.VisibilityHidden, group.VisibilityMembers} {
			_, err := w.Groups.Update(w.As(name), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(v)})
			wantField(err, "input.visibility")
		}
		for _, p := range []group.JoinPolicy{group.JoinAsk, group.JoinInvite} {
			_, err := w.Groups.Update(w.As(name), group.UpdateInput{GroupID: g.ID, JoinPolicy: optional.Of(p)})
			wantField(err, "input.joinPolicy")
		}
	}
	public, open, text := group.VisibilityPublic, group.JoinOpen, "Nyt."
	ct.Must(w.Groups.Update(w.As("bo"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(public), JoinPolicy: optional.Of(open), Description: optional.Of(text)}))(t)
	other := ct.Must(w.Areas.Ensure(t.Context(), "syd", "Syd", "Sydby"))(t)
	in := group.CreateInput{Name: "Lokalforum Syd", Kind: group.KindLokalforum, AreaID: &other.ID, Visibility: group.VisibilityHidden, JoinPolicy: group.JoinOpen}
	_, err := w.Groups.Create(w.As("staff"), in)
	wantField(err, "input.visibility")
	in.Visibility = group.VisibilityPublic
	made := ct.Must(w.Groups.Create(w.As("staff"), in))(t)
	if n, leaders := members(t, w, made.ID); n != 0 || len(leaders) != 0 {
		t.Errorf("whoever makes a lokalforum leads it: %d members, %v", n, leaders)
	}
}

// A lokalforum that an older program closed is opened again, and its copies follow.
func TestAClosedLokalforumIsOpenedAgain(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := forum(t, w)
	w.Grant("staff", auth.RoleStaff)
	w.Join(g.ID, "bo")
	ct.Must(grant(w, "staff", "bo", g.ID, group.RoleLeader, nil))(t)
	e := w.PublishedEvent("bo", g.ID, nil)
	w.Set(t.Context(), "groups", g.ID, map[string]any{"visibility": group.VisibilityHidden, "joinPolicy": group.JoinInvite, "listing": g.ID})
	w.Set(t.Context(), "events", e.ID, map[string]any{"openTo": g.ID})
	forum(t, w)
	healed := ct.Must(w.Groups.Get(t.Context(), g.ID))(t)
	if healed.Visibility != group.VisibilityPublic || healed.JoinPolicy != group.JoinOpen {
		t.Errorf("it is %s and %s", healed.Visibility, healed.JoinPolicy)
	}
	if n := len(ct.Must(w.Groups.List(t.Context(), nil, page.Args{First: 10}))(t).Edges); n != 1 {
		t.Errorf("%d groups are listed", n)
	}
	ct.Must(w.Events.Get(t.Context(), e.ID))(t)
	before := healed.Version
	if again := forum(t, w); again.Version != before {
		t.Errorf("an open one is written anew: version %d, then %d", before, again.Version)
	}
}

// People who answer for a municipal group know of it even if it is hidden, so that they can
// show it again. They may not see what it does, nor let themselves in.
func TestStaffKnowTheMunicipalGroupsTheyHide(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, club := committee(w, group.VisibilityPublic), w.Group("anna", hidden)
	w.Grant("staff", auth.RoleStaff)
	hide, show := group.VisibilityHidden, group.VisibilityPublic
	e := w.PublishedEvent("chair", g.ID, nil)
	ct.Must(w.Groups.Update(w.As("staff"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(hide)}))(t)
	listed := func(ctx context.Context) (ids []string) {
		for _, edge := range ct.Must(w.Groups.List(ctx, nil, page.Args{First: 10}))(t).Edges {
			ids = append(ids, edge.Node.ID)
		}
		return ids
	}
	if got := listed(w.As("staff")); !slices.Equal(got, []string{g.ID}) {
		t.Errorf("staff list %v", got)
	}
	if got := listed(w.As("bo")); len(got) != 0 {
		t.Errorf("bo lists %v", got)
	}
	if _, err := w.Groups.Get(w.As("staff"), club.ID); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("staff know of a club's hidden group: %v", err)
	}
	_, err := w.Events.Get(w.As("staff"), e.ID)
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.Groups.Join(w.As("staff"), group.JoinInput{GroupID: g.ID})
	ct.WantKey(t, err, "group.join.invite_only")
	found := ct.Must(w.Groups.Get(w.As("staff"), g.ID))(t)
	if can := w.Groups.Can(w.As("staff"), found, nil, nil, 0); slices.Contains(can, group.ActionJoin) || !slices.Contains(can, group.ActionEdit) {
		t.Errorf("staff can %v", can)
	}
	ct.Must(w.Groups.Update(w.As("staff"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(show)}))(t)
	ct.Must(w.Events.Get(w.As("bo"), e.ID))(t)
}

// For everybody, in every sort of group, viewerCan offers exactly what the server accepts.
func TestViewerCanIsWhatTheServerAccepts(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	lokalforum := forum(t, w)
	w.Grant("staff", auth.RoleStaff)
	w.Join(lokalforum.ID, "chair", "dorte")
	ct.Must(grant(w, "staff", "dorte", lokalforum.ID, group.RoleLeader, nil))(t)
	w.Grant("dorte", auth.RolePolitician)
	for _, g := range []*group.Group{lokalforum, w.Group("anna"), committee(w, group.VisibilityPublic), committee(w, group.VisibilityHidden)} {
		for _, name := range []string{"anna", "bo", "chair", "dorte", "staff"} {
			ctx := w.As(name)
			var can []group.Action
			if seen, err := w.Groups.Get(ctx, g.ID); err == nil {
				can = actions(w, name, seen)
			}
			for action, accepts := range map[group.Action]func() error{
				group.ActionPostEvents: func() error { _, err := w.Groups.Require(ctx, g.ID, group.PostEvents); return err },
				group.ActionAnnounce:   func() error { _, err := w.Announcements.PreviewToGroup(ctx, g.ID); return err },
				group.ActionEdit:       func() error { _, err := w.Groups.Update(ctx, group.UpdateInput{GroupID: g.ID}); return err },
				group.ActionInvite: func() error {
					_, err := w.Groups.CreateLink(ctx, group.CreateLinkInput{GroupID: g.ID})
					return err
				},
				group.ActionManageMembers: func() error {
					_, err := w.Groups.Remove(ctx, group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("nobody")})
					if fault.Is(err, fault.KindNotFound) && slices.Contains(can, group.ActionManageMembers) {
						return nil // only the member does not exist
					}
					return err
				},
			} {
				if err := accepts(); (err == nil) != slices.Contains(can, action) {
					t.Errorf("in the %s %s %s can %v, and %s ends in %v", g.Visibility, g.Kind, name, can, action, err)
				}
			}
		}
	}
}
