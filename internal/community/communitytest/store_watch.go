package communitytest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/event"

	"faellesskab/internal/outbox"
	"faellesskab/internal/testkit"
)

// The types of this file watch the commands of a world's database.

// Moment is the moment before a command reaches the database. A test lets something
// else happen in it, so that a race between two calls happens in every run.
type Moment struct {
	mu                  sync.Mutex
	command, collection string
	do                  func()
}

// Option lets the moment watch the commands of a world's database.
func (m *Moment) Option() testkit.Option {
	return testkit.WithMonitor(&driver.CommandMonitor{Started: func(_ context.Context, e *driver.CommandStartedEvent) {
		first, err := e.Command.IndexErr(0)
		if err != nil {
			return
		}
		collection, _ := first.Value().StringValueOK()
		m.mu.Lock()
		do := m.do
		if do == nil || e.CommandName != m.command || collection != m.collection {
			m.mu.Unlock()
			return
		}
		m.do = nil
		m.mu.Unlock()
		do()
	}})
}

// Before calls do once, right before the next such command.
func (m *Moment) Before(command, collection string, do func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.command, m.collection, m.do = command, collection, do
}

// Repeater remembers the batches of effects that updates have written, so that
// a test can carry them out again.
type Repeater struct {
	mu   sync.Mutex
	seen []Repeat
}

// Repeat is a batch and the document that it was written into.
type Repeat struct {
	Doc   outbox.Ref
	Batch outbox.Batch
}

// Take returns the batches that have been written since the last call.
func (r *Repeater) Take() []Repeat {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.seen
	r.seen = nil
	return seen
}

// Option lets the repeater watch a world's database.
func (r *Repeater) Option() testkit.Option {
	var mu sync.Mutex
	started := map[int64]bson.Raw{}
	return testkit.WithMonitor(&driver.CommandMonitor{
		Started: func(_ context.Context, e *driver.CommandStartedEvent) {
			mu.Lock()
			defer mu.Unlock()
			started[e.RequestID] = slices.Clone(e.Command)
		},
		Succeeded: func(_ context.Context, e *driver.CommandSucceededEvent) {
			mu.Lock()
			command := started[e.RequestID]
			delete(started, e.RequestID)
			mu.Unlock()
			if hasWritten(e.CommandName, e.Reply) {
				r.see(e.CommandName, command)
			}
		},
	})
}

// hasWritten reports whether a command found the document it was to change. The
// effects of a command that found none were not written, so they never run.
func hasWritten(command string, reply bson.Raw) bool {
	if command == "findAndModify" {
		_, ok := reply.Lookup("value").DocumentOK()
		return ok
	}
	n, _ := reply.Lookup("n").AsInt64OK()
	return n > 0
}

func (r *Repeater) see(name string, command bson.Raw) {
	switch name {
	case "findAndModify":
		r.note(command, command, "query", "update", "findAndModify")
	case "insert":
		documents, ok := command.Lookup("documents").ArrayOK()
		if !ok {
			return
		}
		list, _ := documents.Values()
		for _, d := range list {
			r.noteNew(d.Document(), command)
		}
	case "update":
		updates, ok := command.Lookup("updates").ArrayOK()
		if !ok {
			return
		}
		list, _ := updates.Values()
		for _, u := range list {
			r.note(u.Document(), command, "q", "u", "update")
		}
	}
}

func (r *Repeater) noteNew(doc, command bson.Raw) {
	var d struct {
		ID             string `bson:"_id"`
		outbox.Pending `bson:",inline"`
	}
	if bson.Unmarshal(doc, &d) != nil || len(d.Due) == 0 {
		return
	}
	seen := Repeat{Doc: outbox.Ref{Collection: command.Lookup("insert").StringValue(), ID: d.ID}, Batch: outbox.Batch{ID: d.Due[0]}}
	for _, key := range slices.Sorted(maps.Keys(d.Effects)) {
		seen.Batch.Effects = append(seen.Batch.Effects, d.Effects[key])
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, seen)
}

func (r *Repeater) note(one, command bson.Raw, filter, change, name string) {
	batch, ok := one.Lookup(change, "$push", "due").StringValueOK()
	docID, okID := one.Lookup(filter, "_id").StringValueOK()
	set, okSet := one.Lookup(change, "$set").DocumentOK()
	if !ok || !okID || !okSet {
		return
	}
	seen := Repeat{Doc: outbox.Ref{Collection: command.Lookup(name).StringValue(), ID: docID}, Batch: outbox.Batch{ID: batch}}
	fields, _ := set.Elements()
	for _, f := range fields {
		if !strings.HasPrefix(f.Key(), "effects."+batch) {
			continue
		}
		var effect outbox.Effect
		if bson.Unmarshal(f.Value().Document(), &effect) == nil {
			seen.Batch.Effects = append(seen.Batch.Effects, effect)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, seen)
}

// Answers watches how large the answers of the database are.
type Answers struct{ largest atomic.Int64 }

// Option lets it watch the finds of a world's database. It does not watch
// findAndModify, whose answers cannot be narrowed to some fields on every database.
func (a *Answers) Option() testkit.Option {
	return testkit.WithMonitor(&driver.CommandMonitor{Succeeded: func(_ context.Context, e *driver.CommandSucceededEvent) {
		if e.CommandName == "find" {
			a.largest.Store(max(a.largest.Load(), int64(len(e.Reply))))
		}
	}})
}

// Largest is the size in bytes of the largest answer since the last call.
func (a *Answers) Largest() int64 { return a.largest.Swap(0) }
