package meeting_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/place"
	"faellesskab/internal/testkit"
)

const meetAt = "https://moede.example/1"

// online makes people meet online.
func online(w *ct.World, e *event.Event) *event.Event {
	w.T.Helper()
	in := event.UpdateInput{EventID: e.ID, Place: optional.Of(place.Input{OnlineURL: new(meetAt)})}
	return ct.Must(w.Events.Update(w.As("anna"), in))(w.T)
}

// Who waits, asks, is offered a seat or has given theirs back has no link.
func TestOnlyASeatGivesTheLink(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := online(w, w.PublishedAt("anna", g.ID, w.Clock.Now().Add(10*24*time.Hour), ct.Seats(1)))
	w.MustAttend("bo", e.ID, 0)
	for name, has := range map[string]bool{"bo": true, "cara": false} {
		if name == "cara" && w.MustAttend(name, e.ID, 0) != booking.Waitlisted {
			t.Fatal("cara has a seat")
		}
		if got := ct.Must(w.Meetings.Admissions(w.As(name), e.Venue().LinkOf()))(t); bool(got[ct.DateOf(e.ID)]) != has {
			t.Errorf("%s: %v", name, got)
		}
	}
	if err := w.Leave("bo", e.ID); err != nil {
		t.Fatal(err)
	}
	w.RunPending()
	for name, state := range map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Offered} {
		if got := ct.Must(w.Meetings.Admissions(w.As(name), e.Venue().LinkOf()))(t); w.StateOf(name, e.ID) != state || got[ct.DateOf(e.ID)] {
			t.Errorf("%s, who is %s: %v", name, w.StateOf(name, e.ID), got)
		}
	}
	if got := ct.Must(w.Meetings.Admissions(t.Context(), e.Venue().LinkOf()))(t); len(got) > 0 {
		t.Errorf("nobody: %v", got)
	}
}

// Each date of a series gives its link to those who have a seat there; the event gives it to those with a seat at a date
// to come.
func TestADateGivesItsOwnLink(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := weekly(w, g.ID, 3, func(in *event.CreateInput) { in.Place = &place.Input{OnlineURL: new(meetAt)} })
	dates := ct.Must(w.Events.Occurrences(w.As("anna"), e, page.Args{First: 3}))(t).Edges
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[1].Node.ID}))(t)
	for i, edge := range dates {
		of := edge.Node.Venue().LinkOf()
		if got := ct.Must(w.Meetings.Admissions(w.As("bo"), of))(t)[of[0]]; bool(got) != (i == 1) {
			t.Errorf("date %d gives bo the link: %t", i, got)
		}
	}
	e = ct.Must(w.Events.Get(w.As("bo"), e.ID))(t)
	got := ct.Must(w.Meetings.Admissions(w.As("bo"), e.Venue().LinkOf()))(t)
	if !slices.ContainsFunc(e.Venue().LinkOf(), func(of string) bool { return bool(got[of]) }) {
		t.Errorf("the event does not give bo the link: %v", got)
	}
}

// The link is kept with the event and its dates and nowhere else: no notice, no job and no record of a call has it.
func TestTheLinkIsKeptNowhereElse(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	e := online(w, w.PublishedEvent("anna", g.ID, nil))
	w.MustAttend("bo", e.ID, 0)
	in := event.UpdateInput{EventID: e.ID, Place: optional.Of(place.Input{OnlineURL: new("https://moede.example/2")})}
	ct.Must(w.Events.Update(w.As("anna"), in))(t)
	w.Clock.Advance(10 * time.Minute)
	w.Fire()
	w.Drain()
	for collection, at := range testkit.MentionsAnywhere(t, w.DB, "moede.example") {
		if collection != "events" && collection != "occurrences" {
			t.Errorf("%s holds the link: %v", collection, at)
		}
	}
	found := ct.Must(w.Events.Dates(w.As("cara"), &event.OccurrenceFilter{Query: new("moede")}, nil, page.Args{First: 5}))(t)
	if len(found.Edges) > 0 {
		t.Error("the link is found by its words")
	}
}
