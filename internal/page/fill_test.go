package page_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"faellesskab/internal/page"
)

// walkOf is a list of numbers of which the viewer may not see those in hidden.
func walkOf(length int, hidden map[int]bool, reads *int) page.Walk[int] {
	at := func(n int) page.Position { return page.Position{ID: fmt.Sprintf("%05d", n)} }
	return page.Walk[int]{
		List: "numbers", Position: at,
		Read: func(k page.Keyset) ([]int, error) {
			*reads++
			var list []int
			for n := 0; n < length && len(list) < k.Limit; n++ {
				if at(n).ID > k.ID {
					list = append(list, n)
				}
			}
			return list, nil
		},
		Keep: func(list []int) ([]int, error) {
			return slices.DeleteFunc(list, func(n int) bool { return hidden[n] }), nil
		},
	}
}

// For any hidden items and any length of pages, each item is met once and in order,
// and every page but the last is full.
func TestFilledPagesHoldEachItemOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		length, first := rapid.IntRange(0, 150).Draw(t, "length"), rapid.IntRange(1, page.MaxFirst).Draw(t, "first")
		hidden := map[int]bool{}
		var want []int
		for n := range length {
			if rapid.Bool().Draw(t, "hidden") {
				hidden[n] = true
			} else {
				want = append(want, n)
			}
		}
		var got []int
		reads := 0
		for a := (page.Args{First: first}); ; {
			from, err := a.Open("numbers")
			if err != nil {
				t.Fatal(err)
			}
			c, err := walkOf(length, hidden, &reads).Page(a, from)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range c.Edges {
				got = append(got, e.Node)
			}
			if !c.PageInfo.HasNextPage {
				break
			}
			if len(c.Edges) != first {
				t.Fatalf("a page of %d in the middle, want %d", len(c.Edges), first)
			}
			a.After = *c.PageInfo.EndCursor
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A viewer before thousands of hidden items in a row waits for a few reads only, and
// goes on where they ended.
func TestFillingEndsSomewhere(t *testing.T) {
	t.Parallel()
	const length = 2000
	hidden := map[int]bool{}
	for n := range length - 1 {
		hidden[n] = true
	}
	var got []int
	a, pages := page.Args{First: 1}, 0
	for ; pages < 100; pages++ {
		from, err := a.Open("numbers")
		if err != nil {
			t.Fatal(err)
		}
		reads := 0
		c, err := walkOf(length, hidden, &reads).Page(a, from)
		if err != nil {
			t.Fatal(err)
		}
		if reads > 12 {
			t.Fatalf("%d reads for one page", reads)
		}
		for _, e := range c.Edges {
			got = append(got, e.Node)
		}
		if !c.PageInfo.HasNextPage {
			break
		}
		if c.PageInfo.EndCursor == nil || *c.PageInfo.EndCursor == a.After {
			t.Fatal("the page does not say where to go on")
		}
		a.After = *c.PageInfo.EndCursor
	}
	if !slices.Equal(got, []int{length - 1}) || pages == 0 {
		t.Errorf("got %v on %d pages", got, pages+1)
	}
}

func TestFillingTellsWhatGoesWrong(t *testing.T) {
	t.Parallel()
	errLost, reads := errors.New("lost"), 0
	w := walkOf(3, nil, &reads)
	w.Keep = func([]int) ([]int, error) { return nil, errLost }
	if _, err := w.Page(page.Args{First: 1}, page.Keyset{Limit: 2}); !errors.Is(err, errLost) {
		t.Errorf("got %v", err)
	}
	w.Read = func(page.Keyset) ([]int, error) { return nil, errLost }
	if _, err := w.Page(page.Args{First: 1}, page.Keyset{Limit: 2}); !errors.Is(err, errLost) {
		t.Errorf("got %v", err)
	}
}
