package group_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

const bosEmail, bosPhone = "bo@example.dk", "+4520123456"

func inviteEmail(w *ct.World, by, groupID, email string) error {
	_, err := w.Groups.InviteByContact(w.As(by), group.InviteByContactInput{GroupID: groupID, Email: &email})
	return err
}

func withdrawEmail(w *ct.World, by, groupID, email string) error {
	_, err := w.Groups.WithdrawContactInvitation(w.As(by), group.WithdrawContactInvitationInput{GroupID: groupID, Email: &email})
	return err
}

// signIn lets a person call with a token that vouches for these contacts.
func signIn(w *ct.World, name string, c auth.Claims) {
	w.T.Helper()
	_, p := w.Person(name)
	c.UID, c.IssuedAt = p.UID, w.Clock.Now()
	ct.Must(w.People.SignIn(w.T.Context(), c, i18n.Danish))(w.T)
	w.RunPending()
}

func verified(email string) auth.Claims { return auth.Claims{Email: email, EmailVerified: true} }

func stateIn(w *ct.World, name, groupID string) group.MembershipState {
	w.T.Helper()
	if m := ct.Must(w.Groups.OwnByGroup(w.As(name), []string{groupID}))(w.T)[groupID]; m != nil {
		return m.State
	}
	return ""
}

// Whoever has the contact is invited, whether they had signed in with it before or do so later, and joins as invited
// people do. A contact that they have not shown to be theirs invites nobody.
func TestAContactInvitesWhoeverHasIt(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", hidden, policy(group.JoinInvite))
	signIn(w, "bo", verified(bosEmail))
	signIn(w, "carl", auth.Claims{Email: "carl@example.dk"})
	for _, email := range []string{" \u200bBo@Example.DK ", "carl@example.dk", "dora@example.dk"} {
		if err := inviteEmail(w, "anna", g.ID, email); err != nil {
			t.Fatal(err)
		}
	}
	local := "\u202a20\u00a012\u202f34\u201156\u202c" // as it is copied from a telephone's contacts
	ct.Must(w.Groups.InviteByContact(w.As("anna"), group.InviteByContactInput{GroupID: g.ID, Phone: &local}))(t)
	settle(w)
	if got := stateIn(w, "bo", g.ID); got != group.StateInvited {
		t.Errorf("bo is %q", got)
	}
	if n := w.Notices("bo"); len(n) != 1 || n[0].Kind != group.NoticeInvited {
		t.Errorf("bo has %+v", n)
	}
	if got := stateIn(w, "carl", g.ID); got != "" {
		t.Errorf("carl, whose address is not verified, is %q", got)
	}
	w.Clock.Advance(24 * time.Hour)
	signIn(w, "dora", verified("dora@example.dk"))
	signIn(w, "erik", auth.Claims{Phone: bosPhone})
	for _, name := range []string{"dora", "erik"} {
		if got := stateIn(w, name, g.ID); got != group.StateInvited {
			t.Errorf("%s is %q", name, got)
		}
	}
	w.Join(g.ID, "bo")
	if n, _ := members(t, w, g.ID); n != 2 {
		t.Errorf("it has %d members", n)
	}
	w.Clock.Advance(31 * 24 * time.Hour)
	signIn(w, "finn", verified("carl@example.dk"))
	if got := stateIn(w, "finn", g.ID); got != "" {
		t.Errorf("a month later finn is %q", got)
	}
}

// What is withdrawn invites nobody any more, also those whom it had reached.
func TestAContactInvitationIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", hidden, policy(group.JoinInvite))
	signIn(w, "bo", verified(bosEmail))
	for _, email := range []string{bosEmail, "dora@example.dk"} {
		check(t, inviteEmail(w, "anna", g.ID, email))
		settle(w)
		check(t, withdrawEmail(w, "anna", g.ID, email))
		settle(w)
	}
	signIn(w, "dora", verified("dora@example.dk"))
	if _, err := w.Groups.Get(w.As("bo"), g.ID); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("bo still sees the group: %v", err)
	}
	if got := stateIn(w, "dora", g.ID); got != "" {
		t.Errorf("dora is %q", got)
	}
	check(t, inviteEmail(w, "anna", g.ID, bosEmail))
	settle(w)
	if got := stateIn(w, "bo", g.ID); got != group.StateInvited {
		t.Errorf("invited again bo is %q", got)
	}
}

// A hostile leader tries an address on two copies of the world, which differ only in whether it is bo's. Everything
// that the leader is answered must be the same.
func TestALeaderLearnsNothingOfAContact(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(w *ct.World, groupID string){
		"bo was never there": func(*ct.World, string) {},
		"bo has left":        func(w *ct.World, groupID string) { w.Join(groupID, "bo"); check(w.T, leave(w, "bo", groupID)) },
		"bo was removed":     func(w *ct.World, groupID string) { w.Join(groupID, "bo"); removeBo(w, groupID) },
		"bo is invited":      func(w *ct.World, groupID string) { mustInvite(w, "anna", "bo", groupID) },
		"bo is a member":     func(w *ct.World, groupID string) { w.Join(groupID, "bo") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			his, nobodys := hostile(t, bosEmail, before), hostile(t, "bosse@example.dk", before)
			if diff := cmp.Diff(strings.Split(nobodys, "\n"), strings.Split(his, "\n")); diff != "" {
				t.Errorf("the leader sees a difference (-nobody's +bo's):\n%s", diff)
			}
		})
	}
}

func removeBo(w *ct.World, groupID string) {
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: groupID, PersonID: ct.PersonID("bo")}))(w.T)
}

// hostile is all that a leader is answered who invites an address and then looks for bo.
func hostile(t *testing.T, email string, before func(w *ct.World, groupID string)) string {
	t.Helper()
	w := ct.New(t)
	w.Person("bo")
	signIn(w, "bo", verified(bosEmail))
	g := w.Group("anna", policy(group.JoinOpen))
	before(w, g.ID)
	var seen strings.Builder
	look := func(what string, values ...any) { fmt.Fprintln(&seen, what, values) }
	see := func(what string) { look(what, sights(t, w, g)...) }
	see("before")
	for range 3 {
		look("invite", inviteEmail(w, "anna", g.ID, email))
		settle(w)
		see("invited")
		_, err := decline(w, "bo", g.ID) // which is an invitation of another kind if he had one before
		if strings.Contains(t.Name(), "invited") {
			look("declined", err)
		}
		settle(w)
		see("declined")
		look("invite again", inviteEmail(w, "anna", g.ID, email))
		settle(w)
		look("withdraw", withdrawEmail(w, "anna", g.ID, email))
		settle(w)
		see("withdrawn")
	}
	look("invite", inviteEmail(w, "anna", g.ID, email))
	settle(w)
	look("approve", probe(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID("bo")})))
	look("lift", probe(w.Groups.LiftBan(w.As("anna"), group.LiftBanInput{GroupID: g.ID, PersonID: ct.PersonID("bo")})))
	look("grant", probe(grant(w, "anna", "bo", g.ID, group.RoleOrganiser, nil)))
	look("remove", probe(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("bo")})))
	see("removed")
	look("invite bo", probe(invite(w, "anna", "bo", g.ID)))
	settle(w)
	see("bo invited")
	for _, n := range limits(w, email) {
		look("limits", n)
	}
	look("ban", probe(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Ban: true})))
	see("banned")
	return groupIDs.ReplaceAllString(seen.String(), "a group")
}

var groupIDs = regexp.MustCompile("grp_[0-9a-z]+")

// settle lets the program do all that is due.
func settle(w *ct.World) {
	w.T.Helper()
	w.Fire()
	w.RunPending()
	w.Drain()
}

// limits fills what a person may be invited to with invitations by the address, and then asks for ordinary ones.
func limits(w *ct.World, email string) (answers []any) {
	for i := range group.MaxInvitationsBy + 2 {
		g := w.Group("anna", func(in *group.CreateInput) { in.Name = fmt.Sprint("Kontakt ", i) })
		answers = append(answers, inviteEmail(w, "anna", g.ID, email))
	}
	settle(w)
	for i := range group.MaxInvitationsBy + 2 {
		g := w.Group("anna", func(in *group.CreateInput) { in.Name = fmt.Sprint("Navn ", i) })
		answers = append(answers, probe(invite(w, "anna", "bo", g.ID)))
	}
	return answers
}

func probe(m *group.Membership, err error) string {
	if err != nil {
		return fmt.Sprint(err)
	}
	return fmt.Sprint(m.State, m.Since)
}

// sights are what a leader is shown of a group and of bo without asking for more.
func sights(t *testing.T, w *ct.World, g *group.Group) (seen []any) {
	t.Helper()
	anna := w.As("anna")
	g = ct.Must(w.Groups.Get(anna, g.ID))(t)
	seen = append(seen, g.MemberCount, g.Version, actions(w, "anna", g))
	own := ct.Must(w.Groups.OwnByGroup(anna, []string{g.ID}))(t)[g.ID]
	for _, state := range group.States[1:] {
		c := ct.Must(w.Groups.Memberships(anna, g, own, group.ListFilter{State: &state}, page.Args{First: 10}))(t)
		seen = append(seen, state, *ct.Must(c.TotalCount(t.Context()))(t))
		for _, e := range c.Edges {
			seen = append(seen, e.Node.PersonID, e.Node.Since)
		}
	}
	for id, m := range ct.Must(w.Groups.MembershipsByIDs(anna, []string{g.ID + ":" + ct.PersonID("bo")}))(t) {
		seen = append(seen, id, m.State, m.Since)
	}
	kinds := []string{}
	for _, n := range w.Notices("anna") {
		kinds = append(kinds, string(n.Kind))
	}
	slices.Sort(kinds)
	return append(seen, kinds, ct.ExportFrom(t, w.Groups.Part().Collections, "group_memberships", "anna"))
}

// Nobody invites more than fifty contacts in a day, whether or not somebody has them, and withdrawing lets them try
// no more. One that was invited before may be so again.
func TestContactsOfADayAreLimited(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	signIn(w, "bo", verified("0@example.dk"))
	for i := range 50 {
		email := fmt.Sprint(i, "@example.dk")
		check(t, inviteEmail(w, "anna", g.ID, email))
		check(t, withdrawEmail(w, "anna", g.ID, email))
	}
	w.Join(g.ID, "carl")
	ct.WantKey(t, inviteEmail(w, "anna", g.ID, "50@example.dk"), "group.contact.often")
	check(t, inviteEmail(w, "anna", g.ID, "7@example.dk"))
	w.Clock.Advance(25 * time.Hour)
	check(t, inviteEmail(w, "anna", g.ID, "50@example.dk"))
}

// A contact that moves to another account is the other's. A token of before, on a phone that was not online since,
// does not bring it back.
func TestAnOlderTokenChangesNoContacts(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	signIn(w, "bo", verified(bosEmail))
	_, p := w.Person("bo")
	old := verified("gammel@example.dk")
	old.UID, old.IssuedAt = p.UID, w.Clock.Now().Add(-time.Minute)
	ct.Must(w.People.SignIn(t.Context(), old, i18n.Danish))(t)
	if _, p := w.Person("bo"); !slices.Equal(p.ContactKeys, []string{person.EmailKey(bosEmail)}) {
		t.Errorf("bo has %v", p.ContactKeys)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
