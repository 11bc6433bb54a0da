// Package crew keeps goroutines whose stacks have grown, so that the next task does not grow one anew: a goroutine
// begins with a small stack, which is copied each time it is too small, and one operation has a hundred of them.
package crew

import (
	"sync"
	"time"
)

// Task is what a goroutine does.
type Task interface{ Run() }

// Func is a function as a task.
type Func func()

// Run calls the function.
func (f Func) Run() { f() }

// These say how many goroutines wait for work at most, and how often those are ended that were not needed.
const (
	mostIdle  = 1024
	endsAfter = 10 * time.Second
)

// Crew has each task done by a goroutine of its own at once: one that waits for work, or else a new one. So no
// task waits for another, whatever they wait for. A nil Crew keeps no goroutines.
type Crew struct {
	mu    sync.Mutex
	idle  []*worker // the last to become idle is the next to work
	least int       // how many have been idle all the time since the timer was set
	timer *time.Timer
	ended bool
}

// worker is a goroutine that waits for work.
type worker struct{ next chan Task } // nil ends it

// Go has a task done. A task that panics ends the program, as it would in a goroutine started by hand.
func (c *Crew) Go(t Task) {
	if c == nil {
		go t.Run()
		return
	}
	if w := c.take(); w != nil {
		w.next <- t
		return
	}
	go c.work(&worker{next: make(chan Task, 1)}, t)
}

// take finds a worker that has nothing to do; nil: there is none.
func (c *Crew) take() *worker {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := len(c.idle) - 1
	if last < 0 {
		return nil
	}
	w := c.idle[last]
	c.idle[last], c.idle = nil, c.idle[:last]
	c.least = min(c.least, last)
	return w
}

// work does a task and then others, as long as there is room to wait for them.
func (c *Crew) work(w *worker, t Task) {
	for t != nil {
		t.Run()
		if !c.rest(w) {
			return
		}
		t = <-w.next
	}
}

// rest notes that a worker is idle; false: enough others are.
func (c *Crew) rest(w *worker) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended || len(c.idle) == mostIdle {
		return false
	}
	c.idle = append(c.idle, w)
	if c.timer == nil {
		c.least = 0
		c.timer = time.AfterFunc(endsAfter, c.endSome)
	}
	return true
}

// endSome ends the workers that were not needed for a while.
func (c *Crew) endSome() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.idle[:c.least] {
		w.next <- nil
	}
	left := copy(c.idle, c.idle[c.least:])
	clear(c.idle[left:])
	c.idle, c.least, c.timer = c.idle[:left], left, nil
	if left > 0 {
		c.timer = time.AfterFunc(endsAfter, c.endSome)
	}
}

// Close ends the workers that are idle, and the others when they have done their task. Tasks that come later are
// done all the same.
func (c *Crew) Close() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	for _, w := range c.idle {
		w.next <- nil
	}
	c.idle, c.least = nil, 0
	if c.timer != nil {
		c.timer.Stop()
	}
}
