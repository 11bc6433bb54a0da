package community

import (
	"context"

	"faellesskab/internal/calendar"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/page"
)

// newCalendar puts the lists of the nouns with dates together.
func (c *Community) newCalendar(o Options) *calendar.Service {
	return calendar.New(calendar.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Secrets: o.secrets(), NewID: o.NewID, PublicURL: o.PublicURL,
		People: c.People, Groups: c.Groups, Areas: c.Areas,
		Sources: []calendar.Source{
			calendar.SourceOf(calendar.Lists[*event.Occurrence]{Upcoming: c.Events.Upcoming, Past: c.Events.Past, Within: c.Events.Within, Feed: c.Events.OwnFeed}),
			calendar.SourceOf(calendar.Lists[*course.Session]{Upcoming: c.Courses.Upcoming, Past: c.Courses.Past, Within: c.Courses.Within, Feed: c.Courses.OwnFeed}),
		},
		Dates: calendar.Dates{Feed: c.Events.Feed, Within: func(ctx context.Context, groupID, areaID *string, span calendar.Span, a page.Args) (*calendar.EntryConnection, error) {
			return calendar.Entries(c.Events.InCalendar(ctx, &event.OccurrenceFilter{GroupID: groupID, AreaID: areaID, From: span.From, To: span.To}, a))
		}},
		Sessions: calendar.Sessions{Feed: c.Courses.AreaFeed, Within: func(ctx context.Context, areaID string, span calendar.Span, a page.Args) (*calendar.EntryConnection, error) {
			return calendar.Entries(c.Courses.InArea(ctx, areaID, *span.From, span.To, a))
		}}})
}
