package outbox_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/outbox"
)

// until waits until these effects have run.
func (b *box) until(t *testing.T, what ...string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		b.mu.Lock()
		got := slices.Clone(b.ran)
		b.mu.Unlock()
		if slices.Equal(got, what) {
			b.want(t, what...)
			return
		}
	}
	b.want(t, what...)
}

func (b *box) run(t *testing.T, run func(ctx context.Context)) {
	t.Helper()
	b.Hurry()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
}

// A process that alone writes to the database looks when it starts and when it knows
// of an effect that is due, but not again and again.
func TestAloneAProcessLooksWhenItKnowsOfSomething(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	others := outbox.NewOutbox(b.db, nil)
	b.insert(t, "things", "1", others.Batch(notes("left by a process that has died")...))
	b.run(t, b.RunAlone)
	b.until(t, "left by a process that has died")

	later := others.Batch(notes("later")...)
	b.insert(t, "things", "2", later)
	b.clock.Advance(outbox.Grace)
	time.Sleep(50 * time.Millisecond) // time for many looks
	b.want(t)
	b.Know(later.ID, b.clock.Now())
	b.until(t, "later")
}

// A process that shares the database with others finds the effects they have left.
func TestBesideOthersAProcessLooksAgainAndAgain(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.run(t, b.RunBesideOthers)
	b.insert(t, "things", "1", outbox.NewOutbox(b.db, nil).Batch(notes("others")...))
	b.clock.Advance(outbox.Grace + time.Millisecond)
	b.until(t, "others")
}

func TestAProcessKnowsWhatItHasNotCarriedOut(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	doc := outbox.Ref{Collection: "things", ID: "1"}
	carry := func(batch outbox.Batch, want int) {
		t.Helper()
		if b.Known() != 1 {
			t.Errorf("with a batch under way it knows of %d", b.Known())
		}
		b.insert(t, "things", doc.ID, batch)
		_ = b.Follow(t.Context(), doc, batch)
		if b.Known() != want {
			t.Errorf("it knows of %d, want %d", b.Known(), want)
		}
		b.remove(t, "things", doc.ID)
	}
	carry(b.Batch(notes("fine")...), 0)
	b.fails["bad"] = errors.New("no")
	carry(b.Batch(notes("bad")...), 1)
}
