package outbox_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/dead"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/testkit"
)

// box is an outbox whose effects note that they ran.
type box struct {
	*outbox.Outbox
	db    *mongodb.DB
	clock *clock.Manual
	mu    sync.Mutex
	ran   []string
	fails map[string]error
}

func newBox(t *testing.T, opts ...testkit.Option) *box {
	t.Helper()
	b := &box{db: testkit.DB(t, append(opts, testkit.WithIndexes(boxIndexes()))...), clock: clock.NewManual(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC))}
	return b.open()
}

// again is the box of another process, on the same database.
func (b *box) again(t *testing.T) *box {
	t.Helper()
	other := &box{db: testkit.Reopen(t, b.db, testkit.WithDeclared(boxIndexes())), clock: b.clock}
	return other.open()
}

func boxIndexes() []mongodb.Index {
	plan := outbox.NewOutbox(nil, slog.New(slog.DiscardHandler))
	plan.Watch("things", "others")
	return append(plan.Indexes(), dead.Indexes()...)
}

func (b *box) open() *box {
	b.fails = map[string]error{}
	b.db.SetClock(b.clock)
	b.Outbox = outbox.NewOutbox(b.db, slog.New(slog.DiscardHandler))
	b.Watch("things", "others", "things")
	outbox.On(b.Outbox, "note", "box", func(_ context.Context, _ outbox.Call, what string) error {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.ran = append(b.ran, what)
		return b.fails[what]
	})
	return b
}

func notes(what ...string) []outbox.Effect {
	var list []outbox.Effect
	for _, w := range what {
		list = append(list, outbox.New("note", w))
	}
	return list
}

func (b *box) want(t *testing.T, what ...string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Equal(b.ran, what) {
		t.Errorf("ran %v, want %v", b.ran, what)
	}
	b.ran = nil
}

func (b *box) sweep(t *testing.T) error {
	t.Helper()
	_, err := b.Sweep(t.Context(), 0)
	return err
}

func TestEffectsRunOnceInTheirOrder(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	many := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"} // more than ten: 02 sorts before 10
	batch := b.Batch(notes(many...)...)
	b.insert(t, "things", "1", batch)
	if b.Follow(t.Context(), outbox.Ref{Collection: "things", ID: "1"}, batch) != nil {
		t.Error("stopped")
	}
	b.want(t, many...)
	b.clean(t, "things", "1")
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t)
	if b.Follow(t.Context(), outbox.Ref{Collection: "things", ID: "1"}, b.Batch()) != nil || len(b.Batch().Pending().Due) != 0 {
		t.Error("an empty batch does something")
	}
}

func TestSweepDoesWhatARequestCouldNot(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fails["b"] = errors.New("the other document is away")
	batch := b.Batch(notes("a", "b", "c")...)
	b.insert(t, "things", "1", batch)
	_ = b.Follow(t.Context(), outbox.Ref{Collection: "things", ID: "1"}, batch)
	b.want(t, "a", "b", "c")
	if n, err := b.Sweep(t.Context(), outbox.Grace); n != 1 || err != nil {
		t.Errorf("the first look of a process, at what an older one may have left: %d, %v", n, err)
	}
	if n, err := b.Sweep(t.Context(), outbox.Grace); n != 0 || err != nil {
		t.Errorf("before its time: %d, %v", n, err)
	}
	b.want(t)
	b.clock.Advance(5 * time.Second)
	if n, err := b.Sweep(t.Context(), outbox.Grace); n != 1 || !errors.Is(err, b.fails["b"]) {
		t.Errorf("still failing: %d, %v", n, err)
	}
	b.want(t, "b")
	delete(b.fails, "b")
	b.clock.Advance(10 * time.Second)
	if n, err := b.Sweep(t.Context(), outbox.Grace); n != 1 || err != nil {
		t.Errorf("the sweep: %d, %v", n, err)
	}
	b.want(t, "b")
	b.clean(t, "things", "1")
}

// A client that goes away does not stop the effects of its write.
func TestEffectsOutliveTheRequest(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	batch := b.Batch(notes("a")...)
	b.insert(t, "things", "1", batch)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_ = b.Follow(gone, outbox.Ref{Collection: "things", ID: "1"}, batch)
	b.want(t, "a")
	b.clean(t, "things", "1")
}

func TestStopEndsTheBatch(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fails["b"] = outbox.ErrStop
	batch := b.Batch(notes("a", "b", "c")...)
	b.insert(t, "things", "1", batch)
	if err := b.Follow(t.Context(), outbox.Ref{Collection: "things", ID: "1"}, batch); !errors.Is(err, outbox.ErrUndone) {
		t.Error("the stop was not told")
	}
	b.want(t, "a", "b")
	b.clean(t, "things", "1")
}

// Commit runs no effects for a write that was refused, and returns ErrUndone for one
// that was undone.
func TestCommitRunsTheEffectsOfAWriteThatWasMade(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	doc := outbox.Ref{Collection: "things", ID: "1"}
	refused := errors.New("somebody was quicker")
	for _, c := range []struct {
		name         string
		write, fails error
		want         error
		ran          []string
	}{
		{"made", nil, nil, nil, []string{"a", "b"}},
		{"refused", refused, nil, refused, nil},
		{"undone", nil, outbox.ErrStop, outbox.ErrUndone, []string{"a"}},
		{"left to the sweep", nil, errors.New("not now"), nil, []string{"a", "b"}},
	} {
		b.fails["a"] = c.fails
		err := b.Commit(t.Context(), doc, notes("a", "b"), func(batch outbox.Batch) error {
			if c.write == nil {
				b.insert(t, doc.Collection, doc.ID, batch)
			}
			return c.write
		})
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: got %v", c.name, err)
		}
		b.want(t, c.ran...)
		if c.write == nil {
			b.remove(t, doc.Collection, doc.ID)
		}
	}
}

// An effect that cannot be read is an error, and all others run.
func TestBadEffectStopsNoOther(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.insert(t, "things", "bad", b.Batch(outbox.Effect{Kind: "note", Args: "{"}))
	b.insert(t, "things", "good", b.Batch(notes("good")...))
	b.insert(t, "others", "good", b.Batch(notes("other")...))
	if err := b.sweep(t); err == nil || !strings.Contains(err.Error(), "decode effect") {
		t.Errorf("got %v", err)
	}
	slices.Sort(b.ran)
	b.want(t, "good", "other")
	b.clean(t, "things", "good")
}

func TestTwoSweepsAtOnceLeaveNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, name := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		b.insert(t, "things", name, b.Batch(notes(name)...))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := b.sweep(t); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	seen := slices.Compact(slices.Sorted(slices.Values(b.ran)))
	if len(seen) != 8 {
		t.Errorf("ran %v", b.ran)
	}
	for _, name := range seen {
		b.clean(t, "things", name)
	}
}

// A process that finishes an old batch late does not clear the claim that a newer
// batch has put in the same place.
func TestLateFinishClearsNoNewerClaim(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	claim := func(what string) outbox.Batch {
		e := outbox.New("note", what)
		e.Clear = []string{"claim"}
		return b.Batch(e)
	}
	doc := outbox.Ref{Collection: "things", ID: "1"}
	older, newer := claim("older"), claim("newer")
	b.insert(t, "things", "1", older)
	b.setClaim(t, "1", "older")
	_ = b.Follow(t.Context(), doc, older)
	if got := b.claim(t, "1"); got != "" {
		t.Errorf("claim %q is left", got)
	}
	b.stamp(t, "things", "1", newer)
	b.setClaim(t, "1", "newer")
	_ = b.Follow(t.Context(), doc, older) // late
	if got := b.claim(t, "1"); got != "newer" {
		t.Errorf("claim %q, want the newer one", got)
	}
	_ = b.Follow(t.Context(), doc, newer)
	if got := b.claim(t, "1"); got != "" {
		t.Errorf("claim %q is left", got)
	}
	b.clean(t, "things", "1")
}
