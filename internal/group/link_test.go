package group_test

import (
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

func link(w *ct.World, by, groupID string) string {
	w.T.Helper()
	return ct.Must(w.Groups.CreateLink(w.As(by), group.CreateLinkInput{GroupID: groupID}))(w.T).Code
}

func joinBy(w *ct.World, name, groupID, code string) (*group.Membership, error) {
	return w.Groups.Join(w.As(name), group.JoinInput{GroupID: groupID, InvitationCode: &code})
}

// wantClosed checks that the code lets nobody in, and tells nothing.
func wantClosed(t *testing.T, w *ct.World, groupID, code string) {
	t.Helper()
	_, err := w.Groups.Invitation(w.As("zoe"), code)
	ct.WantKey(t, err, "group.invitation.not_found")
	_, err = joinBy(w, "zoe", groupID, code)
	ct.WantKey(t, err, "group.invitation.not_found")
}

func TestALinkLetsIntoEveryGroup(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	groups := map[string]*group.Group{"ask": w.Group("anna", policy(group.JoinAsk)), "invite": w.Group("anna", policy(group.JoinInvite)),
		"hidden": w.Group("anna", hidden, policy(group.JoinInvite)), "open": w.Group("anna")}
	for name, g := range groups {
		code := link(w, "anna", g.ID)
		i := ct.Must(w.Groups.Invitation(w.As("bo"), strings.ToLower(code)+" "))(t)
		if i.GroupID() != g.ID || i.GroupName() != g.Name || i.MemberCount() != 1 || i.Uses(w.As("bo")) != nil ||
			!i.ExpiresAt.Equal(w.Clock.Now().Add(14*24*time.Hour)) {
			t.Errorf("%s: the invitation is %+v", name, i)
		}
		if m, err := joinBy(w, "bo", g.ID, code); err != nil || m.State != group.StateActive {
			t.Errorf("%s: joined as %+v, %v", name, m, err)
		}
		_, err := joinBy(w, "bo", g.ID, code)
		ct.WantKey(t, err, "group.join.already")
		if n, _ := members(t, w, g.ID); n != 2 {
			t.Errorf("%s: %d members", name, n)
		}
		i = ct.Must(w.Groups.Invitation(w.As("anna"), code))(t)
		if uses := i.Uses(w.As("anna")); uses == nil || *uses != 1 {
			t.Errorf("%s: used %v times", name, uses)
		}
	}
	// People who have asked or are invited can use a link too, but only one of this
	// group.
	ask, invited := groups["ask"], groups["invite"]
	w.Join(ask.ID, "cara")
	if m, err := joinBy(w, "cara", ask.ID, link(w, "anna", ask.ID)); err != nil || m.State != group.StateActive {
		t.Errorf("who has asked: %+v, %v", m, err)
	}
	mustInvite(w, "anna", "cara", invited.ID)
	_, err := joinBy(w, "cara", invited.ID, link(w, "anna", ask.ID))
	ct.WantKey(t, err, "group.invitation.not_found")
	if m, err := joinBy(w, "cara", invited.ID, link(w, "anna", invited.ID)); err != nil || m.State != group.StateActive {
		t.Errorf("who is invited: %+v, %v", m, err)
	}
}

// A person who joins a hidden group by a link sees it in the same request.
func TestWhoJoinsByALinkSeesTheGroup(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", hidden)
	ctx, code := w.As("bo"), link(w, "anna", g.ID)
	if n := len(ct.Must(w.Groups.ByIDs(ctx, []string{g.ID}))(t)); n != 0 {
		t.Error("bo sees it before")
	}
	ct.Must(w.Groups.Join(ctx, group.JoinInput{GroupID: g.ID, InvitationCode: &code}))(t)
	if n := len(ct.Must(w.Groups.ByIDs(ctx, []string{g.ID}))(t)); n != 1 {
		t.Error("bo does not see it")
	}
}

func TestLinksEnd(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, other := w.Group("anna", hidden), w.Group("anna")
	wantClosed(t, w, g.ID, "WRONG")
	wantClosed(t, w, other.ID, "")

	revoke := func(by, groupID string, code *string) error {
		_, err := w.Groups.RevokeLink(w.As(by), group.RevokeLinkInput{GroupID: groupID, Code: code})
		return err
	}
	one, two, elsewhere := link(w, "anna", g.ID), link(w, "anna", g.ID), link(w, "anna", other.ID)
	ct.WantKey(t, revoke("bo", g.ID, &one), "group.not_found")
	ct.WantKey(t, revoke("bo", other.ID, &elsewhere), "group.permission")
	ct.WantKey(t, revoke("anna", other.ID, &one), "group.invitation.not_found")
	for range 2 {
		if err := revoke("anna", g.ID, &one); err != nil {
			t.Fatal(err)
		}
	}
	wantClosed(t, w, g.ID, one)
	ct.Must(w.Groups.Invitation(w.As("zoe"), two))(t)
	if err := revoke("anna", g.ID, nil); err != nil {
		t.Fatal(err)
	}
	wantClosed(t, w, g.ID, two)
	ct.Must(w.Groups.Invitation(w.As("zoe"), elsewhere))(t)

	soon := w.Clock.Now().Add(time.Hour)
	brief := ct.Must(w.Groups.CreateLink(w.As("anna"), group.CreateLinkInput{GroupID: g.ID, ExpiresAt: &soon}))(t).Code
	w.Clock.Advance(time.Hour - time.Second)
	ct.Must(w.Groups.Invitation(w.As("zoe"), brief))(t)
	w.Clock.Advance(time.Second)
	wantClosed(t, w, g.ID, brief)
	for key, days := range map[string]int{"time.past": 0, "group.invitation.long": 91} {
		at := w.Clock.Now().AddDate(0, 0, days)
		_, err := w.Groups.CreateLink(w.As("anna"), group.CreateLinkInput{GroupID: g.ID, ExpiresAt: &at})
		ct.WantKey(t, err, key)
	}
	w.Clock.Advance(15 * 24 * time.Hour)
	wantClosed(t, w, other.ID, elsewhere)
	if err := w.Groups.PurgeLinks(t.Context()); err != nil || w.Count("group_invitations") != 0 {
		t.Errorf("after the purge %d links, %v", w.Count("group_invitations"), err)
	}
}

// Only people with the permission INVITE make links, and a link ends with that
// permission.
func TestALinkLastsAsLongAsItsMakersPermission(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk))
	for _, name := range []string{"bo", "cara"} {
		ct.Must(joinBy(w, name, g.ID, link(w, "anna", g.ID)))(t)
	}
	_, err := w.Groups.CreateLink(w.As("bo"), group.CreateLinkInput{GroupID: g.ID})
	ct.WantKey(t, err, "group.permission")
	ct.Must(grant(w, "anna", "bo", g.ID, group.RoleModerator, nil))(t)
	code := link(w, "bo", g.ID)
	ct.Must(joinBy(w, "dan", g.ID, code))(t)
	ct.Must(revoke(w, "anna", "bo", g.ID, group.RoleModerator))(t)
	wantClosed(t, w, g.ID, code)
}

func TestABannedPersonCannotUseALink(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Ban: true}))(t)
	_, err := joinBy(w, "bo", g.ID, link(w, "anna", g.ID))
	ct.WantKey(t, err, "group.join.banned")
}

// The database keeps neither a code nor anything from which it could be found.
func TestTheCodeIsKeptNowhere(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	key, again := "11111111-1111-4111-8111-111111111111", map[string]bool{}
	for range 2 {
		l := ct.Must(w.Groups.CreateLink(w.As("anna"), group.CreateLinkInput{ClientMutationID: &key, GroupID: g.ID}))(t)
		again[l.Code] = true
		if len(l.Code) < 26 || l.URL == nil || *l.URL != ct.AppURL+"/invitations/"+l.Code {
			t.Errorf("the link is %+v", l)
		}
	}
	w.Groups.AppURL = ""
	if l := ct.Must(w.Groups.CreateLink(w.As("anna"), group.CreateLinkInput{GroupID: g.ID}))(t); l.URL != nil {
		t.Errorf("without pages the link opens at %v", *l.URL)
	}
	if len(again) != 2 {
		t.Errorf("two calls gave %v", again)
	}
	for _, doc := range ct.All[map[string]any](w, "group_invitations", nil) {
		for field, value := range doc {
			if text, ok := value.(string); ok && again[text] {
				t.Errorf("the code is kept as %s", field)
			}
		}
	}
	if w.Count("idempotency_keys") != 0 {
		t.Error("an outcome is kept")
	}
}
