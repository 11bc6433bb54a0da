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
	var g *group.Group
	if f.GroupID != nil {
		if g, err = s.Groups.Get(ctx, *f.GroupID); err != nil {
			return nil, err
		}
	}
	return s.listOf(ctx, f, g, a, k)
}

// OfGroup are the coming events of a group that the viewer sees, soonest first. Returns Problems for a bad
// page.
func (s *Service) OfGroup(ctx context.Context, g *group.Group, a page.Args) (*Connection, error) {
	k, err := a.OpenTime(listEvents)
	if err != nil {
		return nil, err
	}
	f := &Filter{GroupID: &g.ID}
	if err := f.clean(s.now()); err != nil {
		return nil, err
	}
	return s.listOf(ctx, f, g, a, k)
}

// listOf is a page of the events that the filter finds; g is its group, nil for every one.
func (s *Service) listOf(ctx context.Context, f *Filter, g *group.Group, a page.Args, k page.Keyset) (*Connection, error) {
	seen := seenBy{circles: circlesOf(auth.FromContext(ctx))}
	if g != nil {
		canPost := g.Allows(auth.FromContext(ctx), group.PostEvents, s.now())
		if *f.State == StateDraft && !canPost {
			return nil, fault.Forbidden("group.permission")
		}
		if canPost {
			seen = seenBy{circles: circlesIn(g), unpublished: true}
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

// circlesIn are the circles of what a group does, for people who see all of it.
func circlesIn(g *group.Group) []string {
	if g.OpenTo() == group.Everyone {
		return []string{group.Everyone}
	}
	return []string{group.Everyone, g.OpenTo()}
}
