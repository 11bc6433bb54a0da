package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// logged is another outbox on the same data, with a log that the test can read.
func (b *box) logged() (*box, *bytes.Buffer) {
	var log bytes.Buffer
	next := &box{db: b.db, clock: b.clock, fails: map[string]error{}}
	next.Outbox = outbox.NewOutbox(b.db, slog.New(slog.NewTextHandler(&log, nil)))
	next.Watch("things", "others")
	next.follow("do", "me")
	return next, &log
}

func do(what ...string) []outbox.Effect {
	var list []outbox.Effect
	for _, w := range what {
		list = append(list, outbox.New("do", w))
	}
	return list
}

// wear makes an effect fail until it is put aside.
func (b *box) wear(t *testing.T) {
	t.Helper()
	for range dead.MaxTries {
		b.clock.Advance(time.Hour)
		if err := b.sweep(t); err == nil {
			t.Fatal("nothing failed")
		}
	}
	b.clock.Advance(time.Hour)
	b.ran = nil
	if err := b.sweep(t); err != nil || len(b.ran) != 0 {
		t.Fatalf("after the last try: %v, %v", b.ran, err)
	}
}

func TestWhatFailsForEverIsPutAsideAndTriedAgainWhenAsked(t *testing.T) {
	t.Parallel()
	b, log := newBox(t).logged()
	b.fails["me"] = errors.New(`E11000 dup key {phone: "+45 12 34 56 78"} of anna@example.dk, 12345678`)
	b.insert(t, "things", "1", b.Batch(do("it")...))
	b.wear(t)
	b.clean(t, "things", "1")
	if n := strings.Count(log.String(), "level=ERROR msg=\""+dead.Alert+"\""); n != 1 {
		t.Errorf("%d alerts:\n%s", n, log)
	}
	list, err := b.Letters().List(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	l := list[0]
	if l.Kind != "do" || l.About != "things/1" || l.Tries != dead.MaxTries || l.Error != "E11000 dup key … of … …" {
		t.Errorf("letter %+v", l)
	}
	delete(b.fails, "me")
	if err := b.Letters().Retry(t.Context(), l.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "me it")
	b.clean(t, "things", "1")
	if err := b.Letters().Retry(t.Context(), l.ID); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("a second time: %v", err)
	}
}

// A claim that is put aside takes along the effects that wait for it. The thing that
// it claims stays claimed until the claim is tried again.
func TestAClaimIsPutAsideWithWhatWaitsForIt(t *testing.T) {
	t.Parallel()
	b, _ := newBox(t).logged()
	b.fails["me"] = errors.New("no")
	effects := do("claim", "told")
	effects[0].Clear = []string{"claim"}
	b.insert(t, "things", "1", b.Batch(effects...))
	b.setClaim(t, "1", "mine")
	b.wear(t)
	b.clean(t, "things", "1")
	if got := b.claim(t, "1"); got != "mine" {
		t.Errorf("claim %q", got)
	}
	delete(b.fails, "me")
	list, err := b.Letters().List(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	if err := b.Letters().Retry(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "me claim", "me told")
	if got := b.claim(t, "1"); got != "" {
		t.Errorf("claim %q is left", got)
	}
	b.clean(t, "things", "1")
}

// A field that a newer version has added to an effect comes back from a letter
// unchanged.
func TestALetterKeepsWhatANewerVersionAdded(t *testing.T) {
	t.Parallel()
	b, _ := newBox(t).logged()
	b.fails["me"] = errors.New("no")
	batch := b.Batch(do("it")...)
	b.insert(t, "things", "1", batch)
	effect := "effects." + batch.ID + "_00"
	added := map[string]any{"when": b.clock.Now(), "count": int64(1) << 60, "list": []string{"a"}, "inside": map[string]any{"n": int32(1)}}
	for name, value := range added {
		b.set(t, "things", "1", effect+"."+name, value)
	}
	before := map[string]string{}
	for name := range added {
		before[name] = fmt.Sprintf("%T %[1]v", b.get(t, "things", "1", "effects", batch.ID+"_00", name))
	}
	b.wear(t)
	list, err := b.Letters().List(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	if err := b.Letters().Retry(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	for name, want := range before {
		if got := fmt.Sprintf("%T %[1]v", b.get(t, "things", "1", "effects", batch.ID+"_00", name)); got != want {
			t.Errorf("%s is %s, was %s", name, got, want)
		}
	}
}

// A document whose effects cannot be read stops no other, and stays as it is.
func TestADamagedDocumentStopsNoOther(t *testing.T) {
	t.Parallel()
	b, log := newBox(t).logged()
	damaged := b.Batch(do("damaged")...)
	b.insert(t, "things", "1", damaged)
	b.set(t, "things", "1", "effects."+damaged.ID+"_00.tries", "many")
	b.clock.Advance(time.Millisecond)
	b.insert(t, "things", "2", b.Batch(do("whole")...))
	b.clock.Advance(time.Hour)
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "me whole")
	b.clean(t, "things", "2")
	if got := b.get(t, "things", "1", "effects", damaged.ID+"_00", "args"); got != `"damaged"` {
		t.Errorf("of the other is left %v", got)
	}
	if !strings.Contains(log.String(), "effects cannot be read") {
		t.Errorf("the log says %s", log)
	}
}

// An effect that was put aside outlives its document.
func TestWhatWasPutAsideIsTriedAgainWithoutItsDocument(t *testing.T) {
	t.Parallel()
	b, _ := newBox(t).logged()
	b.fails["me"] = errors.New("no")
	b.insert(t, "things", "1", b.Batch(do("it")...))
	b.wear(t)
	b.remove(t, "things", "1")
	list, err := b.Letters().List(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	if err := b.Letters().Retry(t.Context(), list[0].ID); !errors.Is(err, b.fails["me"]) {
		t.Errorf("got %v", err)
	}
	delete(b.fails, "me")
	if err := b.Letters().Retry(t.Context(), list[0].ID); err != nil {
		t.Error(err)
	}
	b.want(t, "me it", "me it")
	if list, err = b.Letters().List(t.Context(), 10); len(list) != 0 || err != nil {
		t.Errorf("left: %v, %v", list, err)
	}
}

// Many documents that fail do not keep those behind them from their turn, and a sweep
// of them ends.
func TestAHundredStuckDocumentsStopNoOther(t *testing.T) {
	t.Parallel()
	b, _ := newBox(t).logged()
	b.fails["me"] = errors.New("no")
	b.follow("fine", "others")
	if err := b.sweep(t); err != nil { // the first sweep reads more than later ones
		t.Fatal(err)
	}
	for i := range 130 {
		b.insert(t, "things", fmt.Sprintf("%03d", i), b.Batch(do("it")...))
	}
	b.insert(t, "things", "last", b.Batch(outbox.New("fine", "behind all")))
	for round := range 2 {
		if n, err := b.Sweep(t.Context(), 0); err == nil || n != 131-min(round, 1) {
			t.Errorf("round %d: %d documents, %v", round, n, err)
		}
		if round == 0 {
			b.clean(t, "things", "last")
		}
		b.clock.Advance(time.Hour)
	}
	// A new effect does not wait for those that are tried again.
	b.ran = nil
	b.insert(t, "things", "new", b.Batch(outbox.New("fine", "new")))
	if _, err := b.Sweep(t.Context(), 0); err == nil || b.ran[0] != "others new" {
		t.Errorf("first %v, %v", b.ran[0], err)
	}
}

func TestAPanicEndsOneEffectOnly(t *testing.T) {
	t.Parallel()
	b, log := newBox(t).logged()
	outbox.On(b.Outbox, "boom", "me", func(context.Context, outbox.Call, string) error { panic("oh no") })
	batch := b.Batch(append([]outbox.Effect{outbox.New("boom", "x")}, do("after")...)...)
	b.insert(t, "things", "1", batch)
	_ = b.Follow(t.Context(), outbox.Ref{Collection: "things", ID: "1"}, batch)
	b.want(t, "me after")
	if !strings.Contains(log.String(), "panic: oh no") || !strings.Contains(log.String(), "failure_test.go") {
		t.Errorf("the log has no stack:\n%s", log)
	}
	for _, e := range b.pending(t, "things", "1").Effects {
		if e.Kind != "boom" || e.Tries != 1 {
			t.Errorf("left: %+v", e)
		}
	}
}

// An effect that only a newer version knows stays as it is and does not count as
// failed, so that the newer version finds it.
func TestWhatANewerVersionWroteIsLeftAlone(t *testing.T) {
	t.Parallel()
	b, log := newBox(t).logged()
	batch := b.Batch(append([]outbox.Effect{outbox.New("later.kind", "x")}, do("mine")...)...)
	b.insert(t, "things", "1", batch)
	b.set(t, "things", "1", "effects."+batch.ID+"_00.priority", "high")
	b.set(t, "things", "1", "newField", "kept")
	for range 2 * dead.MaxTries {
		if err := b.sweep(t); err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(time.Hour)
	}
	b.want(t, "me mine")
	if log.Len() > 0 {
		t.Errorf("the log says\n%s", log)
	}
	if left := b.pending(t, "things", "1"); len(left.Effects) != 1 || left.Effects[batch.ID+"_00"].Tries != 0 {
		t.Errorf("left: %+v", left)
	}
	if got := b.get(t, "things", "1", "effects", batch.ID+"_00", "priority"); got != "high" {
		t.Errorf("a field of the effect: %v", got)
	}
	if got := b.get(t, "things", "1", "newField"); got != "kept" {
		t.Errorf("a field of the document: %v", got)
	}
	newer := b.later()
	newer.follow("later.kind", "new")
	if err := newer.sweep(t); err != nil {
		t.Error(err)
	}
	newer.want(t, "new x")
	b.clean(t, "things", "1")
}
