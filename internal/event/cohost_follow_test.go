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

// The dates of a series are those of all its groups, also the ones that are made when they come near, and a copy of it is the
// first group's alone.
func TestASeriesOfTwoGroups(t *testing.T) {
	t.Parallel()
	w, own, other, _ := hosts(t)
	e := publishedSeries(t, w, own, "2026-05-09T15:00:00", "FREQ=MONTHLY;COUNT=20")
	inviteAndAccept(t, w, e.ID, other.ID)
	seen := func() int {
		n := 0
		for a := (page.Args{First: 50}); ; {
			c := ct.Must(w.Events.Dates(w.As("carl"), &event.OccurrenceFilter{GroupID: &other.ID}, nil, a))(t)
			n += len(c.Edges)
			if !c.PageInfo.HasNextPage {
				return n
			}
			a.After = *c.PageInfo.EndCursor
		}
	}
	before := seen()
	if all := len(datesOf(t, w, e.ID)); before != all || all >= 20 {
		t.Errorf("carl finds %d of %d dates", before, all)
	}
	w.Clock.Advance(95 * 24 * time.Hour)
	if err := w.Events.LookAtSeries(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.RunPending()
	var over int
	dates := datesOf(t, w, e.ID)
	for _, o := range dates {
		if o.IsOver(w.Clock.Now()) {
			over++
		}
	}
	if n := seen(); n != len(dates)-over || len(dates) <= before {
		t.Errorf("after three months carl finds %d of %d dates, of which %d are over", n, len(dates), over)
	}
	c := ct.Must(w.Events.Copy(w.As("anna"), event.CopyInput{EventID: e.ID}))(t)
	if len(c.GroupIDs()) != 1 {
		t.Errorf("the copy is of %v", c.GroupIDs())
	}
	if _, err := w.Events.Get(w.As("berta"), c.ID); err == nil {
		t.Error("berta sees the copy, which is a draft")
	}
}

// Calendars and lists of each group and area show the event as long as it is theirs.
func TestCalendarsOfBothGroupsShowTheEvent(t *testing.T) {
	t.Parallel()
	w, own, other, e := hosts(t)
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	inviteAndAccept(t, w, e.ID, other.ID)
	feed := func(name, groupID string) int {
		return len(ct.Must(w.Events.Feed(w.As(name), groupID, "", w.Clock.Now(), 10))(t))
	}
	if a, b, c := feed("bo", own.ID), feed("carl", other.ID), feed("gerda", other.ID); a != 1 || b != 1 || c != 0 {
		t.Errorf("the feeds have %d, %d and %d", a, b, c)
	}
	if b, c := feed("carl", own.ID), feed("bo", other.ID); b != 1 || c != 1 {
		t.Errorf("the feeds of the other groups have %d and %d", b, c)
	}
	ct.Must(w.Events.RemoveCoHost(w.As("anna"), coHost(e.ID, other.ID)))(t)
	w.Drain()
	if a, b := feed("bo", own.ID), feed("carl", other.ID); a != 1 || b != 0 {
		t.Errorf("afterwards the feeds have %d and %d", a, b)
	}
}

// What an event and its dates know of its groups follows each of them.
func TestCopiesFollowBothGroups(t *testing.T) {
	t.Parallel()
	w, own, other, e := hosts(t)
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	inviteAndAccept(t, w, e.ID, other.ID)
	rename := func(name, groupID, to string) {
		ct.Must(w.Groups.Update(w.As(name), group.UpdateInput{GroupID: groupID, Name: optional.Of(to)}))(t)
		w.Drain()
	}
	rename("berta", other.ID, "Smedjen")
	rename("anna", own.ID, "Parken")
	got := ct.Must(w.Events.Get(w.As("carl"), e.ID))(t)
	o := ct.Must(w.Events.Occurrence(w.As("carl"), ct.DateOf(e.ID)))(t)
	if got.CoHosts[other.ID].Card.Name != "Smedjen" || got.Card.Name != "Parken" || o.Card.Name != "Parken" || !slices.Equal(o.CoGroupIDs, []string{other.ID}) {
		t.Errorf("the event has %q and %q, the date %q and %v", got.Card.Name, got.CoHosts[other.ID].Card.Name, o.Card.Name, o.CoGroupIDs)
	}
	if _, dates, seen := isListed(t, w, "bo", own.ID, e.ID); !dates || !seen {
		t.Errorf("bo finds it %t, sees it %t", dates, seen)
	}
}

// An archived group hosts what it hosts, and nothing more. A group that hosts an event ahead is not deleted before it is taken
// out; what it was asked to host stays with the other.
func TestAGroupThatClosesAndIsDeleted(t *testing.T) {
	t.Parallel()
	w, own, other, e := hosts(t)
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	next := w.PublishedAt("anna", own.ID, w.Clock.Now().Add(96*time.Hour), nil)
	inviteAndAccept(t, w, e.ID, other.ID)
	ct.Must(w.Events.InviteCoHost(w.As("anna"), coHost(next.ID, other.ID)))(t)
	ct.Must(w.Groups.Archive(w.As("berta"), group.ArchiveInput{GroupID: other.ID}))(t)
	w.Drain()
	attend(t, w, "carl", e.ID)
	_, err := w.Events.AcceptCoHosting(w.As("berta"), coHost(next.ID, other.ID))
	ct.WantKind(t, err, fault.KindConflict)
	_, err = w.Events.InviteCoHost(w.As("anna"), coHost(w.DraftAt("anna", own.ID, w.Clock.Now().Add(99*time.Hour)).ID, other.ID))
	if !fault.Is(err, fault.KindConflict) && !fault.Is(err, fault.KindNotFound) {
		t.Errorf("an archived group is asked: %v", err)
	}
	if _, err := w.Groups.Delete(w.As("anna"), group.DeleteInput{GroupID: own.ID}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a group with events ahead is deleted: %v", err)
	}
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(inDays(w, 40))}))(t)
	if _, err := w.Groups.Delete(w.As("berta"), group.DeleteInput{GroupID: other.ID}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a group that hosts an event ahead is deleted: %v", err)
	}
	ct.Must(w.Events.RemoveCoHost(w.As("berta"), coHost(e.ID, other.ID)))(t)
	ct.Must(w.Groups.Delete(w.As("berta"), group.DeleteInput{GroupID: other.ID}))(t)
	w.Drain()
	w.Clock.Advance(15 * 24 * time.Hour)
	w.Fire()
	w.RunPending()
	if is := bookingsOf(w, e.ID); is[ct.PersonID("carl")] != "CANCELLED LOST_ACCESS" {
		t.Errorf("the bookings are %v", is)
	}
	for name, sees := range map[string]bool{"carl": false, "berta": false, "bo": true, "dora": true} {
		if _, err := w.Events.Get(w.As(name), e.ID); (err == nil) != sees {
			t.Errorf("%s: %v", name, err)
		}
	}
}
