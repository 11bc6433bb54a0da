package outbox_test

import (
	"context"
	"testing"
	"time"

	"faellesskab/internal/outbox"
)

// Effects run in the time of the request that wrote them, also if the client has gone, and take no longer. What is
// left then is the sweep's. Effects that a repeat finds are no exception.
func TestEffectsTakeNoLongerThanTheirRequest(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	var until time.Time
	outbox.On(b.Outbox, "look", "box", func(ctx context.Context, _ outbox.Call, _ string) error {
		until, _ = ctx.Deadline()
		return ctx.Err()
	})
	doc := outbox.Ref{Collection: "things", ID: "1"}
	effects := []outbox.Effect{outbox.New("look", "").By("somebody")}
	for name, run := range map[string]func(ctx context.Context, batch outbox.Batch) error{
		"at once": func(ctx context.Context, batch outbox.Batch) error {
			_ = b.Follow(ctx, doc, batch)
			return nil
		},
		"by a repeat": func(ctx context.Context, _ outbox.Batch) error {
			_, err := b.RunPendingOf(ctx, doc, "somebody")
			return err
		},
		"by a removal": func(ctx context.Context, _ outbox.Batch) error { return b.RunPendingAll(ctx, doc) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		batch := b.Batch(effects...)
		b.insert(t, "things", "1", batch)
		if err := run(ctx, batch); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if theirs, _ := ctx.Deadline(); until.After(theirs) {
			t.Errorf("%s: %v longer than the request", name, until.Sub(theirs))
		}
		cancel()
		b.clean(t, "things", "1")
		b.remove(t, "things", "1")
	}

	late, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	batch := b.Batch(notes("a")...)
	b.insert(t, "things", "1", batch)
	_ = b.Follow(late, doc, batch)
	b.want(t)
	b.clock.Advance(time.Minute)
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "a")
}
