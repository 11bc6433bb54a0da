package group_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/area"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

func archive(w *ct.World, by, groupID string) (*group.Group, error) {
	return w.Groups.Archive(w.As(by), group.ArchiveInput{GroupID: groupID})
}

func restore(w *ct.World, by, groupID string) (*group.Group, error) {
	return w.Groups.Restore(w.As(by), group.RestoreInput{GroupID: groupID})
}

func deletes(w *ct.World, by, groupID string) (*group.Group, error) {
	return w.Groups.Delete(w.As(by), group.DeleteInput{GroupID: groupID})
}

// An archived group can be read, and nothing new happens in it until a leader opens it again.
func TestAnArchivedGroupIsOnlyRead(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	draft := w.Draft("anna", g.ID, nil)
	shown := w.PublishedEvent("anna", g.ID, nil)
	link := ct.Must(w.Groups.CreateLink(w.As("anna"), group.CreateLinkInput{GroupID: g.ID}))(t)
	if got := ct.Must(archive(w, "anna", g.ID))(t); got.ArchivedAt == nil || got.DeletesAt != nil {
		t.Errorf("it is %+v", got)
	}

	_, err := w.Groups.Join(w.As("carl"), group.JoinInput{GroupID: g.ID})
	ct.WantKey(t, err, "group.join.archived")
	_, err = w.Groups.Join(w.As("carl"), group.JoinInput{GroupID: g.ID, InvitationCode: &link.Code})
	ct.WantKey(t, err, "group.invitation.not_found")
	for _, p := range []group.Permission{group.PostEvents, group.SpeakForGroup, group.Invite, group.EditGroup} {
		_, err := w.Groups.Require(w.As("anna"), g.ID, p)
		ct.WantKey(t, err, "group.archived")
	}
	_, err = w.Events.Publish(w.As("anna"), event.PublishInput{EventID: draft.ID})
	ct.WantKey(t, err, "event.archived")
	if can := ct.Must(w.Events.Get(w.As("anna"), draft.ID))(t); slices.Contains(w.Events.Can(w.As("anna"), can), event.ActionPublish) {
		t.Error("the draft may be published")
	}
	ct.Must(w.Events.Get(w.As("bo"), shown.ID))(t)
	if n := len(ct.Must(w.Groups.List(w.As("bo"), nil, page.Args{First: 10}))(t).Edges); n != 1 {
		t.Errorf("bo, who is a member, lists %d", n)
	}
	if n := len(ct.Must(w.Groups.List(w.As("carl"), nil, page.Args{First: 10}))(t).Edges); n != 0 {
		t.Errorf("carl, who is none, lists %d", n)
	}
	if can := actions(w, "carl", ct.Must(w.Groups.Get(w.As("carl"), g.ID))(t)); len(can) != 0 {
		t.Errorf("carl may %v", can)
	}

	if got := ct.Must(restore(w, "anna", g.ID))(t); got.ArchivedAt != nil {
		t.Errorf("it is %+v", got)
	}
	w.Join(g.ID, "carl")
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: draft.ID}))(t)
	_, err = restore(w, "anna", g.ID)
	ct.WantKey(t, err, "group.archived.not")
}

// Only who leads a group closes it.
func TestOnlyLeadersCloseAGroup(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ct.Must(grant(w, "anna", "bo", g.ID, group.RoleModerator, nil))(t)
	for _, by := range []string{"bo", "carl"} {
		for what, do := range map[string]func(*ct.World, string, string) (*group.Group, error){"archive": archive, "delete": deletes, "restore": restore} {
			if _, err := do(w, by, g.ID); !fault.Is(err, fault.KindForbidden) {
				t.Errorf("%s may %s: %v", by, what, err)
			}
		}
	}
}

// For 14 days a deleted group can be brought back with everybody in it. Then it is gone for everybody.
func TestADeletedGroupIsGoneAfterFourteenDays(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "carl")
	shown := w.PublishedEvent("anna", g.ID, nil)
	_, err := deletes(w, "anna", g.ID)
	ct.WantKey(t, err, "group.events_ahead")
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: shown.ID}))(t)

	got := ct.Must(deletes(w, "anna", g.ID))(t)
	if want := w.Clock.Now().AddDate(0, 0, 14); got.DeletesAt == nil || !got.DeletesAt.Equal(want) || got.ArchivedAt == nil {
		t.Errorf("it is deleted at %v, want %v", got.DeletesAt, want)
	}
	_, err = deletes(w, "anna", g.ID)
	ct.WantKey(t, err, "group.deleted.already")
	w.Clock.Advance(13 * 24 * time.Hour)
	w.Fire()
	if got := ct.Must(restore(w, "anna", g.ID))(t); got.DeletesAt != nil || got.ArchivedAt != nil || got.MemberCount != 3 {
		t.Errorf("it comes back as %+v", got)
	}
	w.Clock.Advance(48 * time.Hour) // the timer of the deletion that was undone
	w.Fire()
	ct.Must(w.Groups.Get(w.As("bo"), g.ID))(t)

	ct.Must(deletes(w, "anna", g.ID))(t)
	w.Clock.Advance(14 * 24 * time.Hour)
	_, err = w.Groups.Get(w.As("anna"), g.ID) // also before the program has cleared it away
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = restore(w, "anna", g.ID)
	ct.WantKind(t, err, fault.KindNotFound)
	w.Fire()
	w.RunPending()
	for _, name := range []string{"anna", "bo", "carl"} {
		_, err := w.Groups.Get(w.As(name), g.ID)
		ct.WantKind(t, err, fault.KindNotFound)
		if n := len(ct.Must(w.Groups.Own(w.As(name), page.Args{First: 10}))(t).Edges); n != 0 {
			t.Errorf("%s still belongs to %d groups", name, n)
		}
	}
	stored := ct.Must(w.Groups.Load(t.Context(), []string{g.ID}))(t)[g.ID]
	if stored.Name != "" || stored.Description != "" || len(stored.LeaderIDs) != 0 || stored.MemberCount != 0 {
		t.Errorf("what is left is %+v", stored)
	}
	if d := ct.Must(w.Groups.Repair(t.Context()))(t); len(d) != 0 {
		t.Errorf("a repair finds %+v", d)
	}
}

// A lokalforum belongs to its area, whoever asks.
func TestALokalforumIsNeverClosed(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("dorte", "STAFF")
	areas := ct.Must(w.LoadAreas(t.Context()))(t)
	forum := area.LokalforumID(areas[0].ID)
	for what, do := range map[string]func(*ct.World, string, string) (*group.Group, error){"archive": archive, "delete": deletes, "restore": restore} {
		_, err := do(w, "dorte", forum)
		if ct.WantKey(t, err, "group.close.lokalforum"); t.Failed() {
			t.Fatal(what)
		}
	}
	if can := actions(w, "dorte", ct.Must(w.Groups.Get(staff, forum))(t)); slices.Contains(can, group.ActionArchive) || slices.Contains(can, group.ActionDelete) {
		t.Errorf("dorte may %v", can)
	}
}

// The list of members says how many there are, also on a short page, and the list of those who wait does too.
func TestMembershipsAreCounted(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk))
	for _, name := range []string{"bo", "carl", "dorte"} {
		ct.Must(w.Groups.Join(w.As(name), group.JoinInput{GroupID: g.ID}))(t)
	}
	ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID("bo")}))(t)
	requested := group.StateRequested
	for state, want := range map[*group.MembershipState]int{nil: 2, &requested: 2} {
		g := ct.Must(w.Groups.Get(w.As("anna"), g.ID))(t)
		own := ct.Must(w.Groups.OwnByGroup(w.As("anna"), []string{g.ID}))(t)[g.ID]
		c := ct.Must(w.Groups.Memberships(w.As("anna"), g, own, group.ListFilter{State: state}, page.Args{First: 1}))(t)
		if n := ct.Must(c.TotalCount(w.As("anna")))(t); *n != want || len(c.Edges) != 1 {
			t.Errorf("in state %v are %d, want %d", state, *n, want)
		}
	}
	if n := ct.Must(ct.Must(w.Groups.Own(w.As("carl"), page.Args{First: 1}))(t).TotalCount(w.As("carl")))(t); *n != 1 {
		t.Errorf("carl has %d memberships", *n)
	}
}

// Members are told that a group is archived, or when it will be deleted, unless a leader has opened it again
// meanwhile. The leader who did it is not told.
func TestMembersHearThatAGroupCloses(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ct.Must(archive(w, "anna", g.ID))(t)
	w.Drain()
	ct.Must(deletes(w, "anna", g.ID))(t)
	w.Drain()
	var told []string
	for _, n := range w.Notices("bo") {
		title, body := w.Read("bo", n)
		told = append(told, title+": "+body)
	}
	slices.Sort(told)
	want := []string{
		"Haven bliver slettet: Gruppen bliver slettet fredag den 15. maj kl. 14.00. Indtil da kan en leder fortryde det.",
		"Haven er arkiveret: Du kan stadig læse, hvad der står i gruppen, men der sker ikke noget nyt.",
	}
	if !slices.Equal(told, want) {
		t.Errorf("bo reads %q", told)
	}
	if n := w.Notices("anna"); len(n) != 0 {
		t.Errorf("anna has %+v", n)
	}
	ct.Must(restore(w, "anna", g.ID))(t)
	ct.Must(archive(w, "anna", g.ID))(t)
	ct.Must(restore(w, "anna", g.ID))(t)
	w.Drain()
	for range 3 { // neither is heard again on the same day
		ct.Must(archive(w, "anna", g.ID))(t)
		w.Drain()
		w.Clock.Advance(time.Minute)
		ct.Must(deletes(w, "anna", g.ID))(t)
		w.Drain()
		if n := len(w.Notices("bo")); n != 2 {
			t.Errorf("after it was opened again bo has %d", n)
		}
		ct.Must(restore(w, "anna", g.ID))(t)
	}
}
