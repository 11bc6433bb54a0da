package calendar

import (
	"context"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/ical"
	"faellesskab/internal/page"
)

// Entry is something with a start and an end: a date of an event, or a session of a course.
type Entry interface {
	// Start is the start, by the clock where it is.
	Start() clock.Moment
	// End is the end, by the clock where it is.
	End() clock.Moment
}

// Pages of entries.
type (
	EntryConnection = page.Connection[Entry]
	EntryEdge       = page.Edge[Entry]
)

// list is a list of the viewer's entries.
type list func(ctx context.Context, a page.Args) (*EntryConnection, error)

// Source is a noun's entries for which the viewer has signed up.
type Source struct {
	upcoming, past list
	within         func(ctx context.Context, from time.Time, to *time.Time, a page.Args) (*EntryConnection, error)
	feed           func(ctx context.Context, from time.Time, limit int) ([]ical.Event, error)
}

// Lists are a noun's lists of entries for which the viewer has signed up: of what has not ended, soonest first, of what has,
// the latest first, and of what has not ended by an instant and starts before another (nil: whenever), soonest first. Their
// cursors are those of booking.ListUpcoming, booking.ListPast and booking.ListWithin. Feed is the last without pages, for
// calendar programs, with what was cancelled.
type Lists[T Entry] struct {
	Upcoming, Past func(ctx context.Context, a page.Args) (*page.Connection[T], error)
	Within         func(ctx context.Context, from time.Time, to *time.Time, a page.Args) (*page.Connection[T], error)
	Feed           func(ctx context.Context, from time.Time, limit int) ([]ical.Event, error)
}

// SourceOf makes a source of a noun's lists.
func SourceOf[T Entry](of Lists[T]) Source {
	return Source{upcoming: entries(of.Upcoming), past: entries(of.Past), feed: of.Feed,
		within: func(ctx context.Context, from time.Time, to *time.Time, a page.Args) (*EntryConnection, error) {
			return Entries(of.Within(ctx, from, to, a))
		}}
}

func entries[T Entry](of func(ctx context.Context, a page.Args) (*page.Connection[T], error)) list {
	return func(ctx context.Context, a page.Args) (*EntryConnection, error) { return Entries(of(ctx, a)) }
}

// Entries is a page of a noun's own entries as a page of entries.
func Entries[T Entry](c *page.Connection[T], err error) (*EntryConnection, error) {
	if err != nil {
		return nil, err
	}
	return page.Map(c, func(v T) Entry { return v }), nil
}

// Upcoming are the viewer's entries that have not ended, soonest first. Returns what the sources
// return.
func (s *Service) Upcoming(ctx context.Context, a page.Args) (*EntryConnection, error) {
	return s.merged(a, page.Order{List: booking.ListUpcoming}, func(of Source) (*EntryConnection, error) { return of.upcoming(ctx, a) })
}

// Past are the viewer's entries that have ended, the latest first. Returns what the sources return.
func (s *Service) Past(ctx context.Context, a page.Args) (*EntryConnection, error) {
	return s.merged(a, page.Order{List: booking.ListPast, Direction: page.Descending}, func(of Source) (*EntryConnection, error) { return of.past(ctx, a) })
}

// Own are the viewer's entries within a span, soonest first. Returns Invalid for a span that ends before it begins, and what
// the sources return.
func (s *Service) Own(ctx context.Context, span Span, a page.Args) (*EntryConnection, error) {
	if err := span.clean(s.DB.Now()); err != nil {
		return nil, err
	}
	return s.merged(a, page.Order{List: booking.ListWithin}, func(of Source) (*EntryConnection, error) { return of.within(ctx, *span.From, span.To, a) })
}

// OfGroup are the dates of a group within a span that the viewer sees, soonest first.
func (s *Service) OfGroup(ctx context.Context, groupID string, span Span, a page.Args) (*EntryConnection, error) {
	if err := span.clean(s.DB.Now()); err != nil {
		return nil, err
	}
	return s.Dates.Within(ctx, &groupID, nil, span, a)
}

// OfArea are the dates of the groups of an area within a span that the viewer sees, and the sessions of courses for the area,
// soonest first.
func (s *Service) OfArea(ctx context.Context, areaID string, span Span, a page.Args) (*EntryConnection, error) {
	if err := span.clean(s.DB.Now()); err != nil {
		return nil, err
	}
	dates, err := s.Dates.Within(ctx, nil, &areaID, span, a)
	if err != nil {
		return nil, err
	}
	sessions, err := s.Sessions.Within(ctx, areaID, span, a)
	if err != nil {
		return nil, err
	}
	return page.Merge(a, page.Order{List: booking.ListWithin}, dates, sessions)
}

func (s *Service) merged(a page.Args, order page.Order, of func(Source) (*EntryConnection, error)) (*EntryConnection, error) {
	pages := make([]*EntryConnection, len(s.Sources))
	for i, source := range s.Sources {
		var err error
		if pages[i], err = of(source); err != nil {
			return nil, err
		}
	}
	return page.Merge(a, order, pages...)
}
