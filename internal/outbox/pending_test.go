package outbox_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/outbox"
)

// A request carries out the effects that its own call left, and none of the many that
// others left.
func TestWhatIsPendingIsRunForItsCallerAlone(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.insert(t, "things", "1", b.Batch(notes("others")...))
	for i := range 30 {
		b.stamp(t, "things", "1", b.Batch(notes("other")[0].By(fmt.Sprint("caller ", i))))
	}
	mine := b.Batch(notes("mine")[0], notes("my outcome")[0].By("me"))
	claim := notes("my claim")[0]
	claim.Clear = []string{"claim"}
	claimed := b.Batch(claim)
	b.stamp(t, "things", "1", mine)
	b.stamp(t, "things", "1", claimed)
	runMine := func(docID string) error {
		waits, err := b.RunPendingOf(t.Context(), outbox.Ref{Collection: "things", ID: docID}, "me")
		if waits {
			t.Error("something of mine still waits")
		}
		return err
	}
	if err := runMine("1"); err != nil {
		t.Error(err)
	}
	b.want(t, "mine", "my outcome")
	b.setClaim(t, "1", claimed.ID)
	runClaim := func(docID string) error {
		waits, err := b.RunPendingClaim(t.Context(), outbox.Ref{Collection: "things", ID: docID}, "claim")
		if waits {
			t.Error("the claim still waits")
		}
		return err
	}
	if err := runClaim("1"); err != nil {
		t.Error(err)
	}
	b.want(t, "my claim")
	if got := b.claim(t, "1"); got != "" {
		t.Errorf("claim %q is left", got)
	}
	for _, again := range []error{
		runClaim("1"),
		runMine("1"),
		runClaim("none"),
		runMine("none"),
	} {
		if again != nil {
			t.Error(again)
		}
	}
	b.want(t)
	if left := b.pending(t, "things", "1"); len(left.Due) != 31 || len(left.Effects) != 31 {
		t.Errorf("%d batches and %d effects of others are left, want 31", len(left.Due), len(left.Effects))
	}
}

// An effect that fails does not fail the request that runs it, and a request that
// finds it waiting does not count as another try.
func TestRunPendingDoesNotWearEffectsOut(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fails["mine"] = errors.New("not now")
	doc := outbox.Ref{Collection: "things", ID: "1"}
	b.insert(t, "things", "1", b.Batch(notes("mine")[0].By("me"), notes("after")[0]))
	for range 20 {
		if waits, err := b.RunPendingOf(t.Context(), doc, "me"); !waits || err != nil {
			t.Errorf("something waits: %t, %v", waits, err)
		}
	}
	b.want(t, "mine", "after")
}

// Of effects in order one fails, and those behind it wait for it, until it is put aside.
func TestEffectsInOrderWaitForEachOther(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fails["first"] = errors.New("not now")
	doc := outbox.Ref{Collection: "things", ID: "1"}
	b.insert(t, "things", "1", b.Batch(outbox.InOrder(notes("zero", "first", "last")...)...))
	if err := b.RunPendingAll(t.Context(), doc); err == nil {
		t.Error("nothing is said of what is left")
	}
	b.want(t, "zero", "first")
	for range dead.MaxTries - 2 {
		b.clock.Advance(time.Hour)
		_ = b.sweep(t)
	}
	b.ran = nil
	b.clock.Advance(time.Hour)
	_ = b.sweep(t)
	b.want(t, "first") // the letter must be written before what stands behind it goes on
	b.clock.Advance(time.Second)
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "last")
	if left := b.pending(t, "things", "1"); len(left.Effects) != 0 || len(left.Due) != 0 {
		t.Errorf("left: %+v", left)
	}
	delete(b.fails, "first")
	list, err := b.Letters().List(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := b.Letters().Retry(t.Context(), list[0].ID); err != nil {
		t.Error(err)
	}
	b.clock.Advance(time.Minute)
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "first")
}

// Some batches are carried out, and no others, and what is left of them is an error.
func TestSomeBatchesAreCarriedOutByTheirIDs(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	doc := outbox.Ref{Collection: "things", ID: "1"}
	b.fails["stuck"] = errors.New("not now")
	other, first, second, stuck := b.Batch(notes("other")...), b.Batch(notes("first")...), b.Batch(notes("second")...), b.Batch(notes("stuck")...)
	b.insert(t, "things", "1", other)
	for _, batch := range []outbox.Batch{first, second, stuck} {
		b.stamp(t, "things", "1", batch)
	}
	if err := b.RunPendingEach(t.Context(), doc, []string{first.ID, second.ID, "none"}); err != nil {
		t.Error(err)
	}
	b.want(t, "first", "second")
	if err := b.RunPendingEach(t.Context(), doc, []string{first.ID, stuck.ID}); err == nil {
		t.Error("nothing is said of the effect that is left")
	}
	if err := b.RunPendingEach(t.Context(), doc, nil); err != nil {
		t.Error(err)
	}
	if left := b.pending(t, "things", "1"); len(left.Due) != 2 {
		t.Errorf("%d batches are left, want the stuck one and that of others", len(left.Due))
	}
}
