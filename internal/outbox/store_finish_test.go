package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"faellesskab/internal/outbox"
	"faellesskab/internal/testkit"
)

// beforeUpdate is what happens before an update of a collection, the next time that there is one.
type beforeUpdate struct {
	mu   sync.Mutex
	of   string
	do   []func() // one for each update
	seen int
}

func (m *beforeUpdate) option() testkit.Option {
	return testkit.WithMonitor(&event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		if collection, _ := e.Command.Lookup("update").StringValueOK(); collection == "" || collection != m.of {
			return
		}
		m.mu.Lock()
		m.seen++
		do := func() {}
		if len(m.do) > 0 {
			do, m.do = m.do[0], m.do[1:]
		}
		m.mu.Unlock()
		do()
	}})
}

// The field that sweeps look for goes with its last entry, whoever else finishes effects of the
// same document in between.
func TestADocumentLeavesTheIndexWithItsLastEffect(t *testing.T) {
	t.Parallel()
	doc := outbox.Ref{Collection: "things", ID: "1"}
	for _, c := range []struct {
		name  string
		alone bool
		// meanwhile is what another process does before the first, the second, … update.
		meanwhile []func(t *testing.T, b *box, other outbox.Batch)
		commands  int
	}{
		{"nobody else", true, nil, 1},
		{"another batch stays under way", false, nil, 2},
		{"the other ends before the first update", false, []func(*testing.T, *box, outbox.Batch){finish}, 1},
		{"the other ends before the second update", false, []func(*testing.T, *box, outbox.Batch){nothing, finish}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := &beforeUpdate{of: doc.Collection}
			b := newBox(t, m.option())
			mine, other := b.Batch(notes("mine")...), b.Batch(notes("other")...)
			b.insert(t, doc.Collection, doc.ID, mine)
			if !c.alone {
				b.stamp(t, doc.Collection, doc.ID, other)
			}
			again := b.again(t)
			m.seen = 0
			for _, do := range c.meanwhile {
				m.do = append(m.do, func() { do(t, again, other) })
			}
			if err := b.Follow(t.Context(), doc, mine); err != nil {
				t.Fatal(err)
			}
			if m.seen != c.commands {
				t.Errorf("%d updates, want %d", m.seen, c.commands)
			}
			left := b.pending(t, doc.Collection, doc.ID)
			if slices.Contains(left.Due, mine.ID) || len(left.Effects) != len(left.Due) {
				t.Errorf("left: %+v", left)
			}
			if len(left.Due) > 0 {
				finish(t, again, other)
			}
			if got := b.get(t, doc.Collection, doc.ID, "due"); got != nil {
				t.Errorf("due is %v at rest", got)
			}
		})
	}
}

func nothing(*testing.T, *box, outbox.Batch) {}

func finish(t *testing.T, b *box, batch outbox.Batch) {
	t.Helper()
	if err := b.Follow(t.Context(), outbox.Ref{Collection: "things", ID: "1"}, batch); err != nil {
		t.Error(err)
	}
}

// An older version of the program leaves an empty list. Nothing is due then, and the next batch
// takes the list along.
func TestAnEmptyListOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	if _, err := b.db.Collection("things").InsertOne(t.Context(), bson.M{"_id": "1", "due": bson.A{}, "effects": bson.M{}}); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Sweep(t.Context(), 0); n != 0 || err != nil {
		t.Errorf("a sweep works on %d documents, %v", n, err)
	}
	if pending, err := b.IsAnyPending(t.Context(), outbox.Ref{Collection: "things", ID: "1"}); pending || err != nil {
		t.Errorf("pending: %v, %v", pending, err)
	}
	b.stamp(t, "things", "1", b.Batch(notes("first", "second")...))
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "first", "second")
	if got := b.get(t, "things", "1", "due"); got != nil {
		t.Errorf("due is %v at rest", got)
	}
}

// A batch that has two entries, since a process died between writing the one and removing the
// other, leaves neither.
func TestABatchWithTwoEntriesLeavesNone(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	batch := b.Batch(notes("once")...)
	b.insert(t, "things", "1", batch)
	b.set(t, "things", "1", "due", bson.A{fmt.Sprintf("try_%013d_%s", 1, batch.ID), batch.ID})
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "once")
	if got := b.get(t, "things", "1", "due"); got != nil {
		t.Errorf("due is %v at rest", got)
	}
}
