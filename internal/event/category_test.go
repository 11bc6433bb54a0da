package event_test

import (
	"slices"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// Lists of events and of dates are filtered by the category, also of a series, and follow when it changes. It is no word
// by which an event is found.
func TestListsOfACategory(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	plain := w.PublishedEvent("anna", g.ID, nil)
	meal := w.PublishedEvent("anna", g.ID, nil)
	walks := publishedSeries(t, w, g, inDays(w, 4), "FREQ=WEEKLY;COUNT=3", func(in *event.CreateInput) { in.Category = new(event.CategoryNature) })
	choose := func(e *event.Event, c optional.Edit[event.Category]) {
		ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Category: c}))(t)
	}
	check := func(c event.Category, events []string, dates int) {
		t.Helper()
		var got []string
		for _, edge := range ct.Must(w.Events.List(w.As("bo"), &event.Filter{Category: &c}, page.Args{First: 50}))(t).Edges {
			got = append(got, edge.Node.ID)
		}
		if !slices.Equal(got, events) {
			t.Errorf("events of %s: %v, want %v", c, got, events)
		}
		if got := ct.Must(w.Events.Dates(w.As("bo"), &event.OccurrenceFilter{Category: &c}, nil, page.Args{First: 50}))(t); len(got.Edges) != dates {
			t.Errorf("%d dates of %s, want %d", len(got.Edges), c, dates)
		}
	}
	choose(meal, optional.Of(event.CategoryMeal))
	check(event.CategoryMeal, []string{meal.ID}, 1)
	check(event.CategoryNature, []string{walks.ID}, 3)
	check(event.CategoryFeast, nil, 0)
	choose(meal, optional.Of(event.CategoryFeast))
	check(event.CategoryMeal, nil, 0)
	check(event.CategoryFeast, []string{meal.ID}, 1)
	choose(meal, optional.Null[event.Category]())
	check(event.CategoryFeast, nil, 0)
	if e := ct.Must(w.Events.Get(w.As("bo"), meal.ID))(t); e.Category != nil {
		t.Errorf("the category is %s", *e.Category)
	}
	for _, query := range []string{"NATURE", "category:NATURE", "category"} {
		if got := ct.Must(w.Events.Dates(w.As("bo"), &event.OccurrenceFilter{Query: &query}, nil, page.Args{First: 50}))(t); len(got.Edges) > 0 {
			t.Errorf("%q finds %d dates", query, len(got.Edges))
		}
	}
	if plain.Category != nil {
		t.Errorf("nobody has chosen %s", *plain.Category)
	}
}
