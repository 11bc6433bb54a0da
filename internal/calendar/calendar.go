package calendar

import (
	"context"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
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
type Source struct{ upcoming, past list }

// SourceOf makes a source of a noun's lists: of what has not ended, soonest first, and of what has,
// the latest first. Their cursors are those of booking.ListUpcoming and booking.ListPast.
func SourceOf[T Entry](upcoming, past func(ctx context.Context, a page.Args) (*page.Connection[T], error)) Source {
	return Source{entries(upcoming), entries(past)}
}

func entries[T Entry](of func(ctx context.Context, a page.Args) (*page.Connection[T], error)) list {
	return func(ctx context.Context, a page.Args) (*EntryConnection, error) {
		c, err := of(ctx, a)
		if err != nil {
			return nil, err
		}
		return page.Map(c, func(v T) Entry { return v }), nil
	}
}

// Service shows calendars.
type Service struct{ sources []Source }

// New makes the service.
func New(sources ...Source) *Service { return &Service{sources} }

// Upcoming are the viewer's entries that have not ended, soonest first. Returns what the sources
// return.
func (s *Service) Upcoming(ctx context.Context, a page.Args) (*EntryConnection, error) {
	return s.merged(ctx, a, page.Order{List: booking.ListUpcoming}, func(of Source) list { return of.upcoming })
}

// Past are the viewer's entries that have ended, the latest first. Returns what the sources return.
func (s *Service) Past(ctx context.Context, a page.Args) (*EntryConnection, error) {
	return s.merged(ctx, a, page.Order{List: booking.ListPast, Direction: page.Descending}, func(of Source) list { return of.past })
}

func (s *Service) merged(ctx context.Context, a page.Args, order page.Order, of func(Source) list) (*EntryConnection, error) {
	pages := make([]*EntryConnection, len(s.sources))
	for i, source := range s.sources {
		var err error
		if pages[i], err = of(source)(ctx, a); err != nil {
			return nil, err
		}
	}
	return page.Merge(a, order, pages...)
}
