package page

// Page reads fillChunk items at a time after the first read, and at most about
// fillTotal. A viewer who may not see more than that in a row gets a short page, and
// goes on from its end.
const (
	fillChunk = MaxFirst + 1
	fillTotal = 10 * fillChunk
)

// Walk is a list in which other documents decide whether the viewer may see an item,
// so that no query of the list itself can leave out the rest.
type Walk[T any] struct {
	List     string
	Position func(T) Position
	// Read returns the items that a keyset asks for, in the order of the list.
	Read func(k Keyset) ([]T, error)
	// Keep returns those of the items that the viewer may see, in their order. It may
	// reuse the slice.
	Keep func([]T) ([]T, error)
}

// Page reads on until the page is full, so that items that are left out neither
// shorten it nor hide the items behind them.
func (w Walk[T]) Page(a Args, k Keyset) (*Connection[T], error) {
	seen := []T{}
	for looked := 0; ; {
		items, err := w.Read(k)
		if err != nil {
			return nil, err
		}
		read := len(items)
		if read > 0 {
			k.Position = w.Position(items[read-1]) // before Keep, which may reuse the slice
		}
		kept, err := w.Keep(items)
		if err != nil {
			return nil, err
		}
		seen = append(seen, kept...)
		if len(seen) > a.First || read < k.Limit {
			return Build(w.List, a, seen, w.Position), nil
		}
		if looked += read; looked >= fillTotal {
			return w.broken(a, seen, k.Position), nil
		}
		k.Limit = fillChunk
	}
}

// broken is a page that ends before it is full. The next one begins behind the last
// item that was looked at.
func (w Walk[T]) broken(a Args, seen []T, last Position) *Connection[T] {
	c := Build(w.List, a, seen, w.Position)
	end := Encode(w.List, last)
	c.PageInfo.HasNextPage, c.PageInfo.EndCursor = true, &end
	return c
}
