package meeting_test

import (
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/meeting"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
)

// A copy of last year's event has its category, its agenda, and what is said of its place; the minutes and the feedback stay
// where they are.
func TestACopyHasTheAgendaAndNotTheMinutes(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	category := event.CategoryMeeting
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Category: optional.Of(category),
		Place: optional.Of(place.Input{Name: new("Salen"), StepFree: new(true), HearingLoop: new(false), OnlineURL: new("https://moede.example/1")})}))(t)
	ct.Must(w.Meetings.SaveAgenda(w.As("anna"), meeting.SaveAgendaInput{EventID: e.ID, Items: []meeting.AgendaItemInput{{Text: "Valg"}, {Text: "Kaffe"}}}))(t)
	w.Clock.Advance(e.EndsAt.Add(time.Hour).Sub(w.DB.Now()))
	ct.Must(w.Meetings.SaveMinutes(w.As("anna"), meeting.SaveMinutesInput{OccurrenceID: ct.DateOf(e.ID), Text: "Vi valgte"}))(t)
	c := ct.Must(w.Events.Copy(w.As("anna"), event.CopyInput{EventID: e.ID}))(t)
	if c.Category == nil || *c.Category != category || c.Place == nil || !*c.Place.StepFree || *c.Place.HearingLoop || c.Place.AccessibleToilet != nil ||
		c.Place.OnlineURL != "https://moede.example/1" {
		t.Errorf("the copy is %+v at %+v", c, c.Place)
	}
	old := ct.Must(w.Meetings.Agendas(w.As("anna"), []string{e.ID}))(t)[e.ID].List()
	items := ct.Must(w.Meetings.Agendas(w.As("anna"), []string{c.ID}))(t)[c.ID].List()
	if len(items) != 2 || items[0].Text != "Valg" || items[1].Text != "Kaffe" || items[0].ID == old[0].ID || items[0].ProposedBy != ct.PersonID("anna") {
		t.Errorf("the items of the copy are %+v", items)
	}
	if found := ct.Must(w.Meetings.ItemsByIDs(w.As("anna"), []string{items[0].ID}))(t); found[items[0].ID] == nil {
		t.Error("an item of the copy is not found by its id")
	}
	if m := ct.Must(w.Meetings.MinutesOf(w.As("anna"), []string{c.ID, ct.DateOf(c.ID)}))(t); len(m) > 0 {
		t.Errorf("the copy has minutes: %v", m)
	}
}

// An agenda that somebody has written for the copy is not overwritten by a copy that comes late.
func TestALateCopyOverwritesNoAgenda(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	from, to := w.PublishedEvent("anna", g.ID, nil), w.PublishedEvent("anna", g.ID, nil)
	for _, e := range []*event.Event{from, to} {
		ct.Must(w.Meetings.SaveAgenda(w.As("anna"), meeting.SaveAgendaInput{EventID: e.ID, Items: []meeting.AgendaItemInput{{Text: "Punkt " + e.ID}}}))(t)
	}
	if err := w.Meetings.CopyAgenda(t.Context(), event.Copied{FromID: from.ID, ToID: to.ID, PersonID: ct.PersonID("anna")}); err != nil {
		t.Fatal(err)
	}
	if items := ct.Must(w.Meetings.Agendas(w.As("anna"), []string{to.ID}))(t)[to.ID].List(); len(items) != 1 || items[0].Text != "Punkt "+to.ID {
		t.Errorf("the items are %+v", items)
	}
}

// An event that continues a series goes on with its agenda, as items of those who have proposed them.
func TestWhatContinuesASeriesHasItsAgenda(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := weekly(w, g.ID, 6)
	ct.Must(w.Meetings.SaveAgenda(w.As("anna"), meeting.SaveAgendaInput{EventID: e.ID, Items: []meeting.AgendaItemInput{{Text: "Kaffe"}}}))(t)
	dates := ct.Must(w.Events.Occurrences(w.As("anna"), e, page.Args{First: 6}))(t).Edges
	scope := event.ScopeFollowing
	was := ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Scope: &scope, OccurrenceID: &dates[3].Node.ID, Title: optional.Of("Nyt navn")}))(t)
	next := was.ContinuedByID
	if next == "" {
		t.Fatal("nothing continues the series")
	}
	for _, eventID := range []string{e.ID, next} {
		items := ct.Must(w.Meetings.Agendas(w.As("anna"), []string{eventID}))(t)[eventID].List()
		if len(items) != 1 || items[0].Text != "Kaffe" || items[0].ProposedBy != ct.PersonID("anna") {
			t.Errorf("the items of %s are %+v", eventID, items)
		}
	}
}

// weekly is a published event of one hour on so many weeks, from in three days on.
func weekly(w *ct.World, groupID string, times int, with ...func(in *event.CreateInput)) *event.Event {
	w.T.Helper()
	first := clock.LocalOf(w.DB.Now().Add(72*time.Hour), clock.Copenhagen)
	in := event.CreateInput{GroupID: groupID, Title: "Bestyrelsesmøde", StartsAt: first, EndsAt: first.Plus(time.Hour), TimeZone: clock.Copenhagen,
		Recurrence: &schedule.RecurrenceInput{Rule: fmt.Sprintf("FREQ=WEEKLY;COUNT=%d", times)}}
	for _, change := range with {
		change(&in)
	}
	e := ct.Must(w.Events.Create(w.As("anna"), in))(w.T)
	return ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(w.T)
}
