package communitytest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/event"

	"faellesskab/internal/booking"
	"faellesskab/internal/id"
	"faellesskab/internal/inbox"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/testkit"
)

// The functions of this file show tests what no service shows.

// Bookable is a date as package booking sees it.
func (w *World) Bookable(occurrenceID string) booking.Bookable {
	w.T.Helper()
	return *Must(mongodb.Get[booking.Bookable](w.T.Context(), "look at bookable", w.DB.Collection("occurrences"), occurrenceID))(w.T)
}

// BookingsAt are all bookings at a date.
func (w *World) BookingsAt(occurrenceID string) []booking.Booking {
	w.T.Helper()
	return All[booking.Booking](w, "bookings", map[string]any{"bookableId": occurrenceID})
}

// All are the documents of a collection that fit a filter.
func All[V any](w *World, collection string, filter map[string]any) []V {
	w.T.Helper()
	return Must(mongodb.All[V](mongodb.AllowScan(w.T.Context()), "look at "+collection, w.DB.Collection(collection), document(filter)))(w.T)
}

// Ref is a document of which a test wants only the id.
type Ref struct {
	ID string `bson:"_id"`
}

// Count is how many documents a collection has.
func (w *World) Count(collection string) int {
	w.T.Helper()
	return int(Must(w.DB.Collection(collection).CountDocuments(mongodb.AllowScan(w.T.Context()), bson.D{}))(w.T))
}

// Job is a cause, with how far the notifier has come with it.
type Job struct {
	notify.Cause `bson:",inline"`
	State        string `bson:"state"`
	Dropped      bool   `bson:"dropped"`
	Fence        int    `bson:"fence"`
	Counts       struct {
		Pushed int `bson:"pushed"`
		Silent int `bson:"silent"`
		Drops  int `bson:"drops"`
	} `bson:"counts"`
}

// Jobs are the causes of a kind that have been queued.
func (w *World) Jobs(kind notify.Kind) []Job {
	w.T.Helper()
	return All[Job](w, "notify_jobs", map[string]any{"kind": kind})
}

// Enqueue queues a cause as a write does: as the effect of a document.
func (w *World) Enqueue(c notify.Cause) {
	w.T.Helper()
	b := w.Outbox.Batch(notify.Effect(c))
	_ = w.Outbox.Follow(w.T.Context(), outbox.Ref{Collection: "groups", ID: c.Subject}, b)
}

// PutPeople stores people who have these ids and nothing else.
func (w *World) PutPeople(ids []string) {
	w.T.Helper()
	people := make([]person.Person, len(ids))
	for i, id := range ids {
		people[i] = person.Person{ID: id, UID: id, OwnLanguage: "DA", CreatedAt: w.Clock.Now(), Version: 1}
	}
	Must(w.DB.Collection("persons").InsertMany(w.T.Context(), people))(w.T)
}

// PutLine puts n people in line for an event's date, one behind the other. It writes
// the documents directly, since signing up each of them would take too long.
func (w *World) PutLine(eventID string, n int) {
	w.T.Helper()
	date := w.Bookable(DateOf(eventID))
	places := make([]booking.Booking, n)
	for i := range places {
		personID := PersonID(fmt.Sprint("line", i))
		at := w.Clock.Now().Add(time.Duration(i) * time.Millisecond)
		places[i] = booking.Booking{ID: booking.IDOf(date.ID, personID), BookableID: date.ID, Sort: id.Occurrence, PersonID: personID, State: booking.Waitlisted,
			StartsAt: date.StartsAt, CreatedAt: at, QueuedAt: at, Version: 1}
	}
	Must(w.DB.Collection("bookings").InsertMany(w.T.Context(), places))(w.T)
	w.Set(w.T.Context(), "occurrences", date.ID, map[string]any{"hasQueue": true})
}

// Chunk is a number of people who get a push together.
type Chunk struct {
	ID        string    `bson:"_id"`
	People    []string  `bson:"people"`
	State     string    `bson:"state"`
	NotBefore time.Time `bson:"notBefore"`
	Attempt   int       `bson:"attempt"`
	Rank      int       `bson:"rank"`
	Fence     int       `bson:"fence"`
	Sent      int       `bson:"sent"`
	Gone      int       `bson:"gone"`
	Failed    int       `bson:"failed"`
}

// Chunks are all chunks in the database.
func (w *World) Chunks() []Chunk {
	w.T.Helper()
	return All[Chunk](w, "notify_chunks", nil)
}

// Notices are a person's notices, including hidden ones.
func (w *World) Notices(name string) []inbox.Notice {
	w.T.Helper()
	return All[inbox.Notice](w, "notices", map[string]any{"personId": PersonID(name)})
}

// Set changes fields of a document in a way that no service would.
func (w *World) Set(ctx context.Context, collection, docID string, fields map[string]any) {
	w.T.Helper()
	res := Must(w.DB.Collection(collection).UpdateOne(mongodb.AllowScan(ctx), bson.D{{Key: "_id", Value: docID}}, bson.D{{Key: "$set", Value: document(fields)}}))(w.T)
	if res.MatchedCount != 1 {
		w.T.Fatalf("no %s in %s", docID, collection)
	}
}

// Put writes a document that no service would write, or only a newer version of the
// program.
func (w *World) Put(collection string, fields map[string]any) {
	w.T.Helper()
	Must(w.DB.Collection(collection).InsertOne(mongodb.AllowScan(w.T.Context()), document(fields)))(w.T)
}

// Unset removes a field of a document, which older programs did not write.
func (w *World) Unset(collection, docID, field string) {
	w.T.Helper()
	Must(w.DB.Collection(collection).UpdateOne(w.T.Context(), bson.D{{Key: "_id", Value: docID}}, bson.D{{Key: "$unset", Value: bson.D{{Key: field, Value: ""}}}}))(w.T)
}

// Remove removes a document without asking a service.
func (w *World) Remove(collection, docID string) {
	w.T.Helper()
	Must(w.DB.Collection(collection).DeleteOne(mongodb.AllowScan(w.T.Context()), bson.D{{Key: "_id", Value: docID}}))(w.T)
}

func document(fields map[string]any) bson.D {
	d := bson.D{}
	for key, value := range fields {
		d = append(d, bson.E{Key: key, Value: value})
	}
	return d
}

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
