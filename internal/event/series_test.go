package event_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/schedule"
)

// series is the draft of an event of two hours that begins then, and happens by a rule.
func series(t *testing.T, w *ct.World, g *group.Group, first clock.Local, r schedule.RecurrenceInput, with ...func(in *event.CreateInput)) *event.Event {
	t.Helper()
	in := event.CreateInput{GroupID: g.ID, Title: "Sygruppe", StartsAt: first, EndsAt: first.Plus(2 * time.Hour), TimeZone: clock.Copenhagen, Recurrence: &r}
	for _, change := range with {
		change(&in)
	}
	return ct.Must(w.Events.Create(w.As("anna"), in))(t)
}

// publishedSeries is series, published.
func publishedSeries(t *testing.T, w *ct.World, g *group.Group, first clock.Local, rule string, with ...func(in *event.CreateInput)) *event.Event {
	t.Helper()
	e := series(t, w, g, first, schedule.RecurrenceInput{Rule: rule}, with...)
	return ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
}

// datesOf are the dates of an event, in order.
func datesOf(t *testing.T, w *ct.World, eventID string) []*event.Occurrence {
	t.Helper()
	e := ct.Must(w.Events.Get(w.As("anna"), eventID))(t)
	var all []*event.Occurrence
	for a := (page.Args{First: 50}); ; {
		c := ct.Must(w.Events.Occurrences(w.As("anna"), e, a))(t)
		for _, edge := range c.Edges {
			all = append(all, edge.Node)
		}
		if !c.PageInfo.HasNextPage {
			return all
		}
		a.After = *c.PageInfo.EndCursor
	}
}

// startsOf are the starts of dates, as "1 Sep 19:00".
func startsOf(dates []*event.Occurrence) string {
	var texts []string
	for _, o := range dates {
		texts = append(texts, o.StartsAtLocal.OnPaper().Format("2 Jan 15:04"))
	}
	return strings.Join(texts, ", ")
}

// An event that happens every week has its dates, each as long as the first, and each is booked by itself.
func TestASeriesHasItsDates(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	now := w.Clock.Now()
	first := clock.LocalOf(now.Add(48*time.Hour).Truncate(time.Hour), clock.Copenhagen)
	e := publishedSeries(t, w, g, first, "FREQ=WEEKLY;COUNT=4")
	dates := datesOf(t, w, e.ID)
	if len(dates) != 4 {
		t.Fatalf("%d dates: %s", len(dates), startsOf(dates))
	}
	ids := map[string]bool{}
	for i, o := range dates {
		ids[o.ID] = true
		if want := first.Plus(time.Duration(i) * 7 * 24 * time.Hour); o.StartsAtLocal != want || o.EndsAtLocal != want.Plus(2*time.Hour) || o.State != event.StatePublished || o.Title != e.Title {
			t.Errorf("date %d: %+v", i, o)
		}
	}
	if len(ids) != 4 {
		t.Errorf("ids: %v", ids)
	}
	w.Person("bo")
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[2].ID}))(t)
	for i, o := range datesOf(t, w, e.ID) {
		if want := map[bool]int{true: 1}[i == 2]; o.SeatsTaken != want {
			t.Errorf("date %d: %d seats taken, want %d", i, o.SeatsTaken, want)
		}
	}
	all, renamed := event.ScopeAll, event.UpdateInput{EventID: e.ID, Title: optional.Of("Syklub")}
	renamed.Scope = &all
	renamed.PlanToken = &ct.Must(w.Events.PreviewEdit(w.As("anna"), renamed))(t).PlanToken
	ct.Must(w.Events.Update(w.As("anna"), renamed))(t)
	for i, o := range datesOf(t, w, e.ID) {
		if o.Title != "Syklub" || o.Sequence != 0 {
			t.Errorf("date %d: %q, %d", i, o.Title, o.Sequence)
		}
	}
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	for i, o := range datesOf(t, w, e.ID) {
		if o.State != event.StateCancelled || o.Sequence != 1 {
			t.Errorf("date %d: %s, %d", i, o.State, o.Sequence)
		}
	}
}

// next is the start of the next date that a list of events shows, and where it stands there.
func listed(t *testing.T, w *ct.World, f event.Filter) []string {
	t.Helper()
	c := ct.Must(w.Events.List(w.As("anna"), &f, page.Args{First: 50}))(t)
	var texts []string
	for _, edge := range c.Edges {
		e := edge.Node
		found := ct.Must(w.Events.FirstOccurrences(w.As("anna"), []string{e.NextKey()}))(t)
		text := "none"
		if o := w.Events.Next(e, found[e.NextKey()]); o != nil {
			text = o.StartsAtLocal.OnPaper().Format("2 Jan")
		}
		texts = append(texts, fmt.Sprintf("%s %s", e.Title, text))
	}
	return texts
}

// A list has a series while a date is to come, where its next one stands.
func TestAListHasASeriesAtItsNextDate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	first := clock.LocalOf(w.Clock.Now().Add(24*time.Hour), clock.Copenhagen)
	publishedSeries(t, w, g, first, "FREQ=WEEKLY;COUNT=3")
	retitled(t, w, g.ID, "Fest", 48, nil)
	check := func(want ...string) {
		t.Helper()
		if got := listed(t, w, event.Filter{GroupID: &g.ID}); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	on := func(days int) string {
		return first.Plus(time.Duration(days) * 24 * time.Hour).OnPaper().Format("2 Jan")
	}
	check("Sygruppe "+on(0), "Fest "+on(1))
	w.Clock.Advance(27 * time.Hour) // nobody has looked yet
	check("Sygruppe "+on(7), "Fest "+on(1))
	if err := w.Events.LookAtSeries(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("Fest "+on(1), "Sygruppe "+on(7))
	w.Clock.Advance(14 * 24 * time.Hour)
	check()
}
