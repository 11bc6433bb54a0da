package event_test

import (
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

func coHost(eventID, groupID string) event.CoHostInput {
	return event.CoHostInput{EventID: eventID, GroupID: groupID}
}

// isListed reports whether a person finds the event and its date in the lists of a group, and whether they may see it.
func isListed(t *testing.T, w *ct.World, name, groupID, eventID string) (inEvents, inDates, isSeen bool) {
	t.Helper()
	list := ct.Must(w.Events.List(w.As(name), &event.Filter{GroupID: &groupID}, page.Args{First: 10}))(t)
	dates := ct.Must(w.Events.Dates(w.As(name), &event.OccurrenceFilter{GroupID: &groupID}, nil, page.Args{First: 10}))(t)
	_, err := w.Events.Get(w.As(name), eventID)
	return slices.ContainsFunc(list.Edges, func(e event.Edge) bool { return e.Node.ID == eventID }),
		slices.ContainsFunc(dates.Edges, func(e event.OccurrenceEdge) bool { return e.Node.EventID == eventID }), err == nil
}

// Two groups whose events only members see host one event: the members of both see it and sign up, as long as both do.
func TestTwoGroupsHostOneEvent(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	own, other := w.Group("anna", membersOnly), w.Group("berta", membersOnly)
	w.Join(own.ID, "bo")
	w.Join(other.ID, "carl")
	w.Person("gerda")
	e := w.PublishedAt("anna", own.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(5))
	want := func(name, groupID string, wanted bool) {
		t.Helper()
		if events, dates, seen := isListed(t, w, name, groupID, e.ID); events != wanted || dates != wanted || seen != wanted {
			t.Errorf("%s finds it in events %t, in dates %t, sees it %t; want %t", name, events, dates, seen, wanted)
		}
	}
	want("carl", other.ID, false)

	ct.Must(w.Events.InviteCoHost(w.As("anna"), coHost(e.ID, other.ID)))(t)
	want("carl", other.ID, false) // nobody has agreed yet
	_, err := w.Events.AcceptCoHosting(w.As("anna"), coHost(e.ID, other.ID))
	ct.WantKind(t, err, fault.KindForbidden)
	accepted := ct.Must(w.Events.AcceptCoHosting(w.As("berta"), coHost(e.ID, other.ID)))(t)
	if ids := accepted.GroupIDs(); !slices.Equal(ids, []string{own.ID, other.ID}) {
		t.Errorf("the groups are %v", ids)
	}
	want("carl", other.ID, true)
	want("bo", own.ID, true)
	want("gerda", other.ID, false)
	attend(t, w, "bo", e.ID)
	attend(t, w, "carl", e.ID)

	remove := ct.Must(w.Events.RemoveCoHost(w.As("berta"), coHost(e.ID, other.ID)))(t)
	w.RunPending()
	if len(remove.GroupIDs()) != 1 {
		t.Errorf("the groups are %v", remove.GroupIDs())
	}
	want("carl", other.ID, false)
	want("bo", own.ID, true)
	if is := bookingsOf(w, e.ID); is[ct.PersonID("bo")] != "CONFIRMED" || is[ct.PersonID("carl")] != "CANCELLED LOST_ACCESS" {
		t.Errorf("the bookings are %v", is)
	}
}

// Whoever leaves one of two groups keeps the booking, whoever leaves both loses it, and whoever one group bans may not come.
func TestLeavingOneOfTwoGroups(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	own, other := w.Group("anna", membersOnly), w.Group("berta", membersOnly)
	for _, g := range []string{own.ID, other.ID} {
		w.Join(g, "bo", "carl")
	}
	e := w.PublishedAt("anna", own.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(5))
	ct.Must(w.Events.InviteCoHost(w.As("anna"), coHost(e.ID, other.ID)))(t)
	ct.Must(w.Events.AcceptCoHosting(w.As("berta"), coHost(e.ID, other.ID)))(t)
	attend(t, w, "bo", e.ID)
	attend(t, w, "carl", e.ID)
	leaveGroup(t, w, own.ID, "bo")
	w.RunPending()
	if is := bookingsOf(w, e.ID); is[ct.PersonID("bo")] != "CONFIRMED" {
		t.Errorf("after leaving one: %v", is)
	}
	leaveGroup(t, w, other.ID, "bo")
	remove(t, w, own.ID, "carl", true)
	w.RunPending()
	is := bookingsOf(w, e.ID)
	for _, name := range []string{"bo", "carl"} {
		if is[ct.PersonID(name)] != "CANCELLED LOST_ACCESS" {
			t.Errorf("%s has %s", name, is[ct.PersonID(name)])
		}
	}
}

// An event of a group for members is open to everyone once a group for everyone hosts it too, and no longer than that.
func TestTheAudienceFollowsTheGroups(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	own, other := w.Group("anna", membersOnly), w.Group("berta")
	w.Person("gerda")
	e := w.PublishedAt("anna", own.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(5))
	ct.Must(w.Events.InviteCoHost(w.As("anna"), coHost(e.ID, other.ID)))(t)
	ct.Must(w.Events.AcceptCoHosting(w.As("berta"), coHost(e.ID, other.ID)))(t)
	attend(t, w, "gerda", e.ID)
	ct.Must(w.Groups.Update(w.As("berta"), group.UpdateInput{GroupID: other.ID, Visibility: optional.Of(group.VisibilityMembers)}))(t)
	w.RunPending()
	if is := bookingsOf(w, e.ID); is[ct.PersonID("gerda")] != "CANCELLED LOST_ACCESS" {
		t.Errorf("the bookings are %v", is)
	}
}
