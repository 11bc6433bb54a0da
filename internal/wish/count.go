package wish

import (
	"cmp"
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
)

// Count is how many people wish for something in an area: for a skill of the list, or a topic.
type Count struct {
	SkillID string // empty: it is a topic
	Topic   string
	Words   string // of the topic
	AreaID  string // empty: people without an area
	Count   int
}

// WishID is the id by which staff act on a topic; nil for a skill.
func (c *Count) WishID() *string { return optional.OrNil(c.Topic) }

// Text are the words of a topic; nil for a skill.
func (c *Count) Text() *string { return optional.OrNil(c.Words) }

// Key tells rows apart.
func (c *Count) Key() string { return c.SkillID + c.Topic + ":" + c.AreaID }

const (
	// fewest is how many people are behind what is shown to people without COURSES.
	fewest = 5
	// maxRows is how many rows are listed at most.
	maxRows = 200
)

// Counts are what people wish for, with how many do, the most first. Each row is of one area, and no sum of rows is
// shown. People with COURSES see all; others who hold an office see nothing behind which are fewer than five people.
// Returns Problems, and Forbidden for everybody else.
func (s *Service) Counts(ctx context.Context, f *Filter) ([]*Count, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if !v.HoldsOffice(s.now()) {
		return nil, fault.Forbidden("wish.office")
	}
	if f == nil {
		f = &Filter{}
	}
	if err := f.clean(); err != nil {
		return nil, err
	}
	least := fewest
	if v.Can(auth.CapabilityCourses, s.now()) {
		least = 1
	}
	rows, err := s.skillRows(ctx, f, least)
	if err != nil || f.SkillID != nil {
		return rows, err
	}
	counts, err := s.store.counts(ctx, f.AreaID, least, maxRows)
	if err != nil {
		return nil, err
	}
	rows = append(rows, rowsOf(counts)...)
	sortRows(rows)
	return rows[:min(len(rows), maxRows)], nil
}

// skillRows are the wishes for skills of the list.
func (s *Service) skillRows(ctx context.Context, f *Filter, least int) ([]*Count, error) {
	wishes, err := s.People.SkillWishes(ctx, person.SkillWishFilter{SkillID: f.SkillID, AreaID: f.AreaID, Least: least, Limit: maxRows})
	rows := make([]*Count, len(wishes))
	for i, w := range wishes {
		rows[i] = &Count{SkillID: w.SkillID, AreaID: w.AreaID, Count: w.People}
	}
	return rows, err
}

// rowsOf are rows of topics. A topic whose words are written in several ways, since people wished at the same moment,
// is one row.
func rowsOf(counts []topicCount) []*Count {
	rows := []*Count{}
	by := map[string]*Count{}
	for _, c := range counts {
		row := by[c.Of.Topic]
		if row == nil {
			row = &Count{Topic: c.Of.Topic, Words: c.Of.Words, AreaID: c.Of.AreaID}
			by[c.Of.Topic], rows = row, append(rows, row)
		}
		row.Count += c.N
	}
	sortRows(rows)
	return rows
}

func sortRows(rows []*Count) {
	slices.SortStableFunc(rows, func(a, b *Count) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Words, b.Words), cmp.Compare(a.Key(), b.Key()))
	})
}
