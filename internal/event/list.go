package event

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

const listEvents = "events"

// List are the events that the viewer may see, soonest first; the coming ones if the filter
// has no From. Returns Problems for a bad filter or page, NotFound for a group the viewer
// may not know of, and Forbidden for drafts of a group in which the viewer may not post.
func (s *Service) List(ctx context.Context, f *Filter, a page.Args) (*Connection, error) {
	k, err := a.OpenTime(listEvents)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &Filter{}
	}
	if err := f.clean(s.now()); err != nil {
		return nil, err
	}
	seen := seenBy{circles: circlesOf(auth.FromContext(ctx))}
	if f.GroupID != nil {
		g, err := s.Groups.Get(ctx, *f.GroupID)
		if err != nil {
			return nil, err
		}
		canPost := g.Allows(auth.FromContext(ctx), group.PostEvents, s.now())
		if *f.State == StateDraft && !canPost {
			return nil, fault.Forbidden("group.permission")
		}
		if canPost {
			seen = seenBy{circles: []string{g.OpenTo()}, unpublished: true}
		}
		if f.AreaID != nil && *f.AreaID != g.AreaID {
			return page.Build(listEvents, a, []*Event{}, eventPosition), nil
		}
		f.AreaID = nil // the group narrows the list enough
	}
	list, err := s.store.list(ctx, *f, seen, k)
	if err != nil {
		return nil, err
	}
	return page.Build(listEvents, a, list, eventPosition), nil
}

func eventPosition(e *Event) page.Position {
	return page.Position{Key: page.TimeKey(e.StartsAt), ID: e.ID}
}
