package course

import (
	"cmp"
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/page"
	"faellesskab/internal/search"
)

const (
	listCourses = "courses"
	listEnded   = "ended_courses"
)

// List are the courses that have not ended, soonest first, or those that have, latest first.
// Returns Problems for a bad filter or page, and Forbidden for drafts without COURSES.
func (s *Service) List(ctx context.Context, f *Filter, a page.Args) (*Connection, error) {
	if f == nil {
		f = &Filter{}
	}
	problem := f.clean()
	name := listCourses
	if f.areOver() {
		name = listEnded
	}
	k, err := a.OpenTime(name)
	if err = cmp.Or(err, problem); err != nil {
		return nil, err
	}
	isStaff := auth.FromContext(ctx).Can(auth.CapabilityCourses, s.now())
	if *f.State == StateDraft && !isStaff {
		return nil, auth.Lacking(auth.CapabilityCourses)
	}
	position := func(c *Course) page.Position { return page.Position{Key: page.TimeKey(c.StartsAt), ID: c.ID} }
	var terms []string
	if f.Query != nil && *f.Query != "" {
		if terms = search.Query(*f.Query); len(terms) == 0 {
			return page.Build(name, a, []*Course{}, position), nil
		}
	}
	list, err := s.store.list(ctx, *f, terms, isStaff, k)
	if err != nil {
		return nil, err
	}
	return page.Build(name, a, list, position), nil
}
