package group_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/testkit"
)

var groupCollections = []string{"groups", "group_memberships", "group_invitations"}

func groupOf(w *ct.World, groupID string) group.Group {
	w.T.Helper()
	return ct.All[group.Group](w, "groups", map[string]any{"_id": groupID})[0]
}

// approve lets people into a group who have asked, one after another.
func approve(w *ct.World, leader, groupID string, names ...string) {
	w.T.Helper()
	for _, name := range names {
		w.Clock.Advance(time.Minute)
		w.Join(groupID, name)
		ct.Must(w.Groups.Approve(w.As(leader), group.AnswerInput{GroupID: groupID, PersonID: ct.PersonID(name)}))(w.T)
	}
}

func asking(in *group.CreateInput) { in.JoinPolicy = group.JoinAsk }

// belongings are a group that a person leads alone, with the members cara and dan, and a group of anna's
// that the person and dan have joined by a link.
type belongings struct{ led, joined, link string }

// belong makes belongings for a person.
func belong(w *ct.World, name string) belongings {
	w.T.Helper()
	b := belongings{led: w.Group(name, asking).ID, joined: w.Group("anna").ID}
	approve(w, name, b.led, "cara", "dan")
	ct.Must(w.Groups.CreateLink(w.As(name), group.CreateLinkInput{GroupID: b.led}))(w.T)
	link := ct.Must(w.Groups.CreateLink(w.As("anna"), group.CreateLinkInput{GroupID: b.joined}))(w.T)
	b.link = link.ID
	for _, who := range []string{name, "dan"} {
		ct.Must(w.Groups.Join(w.As(who), group.JoinInput{GroupID: b.joined, InvitationCode: &link.Code}))(w.T)
	}
	ct.Must(grant(w, "anna", name, b.joined, group.RoleOrganiser, nil))(w.T)
	return b
}

// ask makes a person ask, be invited and be banned in groups of anna's.
func ask(w *ct.World, name string) {
	w.T.Helper()
	personID := ct.PersonID(name)
	w.Join(w.Group("anna", asking).ID, name)
	invites, banned := w.Group("anna").ID, w.Group("anna").ID
	ct.Must(w.Groups.Invite(w.As("anna"), group.InviteInput{GroupID: invites, PersonID: personID}))(w.T)
	w.Join(banned, name)
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: banned, PersonID: personID, Ban: true}))(w.T)
}

// checkErased checks that nothing is left of a person, and nothing was taken from others.
func checkErased(w *ct.World, b belongings, name string) {
	w.T.Helper()
	w.RunPending()
	for _, c := range groupCollections {
		if found := testkit.Mentions(w.T, w.DB, c, ct.PersonID(name)); len(found) > 0 {
			w.T.Errorf("%s still names them: %v", c, found)
		}
	}
	if g := groupOf(w, b.led); !slices.Equal(g.LeaderIDs, []string{ct.PersonID("cara")}) || len(g.Naming) > 0 || g.MemberCount != 2 {
		w.T.Errorf("%v lead, %v are being named, %d are members", g.LeaderIDs, g.Naming, g.MemberCount)
	}
	cara := ct.All[group.Membership](w, "group_memberships", map[string]any{"_id": id.Pair(b.led, ct.PersonID("cara"))})[0]
	if !slices.ContainsFunc(cara.Holds, func(h group.Holding) bool { return h.Key == group.RoleLeader }) {
		w.T.Errorf("cara, who has been a member for longest, holds %v", cara.Holds)
	}
	if g := groupOf(w, b.joined); g.MemberCount != 2 || !slices.Equal(g.LeaderIDs, []string{ct.PersonID("anna")}) {
		w.T.Errorf("of anna and dan %d are counted, %v lead", g.MemberCount, g.LeaderIDs)
	}
	link := ct.All[group.Link](w, "group_invitations", map[string]any{"_id": b.link})[0]
	if !slices.Equal(link.UsedBy, []string{ct.PersonID("dan")}) || link.UsedByErased != 1 {
		w.T.Errorf("%v and %d more have joined by the link", link.UsedBy, link.UsedByErased)
	}
	for _, m := range ct.All[group.Membership](w, "group_memberships", map[string]any{"groupId": b.led}) {
		if m.State != group.StateActive || len(m.History) != 2 || m.History[1].By != "" || m.History[1].State != group.StateActive || m.History[0].By != m.PersonID {
			w.T.Errorf("a membership of others is %s by way of %+v", m.State, m.History)
		}
	}
}

func TestNothingIsLeftOfSomebodyErased(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	entries := w.Groups.Part().Collections
	bos := belong(w, "bo")
	ask(w, "bo")
	for _, c := range groupCollections {
		if len(testkit.Mentions(t, w.DB, c, ct.PersonID("bo"))) == 0 {
			t.Fatalf("%s does not name bo to begin with", c)
		}
		records := ct.ExportFrom(t, entries, c, "bo")
		for _, other := range []string{"anna", "cara", "dan"} {
			if all := strings.Join(records, " "); all == "" || strings.Contains(all, ct.PersonID(other)) {
				t.Errorf("of %s bo reads %s", c, all)
			}
		}
	}
	dans := func() []group.Membership {
		return ct.All[group.Membership](w, "group_memberships", map[string]any{"_id": id.Pair(bos.joined, ct.PersonID("dan"))})
	}
	before := dans()
	w.Entomb("bo")
	ct.EraseFrom(t, entries, "bo")
	checkErased(w, bos, "bo")
	if diff := cmp.Diff(before, dans()); diff != "" {
		t.Errorf("dan's membership (-before +after):\n%s", diff)
	}
	if p := ct.All[map[string]any](w, "persons", map[string]any{"_id": ct.PersonID("bo")})[0]; p["groups"] != nil {
		t.Errorf("something was written into the empty document: %v", p)
	}
	groups, members := ct.All[group.Group](w, "groups", nil), ct.All[group.Membership](w, "group_memberships", nil)
	ct.EraseFrom(t, entries, "bo")
	if diff := cmp.Diff(groups, ct.All[group.Group](w, "groups", nil), cmpopts.IgnoreUnexported(group.Group{})); diff != "" {
		t.Errorf("a second erasure (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(members, ct.All[group.Membership](w, "group_memberships", nil)); diff != "" {
		t.Errorf("a second erasure (-before +after):\n%s", diff)
	}
	for _, c := range groupCollections {
		if got := ct.ExportFrom(t, entries, c, "bo"); len(got) > 0 {
			t.Errorf("of %s is left %v", c, got)
		}
	}
}

// If the process dies at any point of an erasure, a later one comes to the same end.
func TestAnErasureThatDiesGoesOn(t *testing.T) {
	t.Parallel()
	w, crasher := ct.New(t), testkit.NewCrasher()
	died := 0
	for n := 1; ; n++ {
		name := "bo" + strconv.Itoa(n)
		bos := belong(w, name)
		w.Entomb(name)
		crasher.Revive()
		dying := w.Again(testkit.WithCrasher(crasher))
		crasher.After(n)
		err := ct.TryEraseFrom(t, dying.Groups.Part().Collections, name)
		if err == nil && !crasher.Crashed() {
			break
		}
		died++
		w.Clock.Advance(time.Minute) // failed effects are due again
		ct.EraseFrom(t, w.Groups.Part().Collections, name)
		checkErased(w, bos, name)
		if t.Failed() {
			t.Fatalf("after %d writes", n)
		}
	}
	if died < 10 {
		t.Errorf("the process died %d times only", died)
	}
}

// Effects of a call that died are carried out first, and then their results are erased too.
func TestWhatWasUnderWayIsErased(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		do   func(w *ct.World, groupID string) error
	}{
		{"joining", func(w *ct.World, groupID string) error {
			_, err := w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: groupID})
			return err
		}},
		{"starting a group", func(w *ct.World, _ string) error {
			_, err := w.Groups.Create(w.As("bo"), group.CreateInput{Name: "Bakken", Kind: group.KindHousing, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen})
			return err
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w, crasher := ct.New(t), testkit.NewCrasher()
			g := w.Group("anna").ID
			w.Person("bo")
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(1)
			if err := row.do(dying, g); err != nil {
				t.Log("the process died:", err)
			}
			w.Entomb("bo")
			ct.EraseFrom(t, w.Groups.Part().Collections, "bo")
			w.RunPending()
			for _, c := range groupCollections {
				if found := testkit.Mentions(t, w.DB, c, ct.PersonID("bo")); len(found) > 0 {
					t.Errorf("%s names bo: %v", c, found)
				}
			}
			if p := ct.All[map[string]any](w, "persons", map[string]any{"_id": ct.PersonID("bo")})[0]; p["groups"] != nil {
				t.Errorf("something was written into the empty document: %v", p)
			}
			for _, g := range ct.All[group.Group](w, "groups", nil) {
				if want := len(g.LeaderIDs); g.MemberCount != want {
					t.Errorf("%s counts %d members, want %d", g.Name, g.MemberCount, want)
				}
			}
		})
	}
}

// When the only leader of a group is erased, the next one is a member who manages its members already, or
// else the one who has been a member for the longest time and may sign in. A municipal group waits for
// people with SUPPORT to choose a leader.
func TestWhoLeadsAGroupWhoseLeaderIsErased(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		prepare func(w *ct.World, groupID string)
		change  func(in *group.CreateInput)
		want    []string
	}{
		{"another leader", func(w *ct.World, g string) { ct.Must(grant(w, "bo", "dan", g, group.RoleLeader, nil))(w.T) }, nil, []string{"dan"}},
		{"a caretaker", func(w *ct.World, g string) { ct.Must(grant(w, "bo", "dan", g, group.RoleCaretaker, nil))(w.T) }, nil, []string{"dan"}},
		{"an organiser does not manage", func(w *ct.World, g string) { ct.Must(grant(w, "bo", "dan", g, group.RoleOrganiser, nil))(w.T) }, nil, []string{"cara"}},
		{"who is banned from everything does not lead", func(w *ct.World, _ string) {
			w.Set(w.T.Context(), "persons", ct.PersonID("cara"), map[string]any{"bannedAt": w.Clock.Now()})
		}, nil, []string{"dan"}},
		{"nobody is left", func(w *ct.World, g string) {
			for _, name := range []string{"cara", "dan"} {
				ct.Must(w.Groups.Leave(w.As(name), group.LeaveInput{GroupID: g}))(w.T)
			}
		}, nil, []string{}},
		{"a committee", func(*ct.World, string) {}, func(in *group.CreateInput) { in.Kind = group.KindCommittee }, []string{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			w.Grant("bo", auth.RoleStaff)
			change := []func(in *group.CreateInput){asking}
			if row.change != nil {
				change = append(change, row.change)
			}
			g := w.Group("bo", change...).ID
			approve(w, "bo", g, "cara", "dan")
			row.prepare(w, g)
			w.Entomb("bo")
			ct.EraseFrom(t, w.Groups.Part().Collections, "bo")
			want := []string{}
			for _, name := range row.want {
				want = append(want, ct.PersonID(name))
			}
			if got := groupOf(w, g).LeaderIDs; !slices.Equal(got, want) {
				t.Errorf("%v lead, want %v", got, want)
			}
		})
	}
}

// An erased person cannot be invited.
func TestWhoIsErasedIsNotInvited(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Person("bo")
	w.Entomb("bo")
	_, err := w.Groups.Invite(w.As("anna"), group.InviteInput{GroupID: g, PersonID: ct.PersonID("bo")})
	ct.WantKind(t, err, fault.KindNotFound)
	if found := testkit.Mentions(t, w.DB, "group_memberships", ct.PersonID("bo")); len(found) > 0 {
		t.Errorf("an invitation is written: %v", found)
	}
}
