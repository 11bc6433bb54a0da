package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/search"
)

// Topics are what somebody looks for in courses that have not begun: some of the skills that they teach, or what they are
// about.
type Topics struct {
	SkillIDs  []string
	Interests []string // in people's own words
}

// facets are the terms of which a course has at least one if it is about one of the topics.
func (t Topics) facets() []string {
	var facets []string
	for _, skillID := range t.SkillIDs {
		facets = append(facets, skillFacet(skillID))
	}
	for _, interest := range t.Interests {
		facets = append(facets, search.Query(interest)...)
	}
	return tidy(facets)
}

// Ahead are the published courses that have not begun and may be about one of the topics, soonest first: those among the first
// of them, up to limit, for which people can still sign up. IsAbout says for which interest.
func (s *Service) Ahead(ctx context.Context, t Topics, limit int) ([]*Course, error) {
	facets := t.facets()
	if len(facets) == 0 {
		return nil, nil
	}
	list, err := s.store.meantFor(ctx, facets, int64(limit))
	return s.dropClosed(list), err
}

// dropClosed leaves out courses for which nobody can sign up any more.
func (s *Service) dropClosed(list []*Course) []*Course {
	now := s.now()
	return slices.DeleteFunc(list, func(c *Course) bool { return !c.IsOpen(now) })
}

// IsOpen reports whether people can sign up for the course now, or will be able to.
func (c *Course) IsOpen(now time.Time) bool {
	return booking.IsOpen(string(c.State), c.StartsAt, c.Seats, now)
}

// IsAbout reports whether the course has all words of an interest in its texts.
func (c *Course) IsAbout(interest string) bool {
	terms := search.Query(interest)
	return len(terms) > 0 && !slices.ContainsFunc(terms, func(term string) bool { return !slices.Contains(c.Facets, term) })
}
