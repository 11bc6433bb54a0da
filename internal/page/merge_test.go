package page_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faellesskab/internal/page"
)

// For any items of two sources, some of them hidden, in either direction and with pages of any length,
// each item is met once and in order.
func TestMergedPagesHoldEachItemOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := page.Order{List: "merged", Direction: rapid.SampledFrom([]page.Direction{page.Ascending, page.Descending}).Draw(t, "direction")}
		sources := [][]page.Position{drawPositions(t, o, "a"), drawPositions(t, o, "b")}
		want := slices.Concat(sources...)
		slices.SortFunc(want, o.Compare)
		a := page.Args{First: rapid.IntRange(1, 4).Draw(t, "first")}
		var got []page.Position
		for {
			merged, err := page.Merge(a, o, sourcePage(t, a, o, sources[0]), sourcePage(t, a, o, sources[1]))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range merged.Edges {
				got = append(got, e.Node)
			}
			if !merged.PageInfo.HasNextPage {
				break
			}
			if *merged.PageInfo.EndCursor == a.After {
				t.Fatal("the page does not say where to go on")
			}
			a.After = *merged.PageInfo.EndCursor
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// drawPositions are items of a source in their order, several of them at the same instant.
func drawPositions(t *rapid.T, o page.Order, source string) []page.Position {
	var list []page.Position
	for i := range rapid.IntRange(0, 9).Draw(t, "length") {
		at := time.UnixMilli(int64(rapid.IntRange(0, 4).Draw(t, "instant")))
		list = append(list, page.Position{Key: page.TimeKey(at), ID: fmt.Sprintf("%s_%d", source, i)})
	}
	slices.SortFunc(list, o.Compare)
	return list
}

// sourcePage is a page of a source, which may break off before it is full.
func sourcePage(t *rapid.T, a page.Args, o page.Order, list []page.Position) *page.Connection[page.Position] {
	k, err := a.OpenTime(o.List)
	if err != nil {
		t.Fatal(err)
	}
	c, err := page.Walk[page.Position]{List: o.List, Position: func(p page.Position) page.Position { return p },
		Read: func(k page.Keyset) ([]page.Position, error) {
			rest := slices.DeleteFunc(slices.Clone(list), func(p page.Position) bool { return !k.IsStart() && o.Compare(p, k.Position) <= 0 })
			return rest[:min(len(rest), k.Limit)], nil
		},
		Keep: func(items []page.Position) ([]page.Position, error) { return items, nil },
	}.Page(a, k)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Edges); n > 1 && rapid.Bool().Draw(t, "breaks off") {
		c.Edges = c.Edges[:n-1]
		c.PageInfo.HasNextPage, c.PageInfo.EndCursor = true, &c.Edges[n-2].Cursor
	}
	return c
}

func TestMergeRefusesCursorsOfOtherLists(t *testing.T) {
	t.Parallel()
	list := []page.Position{{Key: "1", ID: "a_1"}}
	c := page.Build("other", page.Args{First: 1}, list, func(p page.Position) page.Position { return p })
	if _, err := page.Merge(page.Args{First: 1}, page.Order{List: "merged"}, c); err == nil {
		t.Error("pages of different lists are merged")
	}
}
