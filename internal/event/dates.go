package event

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
	"faellesskab/internal/search"
	"faellesskab/internal/text"
)

// listDates are the names of the lists of dates in each direction.
const (
	listDates       = "dates"
	listLatestDates = "latest_dates"
)

func areaFacet(areaID string) string   { return "area:" + areaID }
func groupFacet(groupID string) string { return "group:" + groupID }
func kindFacet(k group.Kind) string    { return "kind:" + string(k) }

// facetsOf are the terms by which the dates of a group are found.
func facetsOf(c group.Card) []string {
	facets := []string{groupFacet(c.ID), kindFacet(c.Kind)}
	if c.AreaID != "" {
		facets = append(facets, areaFacet(c.AreaID))
	}
	return facets
}

// terms are the words by which the event is found.
func (e *Event) terms() []string { return e.termsAs(e.Title) }

// termsAs are the words by which a date of the event is found that has this title.
func (e *Event) termsAs(title string) []string {
	terms := search.Terms(title, e.Description)
	if e.Category != nil {
		terms = append(terms, e.Category.term())
	}
	return terms
}

// OccurrenceFilter says which dates to list.
type OccurrenceFilter struct {
	Mine    *bool
	AreaID  *string
	GroupID *string
	Kind    *group.Kind
	// Category is that of its event.
	Category *Category
	From     *time.Time
	To       *time.Time
	HasRoom  *bool
	Query    *string
}

func (f *OccurrenceFilter) clean(now time.Time) error {
	var p fault.Problems
	if f.AreaID != nil {
		p.Add(id.Check("filter.areaId", id.Area, *f.AreaID))
	}
	if f.GroupID != nil {
		p.Add(id.Check("filter.groupId", id.Group, *f.GroupID))
	}
	if f.From == nil {
		f.From = &now
	}
	if f.To != nil && f.To.Before(*f.From) {
		p.Add(fault.Invalid("filter.to", "time.order"))
	}
	if f.Query != nil {
		query := text.Clean(&p, "filter.query", *f.Query, text.Limits{Max: 100})
		f.Query = &query
	}
	return p.Err()
}

// OccurrenceOrderField is what a list of dates is ordered by.
type OccurrenceOrderField string

// OrderByStart orders by the start.
const OrderByStart OccurrenceOrderField = "STARTS_AT"

// IsValid reports whether it is one that this version knows.
func (f OccurrenceOrderField) IsValid() bool { return f == OrderByStart }

// OccurrenceOrder is the order of a list of dates.
type OccurrenceOrder struct {
	Field     OccurrenceOrderField
	Direction page.Direction
}

// inOrder is the order of the list; soonest first if o is nil.
func inOrder(o *OccurrenceOrder) page.Order {
	if o != nil && o.Direction == page.Descending {
		return page.Order{List: listLatestDates, Direction: page.Descending}
	}
	return page.Order{List: listDates}
}

// wanted says by which terms a list of dates is narrowed.
type wanted struct {
	circles []string   // whose dates the viewer sees
	facets  [][]string // a date has one of each
	words   []string   // a date has all of them
}

// Dates are the published dates that the viewer may see; the coming ones if the filter has no From.
// Returns Problems for a bad filter or page, Unauthenticated if nobody is signed in whose dates could
// be asked for, and NotFound for a group the viewer may not know of.
func (s *Service) Dates(ctx context.Context, f *OccurrenceFilter, o *OccurrenceOrder, a page.Args) (*OccurrenceConnection, error) {
	return s.datesIn(ctx, f, inOrder(o), a)
}

// InCalendar are the same, soonest first. Their cursors are those of booking.ListWithin.
func (s *Service) InCalendar(ctx context.Context, f *OccurrenceFilter, a page.Args) (*OccurrenceConnection, error) {
	return s.datesIn(ctx, f, page.Order{List: booking.ListWithin}, a)
}

func (s *Service) datesIn(ctx context.Context, f *OccurrenceFilter, order page.Order, a page.Args) (*OccurrenceConnection, error) {
	k, err := a.OpenTime(order.List)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &OccurrenceFilter{}
	}
	if err := f.clean(s.now()); err != nil {
		return nil, err
	}
	w, err := s.wanted(ctx, f)
	if err != nil {
		return nil, err
	}
	list := []*Occurrence{}
	if w != nil {
		if list, err = s.store.dates(ctx, *f, *w, order, k); err != nil {
			return nil, err
		}
	}
	return page.Build(order.List, a, list, occurrencePosition), nil
}

// wanted are the terms of a filter; nil if nothing has them.
func (s *Service) wanted(ctx context.Context, f *OccurrenceFilter) (*wanted, error) {
	v := auth.FromContext(ctx)
	w := &wanted{circles: circlesOf(v)}
	if f.Mine != nil && *f.Mine {
		if _, err := auth.Require(ctx); err != nil {
			return nil, err
		}
		own := ownFacets(v)
		if len(own) == 0 {
			return nil, nil //nolint:nilnil // whoever has neither group nor area has no dates
		}
		w.facets = append(w.facets, own)
	}
	if f.GroupID != nil {
		g, err := s.Groups.Get(ctx, *f.GroupID)
		if err != nil {
			return nil, err
		}
		if g.Allows(v, group.PostEvents, s.now()) {
			w.circles = circlesIn(g)
		}
		w.facets = append(w.facets, []string{groupFacet(g.ID)})
	}
	if f.AreaID != nil {
		w.facets = append(w.facets, []string{areaFacet(*f.AreaID)})
	}
	if f.Kind != nil {
		w.facets = append(w.facets, []string{kindFacet(*f.Kind)})
	}
	if f.Query != nil && *f.Query != "" {
		if w.words = search.Query(*f.Query); len(w.words) == 0 {
			return nil, nil //nolint:nilnil // nothing has words that are none
		}
	}
	if f.Category != nil {
		w.words = append(w.words, f.Category.term())
	}
	return w, nil
}

// ownFacets are the terms of the viewer's groups and of their home area.
func ownFacets(v auth.Viewer) []string {
	var own []string
	for _, groupID := range v.GroupIDs() {
		own = append(own, groupFacet(groupID))
	}
	if v.HomeAreaID != "" {
		own = append(own, areaFacet(v.HomeAreaID))
	}
	return own
}

// Next is the first of an event's dates that has not ended; nil if all have, or the event is
// cancelled.
func (s *Service) Next(e *Event, dates []*Occurrence) *Occurrence {
	if e.State == StateCancelled {
		return nil
	}
	i := slices.IndexFunc(dates, func(o *Occurrence) bool { return o.State != StateCancelled && !o.IsOver(s.now()) })
	if i < 0 {
		return nil
	}
	return dates[i]
}
