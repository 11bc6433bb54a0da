package loader_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faellesskab/internal/loader"
)

// reads remembers what was read at once.
type reads struct {
	mu    sync.Mutex
	takes time.Duration
	fails error
	list  []string
}

func (r *reads) fetch(_ context.Context, keys []string) (map[string]string, error) {
	time.Sleep(r.takes)
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.Sort(keys)
	r.list = append(r.list, fmt.Sprint(keys))
	found := map[string]string{}
	for _, key := range keys {
		if key != "missing" {
			found[key] = key + "!"
		}
	}
	return found, r.fails
}

func (r *reads) want(t *testing.T, want ...string) {
	t.Helper()
	slices.Sort(r.list)
	if !slices.Equal(r.list, want) {
		t.Errorf("read %v, want %v", r.list, want)
	}
}

func never(t *testing.T) func() { return func() { t.Error("it has not waited for all parts") } }

// Whatever the parts do before they ask, one read finds what they ask for.
func TestPartsThatComeLateAreWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &reads{}
		pace := loader.NewPace(20, time.Hour, never(t))
		l := loader.New(pace, r.fetch)
		var parts sync.WaitGroup
		for i := range 20 {
			parts.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				key := string(rune('a' + i%3))
				if v, err := l.Load(t.Context(), key); v != key+"!" || err != nil {
					t.Errorf("%s is %q, %v", key, v, err)
				}
				pace.Add(-1)
			})
		}
		parts.Wait()
		r.want(t, "[a b c]")
	})
}

// What follows from several reads waits for the slowest of them, and is then read together.
func TestOneReadWaitsForTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, quick, below := &reads{takes: time.Minute}, &reads{takes: time.Second}, &reads{}
		pace := loader.NewPace(2, time.Hour, never(t))
		second := loader.New(pace, below.fetch)
		var parts sync.WaitGroup
		for i, r := range []*reads{slow, quick} {
			l := loader.New(pace, r.fetch)
			parts.Go(func() {
				_, _ = l.Load(t.Context(), "x")
				_, _ = second.Load(t.Context(), string(rune('a'+i)))
				pace.Add(-1)
			})
		}
		parts.Wait()
		below.want(t, "[a b]")
	})
}

// What is known, or on its way, is not read again, and a part that is done without asking holds up
// nobody.
func TestEachIsReadOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &reads{takes: time.Second}
		pace := loader.NewPace(3, time.Hour, never(t))
		l := loader.New(pace, r.fetch)
		var parts sync.WaitGroup
		parts.Go(func() { pace.Add(-1) })
		for range 2 {
			parts.Go(func() {
				for _, key := range []string{"a", "missing", "a"} {
					v, err := l.Load(t.Context(), key)
					if want := map[string]string{"a": "a!"}[key]; v != want || err != nil {
						t.Errorf("%s is %q, %v", key, v, err)
					}
				}
				pace.Add(-1)
			})
		}
		parts.Wait()
		r.want(t, "[a]", "[missing]")
	})
}

// What follows from a thing that another part finds by itself is read with the same things, however long the
// other part takes.
func TestWhoeverIsQuickerTheSameIsReadTogether(t *testing.T) {
	t.Parallel()
	for _, takes := range []time.Duration{time.Second, 3 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			groups, people, members := &reads{}, &reads{}, &reads{}
			pace := loader.NewPace(2, time.Hour, never(t))
			g, p, m := loader.New(pace, groups.fetch), loader.New(pace, people.fetch), loader.New(pace, members.fetch)
			var parts sync.WaitGroup
			parts.Go(func() {
				time.Sleep(takes)
				g.Keep("group", "found")
				_, _ = m.Load(t.Context(), "mine")
				_, _ = p.Load(t.Context(), "member")
				pace.Add(-1)
			})
			parts.Go(func() {
				time.Sleep(2 * time.Second)
				if v, err := g.LoadInTurn(t.Context(), "group"); v != "found" || err != nil {
					t.Errorf("%q, %v", v, err)
				}
				_, _ = p.Load(t.Context(), "author")
				pace.Add(-1)
			})
			parts.Wait()
			groups.want(t)
			people.want(t, "[author member]")
		})
	}
}

// What was found in another way is not read, whether it was asked for before or is asked for later, and
// nothing takes the place of what was read.
func TestWhatIsKeptIsNotRead(t *testing.T) {
	t.Parallel()
	r := &reads{}
	l := loader.New(loader.NewPace(1, time.Hour, never(t)), r.fetch)
	ask := func(key string) func() (string, error) { return l.Begin(t.Context(), key) }
	l.Keep("a", "A")
	waits := []func() (string, error){ask("a"), ask("b"), ask("c")}
	l.Keep("b", "B")
	for i, want := range []string{"A", "B", "c!"} {
		if v, err := waits[i](); v != want || err != nil {
			t.Errorf("%q, %v; want %s", v, err, want)
		}
	}
	l.Keep("c", "C")
	if v, err := ask("c")(); v != "c!" || err != nil {
		t.Errorf("what was read is %q now, %v", v, err)
	}
	alone := ask("d")
	l.Keep("d", "D")
	if v, err := alone(); v != "D" || err != nil {
		t.Errorf("%q, %v; want D", v, err)
	}
	r.want(t, "[c]")
}

// What is begun before the first wait is read together, at most 200 at once.
func TestWhatIsBegunIsReadTogether(t *testing.T) {
	t.Parallel()
	r := &reads{}
	l := loader.New(loader.NewPace(1, time.Hour, never(t)), r.fetch)
	var waits []func() (string, error)
	for i := range 450 {
		waits = append(waits, l.Begin(t.Context(), fmt.Sprint(i)))
	}
	for i, wait := range waits {
		if v, err := wait(); v != fmt.Sprint(i)+"!" || err != nil {
			t.Fatalf("%d is %q, %v", i, v, err)
		}
	}
	if len(r.list) != 3 {
		t.Errorf("%d reads, want 3", len(r.list))
	}
}

// An error, or a panic, is that of everything which was asked for at once, and the next read is not
// its concern.
func TestAFailureIsOfItsReadOnly(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	r := &reads{fails: broken}
	pace := loader.NewPace(1, time.Hour, never(t))
	l := loader.New(pace, r.fetch)
	a, b := l.Begin(t.Context(), "a"), l.Begin(t.Context(), "b")
	for _, wait := range []func() (string, error){a, b} {
		if v, err := wait(); v != "" || !errors.Is(err, broken) {
			t.Errorf("%q, %v", v, err)
		}
	}
	r.fails = nil
	if v, err := l.Load(t.Context(), "c"); v != "c!" || err != nil {
		t.Errorf("%q, %v", v, err)
	}
	panics := loader.New(pace, func(context.Context, []string) (map[string]int, error) { panic("boom") })
	if _, err := panics.Load(t.Context(), "a"); err == nil {
		t.Error("a panic went unseen")
	}
}

// A part that was counted and never comes delays what is asked for, and is told; parts that were
// not counted hold up nobody.
func TestAWrongCountHangsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for parts, want := range map[int]time.Duration{2: time.Second, 1: 0, 0: 0, -5: 0} {
			told, begin := 0, time.Now()
			l := loader.New(loader.NewPace(parts, time.Second, func() { told++ }), (&reads{}).fetch)
			if v, err := l.Load(t.Context(), "a"); v != "a!" || err != nil {
				t.Errorf("%q, %v", v, err)
			}
			if took := time.Since(begin); took != want || (told > 0) != (want > 0) {
				t.Errorf("with %d parts it took %v, and was told %d times", parts, took, told)
			}
		}
	})
}

// Parts that were counted and never come delay an operation once, however many reads follow each other.
func TestAWrongCountDelaysOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin, r := time.Now(), &reads{}
		l := loader.New(loader.NewPace(2, time.Second, func() {}), r.fetch)
		for i := range 10 {
			if _, err := l.Load(t.Context(), fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(begin); took > 1100*time.Millisecond {
			t.Errorf("ten reads after each other took %v", took)
		}
	})
}
