package gate

import "sync"

// Counter counts what each has under way, up to a limit. Safe for concurrent use.
type Counter[K comparable] struct {
	limit int

	mu    sync.Mutex
	under map[K]int // only those that have some
}

// NewCounter makes one that lets each have so many.
func NewCounter[K comparable](limit int) *Counter[K] {
	return &Counter[K]{limit: limit, under: map[K]int{}}
}

// Enter counts one more, until leave is called; false: it would be too many.
func (c *Counter[K]) Enter(key K) (leave func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.under[key] >= c.limit {
		return nil, false
	}
	c.under[key]++
	return sync.OnceFunc(func() { c.leave(key) }), true
}

func (c *Counter[K]) leave(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.under[key]--; c.under[key] == 0 {
		delete(c.under, key)
	}
}
