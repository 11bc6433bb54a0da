package page

// How much Fill reads at once after the first time, and in all. Who has more behind
// each other that they may not see gets a short page, and goes on from its end.
const (
	fillChunk = MaxFirst + 1
	fillTotal = 10 * fillChunk
)

// Walk is a list of which another document says whether an item is to be seen, so
// that no query of the list itself can.
type Walk[T any] struct {
	List     string
	Position func(T) Position
	// Read is what a keyset asks for, in the order of the list.
	Read func(k Keyset) ([]T, error)
	// Keep is those of them that are to be seen, in their order. It may reuse the slice.
	Keep func([]T) ([]T, error)
}

// Page reads on until the page is full, so that what is left out neither shortens it
// nor hides what stands behind.
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

// broken is a page that ends before it is full: it goes on after what was looked at.
func (w Walk[T]) broken(a Args, seen []T, last Position) *Connection[T] {
	c := Build(w.List, a, seen, w.Position)
	end := Encode(w.List, last)
	c.PageInfo.HasNextPage, c.PageInfo.EndCursor = true, &end
	return c
}
