package outbox_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/dead"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// An effect that is repeated is counted once. Its mark goes after a while, and not as long
// as the effect may still be repeated.
func TestAnEffectIsCountedOnce(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	counter := outbox.Counter{Doc: outbox.Ref{Collection: "others", ID: "sum"}, Marks: "counted", Kept: time.Minute}
	put := func(collection string, doc bson.M) {
		if _, err := b.db.Collection(collection).InsertOne(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
	}
	put("others", bson.M{"_id": "sum", "n": 0})
	put("things", bson.M{"_id": "late", "effects": bson.M{"eff_1": outbox.New("note", "still to be done")}})
	count := func(c outbox.Counter, docID, effectID string) {
		call := outbox.Call{Doc: outbox.Ref{Collection: "things", ID: docID}, EffectID: effectID}
		if err := b.CountOnce(t.Context(), call, c, bson.D{{Key: "n", Value: 1}}); err != nil {
			t.Fatal(err)
		}
	}
	want := func(n int, marks ...string) {
		t.Helper()
		type doc struct {
			N       int          `bson:"n"`
			Counted outbox.Marks `bson:"counted"`
		}
		got, err := mongodb.Get[doc](t.Context(), "read sum", b.db.Collection("others"), "sum")
		if err != nil || got.N != n {
			t.Fatalf("%+v, %v, want %d", got, err, n)
		}
		if diff := cmp.Diff(marks, slices.Sorted(maps.Keys(got.Counted))); diff != "" {
			t.Errorf("marks (-want +got):\n%s", diff)
		}
	}
	count(counter, "late", "eff_1")
	count(counter, "late", "eff_1")
	want(1, "eff_1")
	count(counter, "done", "eff_2")
	want(2, "eff_1", "eff_2")
	b.clock.Advance(2 * time.Minute)
	count(counter, "done", "eff_3")
	want(3, "eff_1", "eff_3")
	count(counter, "late", "eff_1")
	want(3, "eff_1", "eff_3")

	// A process that was asleep since before eff_2 was done comes late with it.
	count(counter, "done", "eff_2")
	want(3, "eff_1", "eff_3")

	counter.Doc.ID = "removed"
	count(counter, "done", "eff_4") // nothing is left to count it into
}

func TestMarksForgetWhoseTheyAre(t *testing.T) {
	t.Parallel()
	marks := outbox.Marks{"eff_1": {Of: "anna"}, "eff_2": {Of: "bo"}}
	want := bson.D{{Key: "$set", Value: bson.D{{Key: "counted.eff_1.of", Value: ""}}}}
	if diff := cmp.Diff(want, marks.Unname("counted", "anna")); diff != "" {
		t.Errorf("anna's mark (-want +got):\n%s", diff)
	}
	if got := marks.Unname("counted", "cara"); got != nil {
		t.Errorf("nobody's mark is changed: %v", got)
	}
}

// An effect that waited for longer than marks are kept, and was never counted, is counted once,
// also if what follows the count fails, and the effect is put aside and tried again.
func TestAnEffectThatWaitedLongIsCountedOnce(t *testing.T) {
	t.Parallel()
	checkWaited(t, 2)
	checkWaited(t, dead.MaxTries)
}

// checkWaited carries out an effect that fails ten times, and counts from a given
// try on, while others are counted too.
func checkWaited(t *testing.T, countsFrom int) {
	t.Helper()
	b := newBox(t)
	counter := outbox.Counter{Doc: outbox.Ref{Collection: "others", ID: "sum"}, Marks: "counted", Kept: time.Minute}
	if _, err := b.db.Collection("others").InsertOne(t.Context(), bson.M{"_id": "sum", "n": 0}); err != nil {
		t.Fatal(err)
	}
	add := bson.D{{Key: "n", Value: 1}}
	tries := 0
	outbox.On(b.Outbox, "count", "counter", func(ctx context.Context, call outbox.Call, _ string) error {
		if tries++; tries < countsFrom {
			return errors.New("not now")
		}
		if err := b.CountOnce(ctx, call, counter, add); err != nil {
			return err
		}
		if tries <= dead.MaxTries {
			return errors.New("what follows fails")
		}
		return nil
	})
	late := b.Batch(outbox.New("count", ""))
	b.insert(t, "things", "late", late)
	for i := range dead.MaxTries + 2 {
		b.clock.Advance(time.Hour)
		other := outbox.Call{Doc: outbox.Ref{Collection: "things", ID: "gone"}, EffectID: b.Batch().ID + "_00"}
		if err := b.CountOnce(t.Context(), other, counter, add); err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(time.Hour)
		_ = b.sweep(t)
		if i == dead.MaxTries {
			if err := b.Letters().Retry(t.Context(), "effect/"+late.ID+"_00"); err != nil {
				t.Fatal(err)
			}
		}
	}
	got, err := mongodb.Get[struct{ N int }](t.Context(), "read sum", b.db.Collection("others"), "sum")
	if want := dead.MaxTries + 3; err != nil || got.N != want || tries != dead.MaxTries+1 {
		t.Errorf("counted from try %d: %+v, %v after %d tries, want %d", countsFrom, got, err, tries, want)
	}
}
