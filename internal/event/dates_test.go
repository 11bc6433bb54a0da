package event_test

import (
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// titles are the titles of the dates that a person finds.
func titles(t *testing.T, w *ct.World, name string, f event.OccurrenceFilter, o *event.OccurrenceOrder) []string {
	t.Helper()
	c, err := w.Events.Dates(w.As(name), &f, o, page.Args{First: 50})
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range c.Edges {
		list = append(list, e.Node.Title)
	}
	return list
}

// retitled is a published event with a title, so many hours ahead.
func retitled(t *testing.T, w *ct.World, groupID, title string, hours int, capacity *int) *event.Event {
	t.Helper()
	e := w.PublishedAt("anna", groupID, w.Clock.Now().Add(time.Duration(hours)*time.Hour), capacity)
	return ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of(title)}))(t)
}

// Each condition of the filter narrows the list of dates, and they show what their event and group are
// now.
func TestDatesAreFound(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Person("bo")
	street := w.Group("anna", func(in *group.CreateInput) { in.Kind = group.KindHousing })
	club := w.Group("anna")
	closed := w.Group("anna", func(in *group.CreateInput) { in.Visibility = group.VisibilityMembers })
	feast := retitled(t, w, street.ID, "Gårdfest", 48, ct.Seats(1))
	retitled(t, w, club.ID, "Løbetur", 24, nil)
	retitled(t, w, closed.ID, "Møde", 72, nil)
	w.PublishedAt("anna", club.ID, w.Clock.Now().Add(96*time.Hour), nil)
	ct.Must(w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: street.ID}))(t)
	yes, no, kind, query := true, false, group.KindHousing, "gaardfest"
	from, to := w.Clock.Now().Add(30*time.Hour), w.Clock.Now().Add(60*time.Hour)
	latest := &event.OccurrenceOrder{Field: event.OrderByStart, Direction: page.Descending}
	w.MustAttend("dan", feast.ID, 0)
	for _, c := range []struct {
		name  string
		who   string
		f     event.OccurrenceFilter
		order *event.OccurrenceOrder
		want  []string
	}{
		{"all that bo sees", "bo", event.OccurrenceFilter{}, nil, []string{"Løbetur", "Gårdfest", "Fællesspisning"}},
		{"all that anna sees, latest first", "anna", event.OccurrenceFilter{}, latest, []string{"Fællesspisning", "Møde", "Gårdfest", "Løbetur"}},
		{"bo's", "bo", event.OccurrenceFilter{Mine: &yes}, nil, []string{"Gårdfest"}},
		{"of a group", "bo", event.OccurrenceFilter{GroupID: &club.ID}, nil, []string{"Løbetur", "Fællesspisning"}},
		{"of a kind", "bo", event.OccurrenceFilter{Kind: &kind}, nil, []string{"Gårdfest"}},
		{"with room", "bo", event.OccurrenceFilter{HasRoom: &yes}, nil, []string{"Løbetur", "Fællesspisning"}},
		{"without room", "bo", event.OccurrenceFilter{HasRoom: &no}, nil, []string{"Gårdfest"}},
		{"with a word, in a group", "bo", event.OccurrenceFilter{Query: &query, GroupID: &street.ID}, nil, []string{"Gårdfest"}},
		{"with a word", "bo", event.OccurrenceFilter{Query: &query}, nil, []string{"Gårdfest"}},
		{"in between", "bo", event.OccurrenceFilter{From: &from, To: &to}, nil, []string{"Gårdfest"}},
	} {
		if got := titles(t, w, c.who, c.f, c.order); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// What a date shows of its event and its group follows them.
func TestDatesShowTheirEventAndGroupAsTheyAre(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := retitled(t, w, g.ID, "Løbetur", 24, nil)
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Name: optional.Of("Løberne")}))(t)
	o := ct.Must(w.Events.Occurrence(w.As("anna"), ct.DateOf(e.ID)))(t)
	if o.Title != "Løbetur" || o.Card.Name != "Løberne" {
		t.Errorf("the date is %q of %q", o.Title, o.Card.Name)
	}
	if next := w.Events.Next(e, []*event.Occurrence{o}); next != o {
		t.Errorf("next is %v", next)
	}
	w.Clock.Advance(27 * time.Hour)
	if next := w.Events.Next(e, []*event.Occurrence{o}); next != nil {
		t.Errorf("what has ended is next: %v", next)
	}
}
