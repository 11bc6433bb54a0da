package gate

import "sync"

// Counter counts what each key has under way, up to a limit. Safe for concurrent use.
type Counter[K comparable] struct {
	limit int

	mu    sync.Mutex
	under map[K]int // only keys that have something under way
}

// NewCounter makes a counter that allows each key as many as limit says.
func NewCounter[K comparable](limit int) *Counter[K] {
	return &Counter[K]{limit: limit, under: map[K]int{}}
}

// Enter counts one more for a key, until leave is called; false if that would be too many.
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
