package page

import (
	"cmp"
	"slices"
)

// Direction is the direction in which a list is ordered.
type Direction string

// The directions.
const (
	Ascending  Direction = "ASC"
	Descending Direction = "DESC"
)

// IsValid reports whether it is one of them.
func (d Direction) IsValid() bool { return d == Ascending || d == Descending }

// Order is the name of a list that is sorted by an instant, and its direction; Ascending if empty.
type Order struct {
	List      string
	Direction Direction
}

// IsBackwards reports whether the latest instant comes first.
func (o Order) IsBackwards() bool { return o.Direction == Descending }

// Compare says which of two positions comes first in the list, as cmp.Compare does.
func (o Order) Compare(a, b Position) int {
	n := cmp.Or(a.Time().Compare(b.Time()), cmp.Compare(a.ID, b.ID))
	if o.IsBackwards() {
		return -n
	}
	return n
}

// at is the position of a cursor. Returns Invalid for a cursor of another list.
func (o Order) at(cursor string) (Position, error) {
	k, err := Args{First: 1, After: cursor}.OpenTime(o.List)
	return k.Position, err
}

// Merge makes one page of pages of the same list that come from several sources and were opened with
// the same arguments. Items behind the end of a page that has a next one wait for that: another source
// may have more in front of them. Returns Invalid if a cursor is not of the list.
func Merge[T any](a Args, o Order, pages ...*Connection[T]) (*Connection[T], error) {
	type placed struct {
		Edge[T]
		at Position
	}
	var all []placed
	var end *placed // where the first of the pages breaks off; nil: none does
	for _, c := range pages {
		for _, e := range c.Edges {
			at, err := o.at(e.Cursor)
			if err != nil {
				return nil, err
			}
			all = append(all, placed{e, at})
		}
		if !c.PageInfo.HasNextPage {
			continue
		}
		at, err := o.at(*c.PageInfo.EndCursor)
		if err != nil {
			return nil, err
		}
		if end == nil || o.Compare(at, end.at) < 0 {
			end = &placed{Edge[T]{Cursor: *c.PageInfo.EndCursor}, at}
		}
	}
	if end != nil {
		all = slices.DeleteFunc(all, func(p placed) bool { return o.Compare(p.at, end.at) > 0 })
	}
	slices.SortFunc(all, func(p, q placed) int { return o.Compare(p.at, q.at) })
	if len(all) > a.First {
		all = all[:a.First]
		end = &all[a.First-1]
	}
	c := &Connection[T]{Edges: make([]Edge[T], len(all)), PageInfo: Info{HasNextPage: end != nil, HasPreviousPage: a.After != ""}}
	for i, p := range all {
		c.Edges[i] = p.Edge
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	if end != nil {
		c.PageInfo.EndCursor = &end.Cursor
	}
	return c, nil
}
