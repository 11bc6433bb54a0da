package announcement_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/page"
)

// drafted makes a draft of anna's in a group of hers.
func drafted(t *testing.T, w *ct.World, g *group.Group) *announcement.Announcement {
	t.Helper()
	in := said(g.ID)
	in.IsDraft = true
	return ct.Must(w.Announcements.ToGroup(w.As("anna"), in))(t)
}

// stateNow is the state of an announcement as its author finds it.
func stateNow(t *testing.T, w *ct.World, name, announcementID string) announcement.State {
	t.Helper()
	a := ct.Must(w.Announcements.ByIDs(w.As(name), []string{announcementID}))(t)[announcementID]
	if a == nil {
		t.Fatalf("%s does not see %s", name, announcementID)
	}
	return a.State
}

// Nobody hears of a draft, and only people who may announce in the group see it. It goes out with the
// words it was given last.
func TestADraftTellsNobodyUntilItIsPublished(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	a := drafted(t, w, g)
	if got := told(w, "bo", announcement.NoticeToGroup, i18n.Danish); a.State != announcement.StateDraft || len(got) != 0 {
		t.Fatalf("%s, and bo reads %q", a.State, got)
	}
	if found := ct.Must(w.Announcements.ByIDs(w.As("bo"), []string{a.ID}))(t); len(found) != 0 {
		t.Error("a member sees a draft")
	}
	f := &announcement.Filter{GroupID: &g.ID, States: []announcement.State{announcement.StateDraft}}
	if list := ct.Must(w.Announcements.List(w.As("anna"), f, page.Args{First: 5}))(t); len(list.Edges) != 1 {
		t.Errorf("anna's drafts are %d", len(list.Edges))
	}
	_, err := w.Announcements.List(w.As("bo"), f, page.Args{First: 5})
	ct.WantKey(t, err, "announcement.unpublished.hidden")
	ct.Must(w.Announcements.Update(w.As("anna"), announcement.UpdateInput{AnnouncementID: a.ID, Title: danish("Vandet lukkes kl. 9"), Text: danish("Kun i dag.")}))(t)
	if a = ct.Must(w.Announcements.Publish(w.As("anna"), announcement.PublishInput{AnnouncementID: a.ID}))(t); a.State != announcement.StateSent {
		t.Errorf("published, it is %s", a.State)
	}
	if got, want := told(w, "bo", announcement.NoticeToGroup, i18n.Danish), []string{"Haven: Vandet lukkes kl. 9 | Kun i dag."}; !slices.Equal(got, want) {
		t.Errorf("bo reads %q, want %q", got, want)
	}
	_, err = w.Announcements.Publish(w.As("anna"), announcement.PublishInput{AnnouncementID: a.ID})
	ct.WantKey(t, err, "announcement.state")
}

// However many drafts somebody keeps, they send no more of them on one day than announcements that were
// never drafts.
func TestDraftsDoNotRaiseTheLimitOfADay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	var drafts []*announcement.Announcement
	for range 4 {
		drafts = append(drafts, drafted(t, w, g))
	}
	w.Clock.Advance(24 * time.Hour)
	for _, a := range drafts[:3] {
		ct.Must(w.Announcements.Publish(w.As("anna"), announcement.PublishInput{AnnouncementID: a.ID}))(t)
	}
	_, err := w.Announcements.Publish(w.As("anna"), announcement.PublishInput{AnnouncementID: drafts[3].ID})
	ct.WantKey(t, err, "announcement.too_many")
	tomorrow := w.Clock.Now().Add(24 * time.Hour)
	in := announcement.PublishInput{AnnouncementID: drafts[3].ID, PublishAt: &tomorrow}
	if a := ct.Must(w.Announcements.Publish(w.As("anna"), in))(t); a.State != announcement.StateScheduled {
		t.Errorf("for tomorrow, it is %s", a.State)
	}
}

func TestAnAnnouncementGoesOutAtItsTime(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	at := w.Clock.Now().Add(2 * time.Hour)
	in := said(g.ID)
	in.PublishAt = &at
	a := ct.Must(w.Announcements.ToGroup(w.As("anna"), in))(t)
	w.Clock.Advance(119 * time.Minute)
	w.Fire()
	if got := told(w, "bo", announcement.NoticeToGroup, i18n.Danish); a.State != announcement.StateScheduled || len(got) != 0 {
		t.Fatalf("%s, and bo reads %q", a.State, got)
	}
	w.Clock.Advance(time.Minute)
	w.Fire()
	if got := told(w, "bo", announcement.NoticeToGroup, i18n.Danish); len(got) != 1 {
		t.Errorf("at its time bo reads %q", got)
	}
	if state := stateNow(t, w, "anna", a.ID); state != announcement.StateSent {
		t.Errorf("it is %s", state)
	}
	// A repeat of the call, once its time has passed, has the answer of then.
	key := "0198c7a2-7d3e-7b1c-9a55-3f0e6d2c4b18"
	soon := w.Clock.Now().Add(time.Hour)
	in.ClientMutationID, in.PublishAt = &key, &soon
	planned := ct.Must(w.Announcements.ToGroup(w.As("anna"), in))(t)
	w.Clock.Advance(2 * time.Hour)
	if again := ct.Must(w.Announcements.ToGroup(w.As("anna"), in))(t); again.ID != planned.ID {
		t.Errorf("repeated, it is %s and was %s", again.ID, planned.ID)
	}
	in.ClientMutationID = nil
	past := w.Clock.Now()
	in.PublishAt = &past
	_, err := w.Announcements.ToGroup(w.As("anna"), in)
	ct.WantKey(t, err, "announcement.publish_past")
}

// One that its author has made a draft again does not go out, and neither does one whose author may no
// longer announce there.
func TestAnAnnouncementThatNobodyStandsForDoesNotGoOut(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "ida")
	ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleLeader}))(t)
	at := w.Clock.Now().Add(time.Hour)
	in := said(g.ID)
	in.PublishAt = &at
	again := ct.Must(w.Announcements.ToGroup(w.As("anna"), in))(t)
	lapsed := ct.Must(w.Announcements.ToGroup(w.As("bo"), in))(t)
	ct.Must(w.Announcements.Update(w.As("anna"), announcement.UpdateInput{AnnouncementID: again.ID, Title: danish("x"), Text: danish("y")}))(t)
	ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g.ID}))(t)
	w.Clock.Advance(time.Hour)
	w.Fire()
	if got := told(w, "ida", announcement.NoticeToGroup, i18n.Danish); len(got) != 0 {
		t.Errorf("ida reads %q", got)
	}
	if state := stateNow(t, w, "anna", again.ID); state != announcement.StateDraft {
		t.Errorf("what is a draft again is %s", state)
	}
	if state := stateNow(t, w, "anna", lapsed.ID); state != announcement.StateRejected {
		t.Errorf("what nobody stands for is %s", state)
	}
	want := []string{"Dit opslag blev ikke sendt: Vandet lukkes | Du kan ikke længere sende opslag der."}
	if got := told(w, "bo", announcement.NoticeDecided, i18n.Danish); !slices.Equal(got, want) {
		t.Errorf("bo reads %q, want %q", got, want)
	}
}

// Somebody who may no longer announce in a group they are still in sends nothing there: no draft, no
// correction, and nothing whose time comes. They can withdraw what they wrote.
func TestWhoMayNoLongerAnnounceSendsNothing(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "ida")
	leads := group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleLeader}
	ct.Must(w.Groups.GrantRole(w.As("anna"), leads))(t)
	at := w.Clock.Now().Add(time.Hour)
	in := said(g.ID)
	sent := ct.Must(w.Announcements.ToGroup(w.As("bo"), in))(t)
	in.IsDraft = true
	draft := ct.Must(w.Announcements.ToGroup(w.As("bo"), in))(t)
	in.IsDraft, in.PublishAt = false, &at
	planned := ct.Must(w.Announcements.ToGroup(w.As("bo"), in))(t)
	before := told(w, "ida", announcement.NoticeToGroup, i18n.Danish)
	ct.Must(w.Groups.RevokeRole(w.As("anna"), group.RevokeRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleLeader}))(t)

	_, err := w.Announcements.Publish(w.As("bo"), announcement.PublishInput{AnnouncementID: draft.ID})
	ct.WantKey(t, err, "announcement.permission")
	_, err = w.Announcements.Update(w.As("bo"), announcement.UpdateInput{AnnouncementID: draft.ID, Title: danish("x"), Text: danish("y")})
	ct.WantKey(t, err, "announcement.permission")
	_, err = w.Announcements.Correct(w.As("bo"), fixed(sent.ID))
	ct.WantKey(t, err, "announcement.permission")
	found := ct.Must(w.Announcements.ByIDs(w.As("bo"), []string{draft.ID}))(t)[draft.ID]
	if can := ct.Must(w.Announcements.Can(w.As("bo"), found))(t); !slices.Equal(can, []announcement.Action{announcement.ActionReject}) {
		t.Errorf("with their draft bo can %v", can)
	}
	w.Clock.Advance(time.Hour)
	w.Fire()
	if state := stateNow(t, w, "anna", planned.ID); state != announcement.StateRejected {
		t.Errorf("what bo planned is %s", state)
	}
	if after := told(w, "ida", announcement.NoticeToGroup, i18n.Danish); !slices.Equal(after, before) {
		t.Errorf("ida reads %q, and before %q", after, before)
	}
}

// Nothing goes out in a group that was archived meanwhile, whoever approved it.
func TestNothingGoesOutInAnArchivedGroup(t *testing.T) {
	t.Parallel()
	w := careful(ct.New(t))
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	staff := w.Grant("staff", auth.RoleStaff)
	at := w.Clock.Now().Add(time.Hour)
	in := said(g.ID)
	in.PublishAt = &at
	planned := ct.Must(w.Announcements.ToGroup(w.As("anna"), in))(t)
	ct.Must(w.Announcements.Approve(staff, announcement.DecideInput{AnnouncementID: planned.ID}))(t)
	waits := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
	ct.Must(w.Groups.Archive(w.As("anna"), group.ArchiveInput{GroupID: g.ID}))(t)
	_, err := w.Announcements.Approve(staff, announcement.DecideInput{AnnouncementID: waits.ID})
	ct.WantKey(t, err, "announcement.state")
	w.Clock.Advance(time.Hour)
	w.Fire()
	if got := told(w, "bo", announcement.NoticeToGroup, i18n.Danish); len(got) != 0 {
		t.Errorf("bo reads %q", got)
	}
	if state := stateNow(t, w, "anna", planned.ID); state != announcement.StateRejected {
		t.Errorf("it is %s", state)
	}
}

// Staff who approve what goes to many in a group do not stand for it in its author's stead. Somebody who
// speaks for the group does.
func TestWhoStandsForWhatWasApproved(t *testing.T) {
	t.Parallel()
	for approver, want := range map[string]announcement.State{"staff": announcement.StateRejected, "anna": announcement.StateSent} {
		t.Run(approver, func(t *testing.T) {
			t.Parallel()
			w := careful(ct.New(t))
			g := w.Group("anna")
			w.Join(g.ID, "bo")
			w.Grant("staff", auth.RoleStaff)
			role := group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleLeader}
			ct.Must(w.Groups.GrantRole(w.As("anna"), role))(t)
			at := w.Clock.Now().Add(time.Hour)
			in := said(g.ID)
			in.PublishAt = &at
			a := ct.Must(w.Announcements.ToGroup(w.As("bo"), in))(t)
			ct.Must(w.Announcements.Approve(w.As(approver), announcement.DecideInput{AnnouncementID: a.ID}))(t)
			ct.Must(w.Groups.RevokeRole(w.As("anna"), group.RevokeRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleLeader}))(t)
			w.Clock.Advance(time.Hour)
			w.Fire()
			if state := stateNow(t, w, "anna", a.ID); state != want {
				t.Errorf("it is %s, want %s", state, want)
			}
		})
	}
}

// What was approved cannot be changed and sent by one person: it is a draft then, and waits again.
func TestAnApprovalIsForTheWordsThatWereRead(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	one, two := w.Grant("one", auth.RoleStaff), w.Grant("two", auth.RoleStaff)
	crowd(t, w, 1000)
	at := w.Clock.Now().Add(time.Hour)
	in := spoken()
	in.PublishAt = &at
	a := ct.Must(w.Announcements.Broadcast(one, in))(t)
	if a = ct.Must(w.Announcements.Approve(two, announcement.DecideInput{AnnouncementID: a.ID}))(t); a.State != announcement.StateScheduled {
		t.Fatalf("approved before its time, it is %s", a.State)
	}
	ct.Must(w.Announcements.Update(one, announcement.UpdateInput{AnnouncementID: a.ID, Title: danish("x"), Text: danish("y")}))(t)
	if a = ct.Must(w.Announcements.Publish(one, announcement.PublishInput{AnnouncementID: a.ID}))(t); a.State != announcement.StatePending {
		t.Errorf("changed, it is %s", a.State)
	}
	_, err := w.Announcements.Approve(one, announcement.DecideInput{AnnouncementID: a.ID})
	ct.WantKey(t, err, "announcement.second_person")
}

// One list can hold several states: what is new comes first in it, by when it was sent or is to be.
func TestOneListOfSeveralStates(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	old := drafted(t, w, g)
	w.Clock.Advance(time.Hour)
	sent := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
	w.Clock.Advance(time.Hour)
	draft := drafted(t, w, g)
	at := w.Clock.Now().Add(time.Hour)
	in := said(g.ID)
	in.PublishAt = &at
	later := ct.Must(w.Announcements.ToGroup(w.As("anna"), in))(t)
	list := func(name string, first int, states ...announcement.State) []string {
		ids, after := []string{}, ""
		for {
			page := ct.Must(w.Announcements.List(w.As(name), &announcement.Filter{GroupID: &g.ID, States: states}, page.Args{First: first, After: after}))(t)
			for _, e := range page.Edges {
				ids = append(ids, e.Node.ID)
			}
			if !page.PageInfo.HasNextPage {
				return ids
			}
			after = *page.PageInfo.EndCursor
		}
	}
	all := []announcement.State{announcement.StateSent, announcement.StateDraft, announcement.StateScheduled, announcement.StateDraft}
	for _, first := range []int{1, 3, 5} {
		if got, want := list("anna", first, all...), []string{later.ID, draft.ID, sent.ID, old.ID}; !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %q, want %q", first, got, want)
		}
	}
	_, err := w.Announcements.List(w.As("bo"), &announcement.Filter{GroupID: &g.ID, States: all}, page.Args{First: 5})
	ct.WantKey(t, err, "announcement.unpublished.hidden")
	ct.Must(w.Announcements.Publish(w.As("anna"), announcement.PublishInput{AnnouncementID: old.ID}))(t)
	if got, want := list("bo", 5), []string{old.ID, sent.ID}; !slices.Equal(got, want) {
		t.Errorf("bo's list is %q, want what was sent last first: %q", got, want)
	}
}
