package event_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

func addCoOrganiser(w *ct.World, by, name, eventID string) (*event.Event, error) {
	return w.Events.AddCoOrganiser(w.As(by), event.AddCoOrganiserInput{EventID: eventID, PersonID: ct.PersonID(name)})
}

// A co-organiser does with one event what an organiser does, with no other, and not for longer than
// they are a member.
func TestACoOrganiserRunsOneEvent(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "carl")
	draft, other := w.Draft("anna", g.ID, nil), w.Draft("anna", g.ID, nil)
	_, err := w.Events.Get(w.As("bo"), draft.ID)
	ct.WantKind(t, err, fault.KindNotFound)

	if e := ct.Must(addCoOrganiser(w, "anna", "bo", draft.ID))(t); !slices.Equal(e.CoOrganiserIDs, []string{ct.PersonID("bo")}) {
		t.Errorf("co-organisers are %v", e.CoOrganiserIDs)
	}
	ct.Must(addCoOrganiser(w, "anna", "bo", draft.ID))(t) // nothing changes
	bo := w.As("bo")
	e := ct.Must(w.Events.Get(bo, draft.ID))(t)
	if can := w.Events.Can(bo, e); !slices.Equal(can, []event.Action{event.ActionCancel, event.ActionEdit, event.ActionPublish}) {
		t.Errorf("bo may %v", can)
	}
	ct.Must(w.Events.Update(bo, event.UpdateInput{EventID: draft.ID, Title: optional.Of("Fællesspisning")}))(t)
	ct.Must(w.Events.Publish(bo, event.PublishInput{EventID: draft.ID}))(t)
	w.MustAttend("carl", draft.ID, 0)
	ct.Must(w.Events.Attendances(bo, ct.Must(w.Events.Occurrence(bo, ct.DateOf(draft.ID)))(t), e, nil, page.Args{First: 10}))(t)

	_, err = w.Events.Get(bo, other.ID)
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = addCoOrganiser(w, "bo", "carl", draft.ID)
	ct.WantKey(t, err, "group.permission")
	_, err = w.Events.Create(bo, event.CreateInput{GroupID: g.ID})
	if err == nil {
		t.Error("bo makes another event")
	}

	ct.Must(w.Groups.Leave(bo, group.LeaveInput{GroupID: g.ID}))(t)
	w.RunPending()
	_, err = w.Events.Cancel(w.As("bo"), event.CancelInput{EventID: draft.ID})
	ct.WantKey(t, err, "group.permission")
	w.Join(g.ID, "bo") // to come back is not to be named again
	_, err = w.Events.Cancel(w.As("bo"), event.CancelInput{EventID: draft.ID})
	ct.WantKey(t, err, "group.permission")
}

func TestWhoBecomesACoOrganiser(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	w.Person("gerda")
	_, err := addCoOrganiser(w, "anna", "gerda", e.ID)
	ct.WantField(t, err, "input.personId")
	for i := range 10 {
		name := fmt.Sprint("member", i)
		w.Join(g.ID, name)
		ct.Must(addCoOrganiser(w, "anna", name, e.ID))(t)
	}
	w.Join(g.ID, "gerda")
	_, err = addCoOrganiser(w, "anna", "gerda", e.ID)
	ct.WantKey(t, err, "event.co_organisers")

	remove := func(by, name string) (*event.Event, error) {
		return w.Events.RemoveCoOrganiser(w.As(by), event.RemoveCoOrganiserInput{EventID: e.ID, PersonID: ct.PersonID(name)})
	}
	_, err = remove("member1", "member2")
	ct.WantKey(t, err, "group.permission")
	_, err = remove("gerda", "gerda")
	ct.WantKey(t, err, "group.permission")
	ct.Must(remove("member1", "member1"))(t)
	if left := ct.Must(remove("anna", "member2"))(t).CoOrganiserIDs; len(left) != 8 {
		t.Errorf("%v are left", left)
	}
}

// Whoever leaves while somebody names them is no co-organiser either, when they come back.
func TestWhoLeavesMeanwhileIsNoCoOrganiser(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	e := w.PublishedEvent("anna", g.ID, nil)
	ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g.ID}))(t)
	w.RunPending()
	// The request had read that bo is a member, and writes now.
	w.Set(t.Context(), "events", e.ID, map[string]any{"coOrganiserIds": []string{ct.PersonID("bo")}})
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	w.Join(g.ID, "bo")
	_, err := w.Events.Cancel(w.As("bo"), event.CancelInput{EventID: e.ID})
	ct.WantKey(t, err, "group.permission")
}

// A new co-organiser is told, also of a draft: not by themselves, not if they were taken off before, and once a
// day however often they are named.
func TestANewCoOrganiserIsTold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "carl")
	draft := w.Draft("anna", g.ID, nil)
	remove := func(name string) {
		ct.Must(w.Events.RemoveCoOrganiser(w.As("anna"), event.RemoveCoOrganiserInput{EventID: draft.ID, PersonID: ct.PersonID(name)}))(t)
	}
	for _, name := range []string{"anna", "bo", "carl"} {
		ct.Must(addCoOrganiser(w, "anna", name, draft.ID))(t)
	}
	remove("carl")
	w.Drain()
	for range 3 {
		remove("bo")
		ct.Must(addCoOrganiser(w, "anna", "bo", draft.ID))(t)
		w.Drain()
	}
	for name, want := range map[string][]string{
		"bo": {"Haven: du er medarrangør af Fællesspisning | lørdag den 2. maj kl. 14.00. Du kan rette og aflyse arrangementet og se, hvem der kommer."},
	} {
		var told []string
		for _, n := range w.Notices(name) {
			title, body := w.Read(name, n)
			told = append(told, title+" | "+body)
		}
		if !slices.Equal(told, want) {
			t.Errorf("%s reads %q", name, told)
		}
	}
	for _, name := range []string{"anna", "carl"} {
		if list := w.Notices(name); len(list) != 0 {
			t.Errorf("%s has %+v", name, list)
		}
	}
	ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g.ID}))(t)
	w.RunPending()
	for _, n := range ct.Must(w.Inbox.List(w.As("bo"), page.Args{First: 10}))(t).Edges {
		if n.Node.Unread {
			t.Errorf("after they have left bo has %+v", n.Node)
		}
	}
}
