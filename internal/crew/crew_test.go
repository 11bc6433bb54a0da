package crew_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"faellesskab/internal/crew"
)

// No task waits for another: tasks that wait for one which comes after them are done, by new goroutines and by
// those that have worked.
func TestNoTaskWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*crew.Crew{"no crew": nil, "crew": {}} {
		synctest.Test(t, func(t *testing.T) {
			for range 3 {
				const many = 1500
				var done atomic.Int64
				last := make(chan struct{})
				for range many {
					c.Go(crew.Func(func() { <-last; done.Add(1) }))
				}
				c.Go(crew.Func(func() { close(last) }))
				synctest.Wait()
				if done.Load() != many {
					t.Errorf("%s: %d tasks are done, want %d", name, done.Load(), many)
				}
			}
			c.Close()
		}) // it fails if a goroutine is left
	}
}

// together has as many tasks done that are all under way at once.
func together(c *crew.Crew, tasks int) {
	var begun sync.WaitGroup
	begun.Add(tasks)
	for range tasks {
		c.Go(crew.Func(func() { begun.Done(); begun.Wait() }))
	}
	synctest.Wait()
}

// Whoever has worked waits for more work as long as it is needed from time to time, and there is a limit.
func TestWorkersStayWhileTheyAreNeeded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &crew.Crew{}
		want := func(when string, n int) {
			t.Helper()
			if got := c.Idle(); got != n {
				t.Errorf("%s %d are idle, want %d", when, got, n)
			}
		}
		together(c, 5)
		want("after five tasks", 5)
		together(c, 5)
		want("after five more", 5)
		for range 10 {
			time.Sleep(6 * time.Second)
			if c.Idle() < 2 {
				t.Errorf("%d are idle, and two are needed", c.Idle())
			}
			together(c, 2)
		}
		want("when two are needed", 2)
		time.Sleep(time.Minute)
		want("when none is needed", 0)
		together(c, crew.MostIdle+7)
		want("after very many", crew.MostIdle)
		c.Close()
	})
}

// When the server ends, nobody stays; what still comes is done.
func TestClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &crew.Crew{}
		together(c, 3)
		time.Sleep(11 * time.Second) // the timer has been set anew, and all are idle
		goOn, done := make(chan struct{}), false
		c.Go(crew.Func(func() { <-goOn }))
		c.Close()
		close(goOn)
		c.Go(crew.Func(func() { done = true }))
		synctest.Wait()
		if !done || c.Idle() != 0 {
			t.Errorf("done is %v, and %d are idle", done, c.Idle())
		}
		c.EndSome() // as a timer that was late
		c.Close()
	})
}

// A goroutine that waits for work keeps nothing of what it has done.
func TestNothingIsKept(t *testing.T) {
	t.Parallel()
	c := &crew.Crew{}
	defer c.Close()
	done := make(chan struct{})
	begin := func() weak.Pointer[task] {
		k := &task{done: done}
		c.Go(k)
		return weak.Make(k)
	}
	kept := begin()
	<-done
	for c.Idle() == 0 {
		runtime.Gosched()
	}
	for range 100 {
		if runtime.GC(); kept.Value() == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("an idle goroutine keeps what it has done")
}

type task struct {
	done chan struct{}
	_    [1 << 10]byte
}

func (k *task) Run() { k.done <- struct{}{} }

// A task that ends its goroutine takes nobody from the crew.
func TestTaskThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &crew.Crew{}
		c.Go(crew.Func(runtime.Goexit))
		synctest.Wait()
		if c.Idle() != 0 {
			t.Error("a goroutine that has ended is idle")
		}
		together(c, 2)
		if c.Idle() != 2 {
			t.Errorf("%d are idle, want 2", c.Idle())
		}
		c.Close()
	})
}
