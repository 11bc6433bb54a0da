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
	"faellesskab/internal/inbox"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/testkit"
)

// What tests look at that no service shows.

// Bookable is a date as package booking sees it.
func (w *World) Bookable(occurrenceID string) booking.Bookable {
	w.T.Helper()
	return *Must(mongodb.Get[booking.Bookable](w.T.Context(), "look at bookable", w.DB.Collection("occurrences"), occurrenceID))(w.T)
}

// Places are all places at a date.
func (w *World) Places(occurrenceID string) []booking.Place {
	w.T.Helper()
	return All[booking.Place](w, "attendances", map[string]any{"bookableId": occurrenceID})
}

// All are the documents of a collection that fit a filter.
func All[V any](w *World, collection string, filter map[string]any) []V {
	w.T.Helper()
	return Must(mongodb.All[V](mongodb.AllowScan(w.T.Context()), "look at "+collection, w.DB.Collection(collection), document(filter)))(w.T)
}

// Ref is the shape a test reads of a document of which it wants only the id.
type Ref struct {
	ID string `bson:"_id"`
}

// Count is how many documents a collection has.
func (w *World) Count(collection string) int {
	w.T.Helper()
	return int(Must(w.DB.Collection(collection).CountDocuments(mongodb.AllowScan(w.T.Context()), bson.D{}))(w.T))
}

// Job is a cause and how far it has come.
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
	w.Outbox.RunEffects(w.T.Context(), outbox.Ref{Collection: "groups", ID: c.Subject}, b)
}

// PutPeople stores people with those ids, who have nothing but an id.
func (w *World) PutPeople(ids []string) {
	w.T.Helper()
	people := make([]person.Person, len(ids))
	for i, id := range ids {
		people[i] = person.Person{ID: id, UID: id, OwnLanguage: "DA", CreatedAt: w.Clock.Now(), Version: 1}
	}
	Must(w.DB.Collection("persons").InsertMany(w.T.Context(), people))(w.T)
}

// PutLine puts so many people in line for an event's date, one after another. It
// writes the documents as they are: signing up each would take too long.
func (w *World) PutLine(eventID string, n int) {
	w.T.Helper()
	date := w.Bookable(DateOf(eventID))
	places := make([]booking.Place, n)
	for i := range places {
		personID := PersonID(fmt.Sprint("line", i))
		at := w.Clock.Now().Add(time.Duration(i) * time.Millisecond)
		places[i] = booking.Place{ID: booking.IDOf(date.ID, personID), BookableID: date.ID, PersonID: personID, State: booking.Waitlisted,
			StartsAt: date.StartsAt, CreatedAt: at, QueuedAt: at, Version: 1}
	}
	Must(w.DB.Collection("attendances").InsertMany(w.T.Context(), places))(w.T)
	w.Set(w.T.Context(), "occurrences", date.ID, map[string]any{"hasQueue": true})
}

// Chunk is a page of people to be pushed to.
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

// Chunks are all of them.
func (w *World) Chunks() []Chunk {
	w.T.Helper()
	return All[Chunk](w, "notify_chunks", nil)
}

// Notices are a person's notices, also those that are not shown.
func (w *World) Notices(name string) []inbox.Notice {
	w.T.Helper()
	return All[inbox.Notice](w, "notices", map[string]any{"personId": PersonID(name)})
}

// Set changes a document by hand: what no service does.
func (w *World) Set(ctx context.Context, collection, docID string, fields map[string]any) {
	w.T.Helper()
	res := Must(w.DB.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: docID}}, bson.D{{Key: "$set", Value: document(fields)}}))(w.T)
	if res.MatchedCount != 1 {
		w.T.Fatalf("no %s in %s", docID, collection)
	}
}

// Put writes a document by hand: what no service does, or only a newer version.
func (w *World) Put(collection string, fields map[string]any) {
	w.T.Helper()
	Must(w.DB.Collection(collection).InsertOne(w.T.Context(), document(fields)))(w.T)
}

// Remove removes a document by hand.
func (w *World) Remove(collection, docID string) {
	w.T.Helper()
	Must(w.DB.Collection(collection).DeleteOne(w.T.Context(), bson.D{{Key: "_id", Value: docID}}))(w.T)
}

func document(fields map[string]any) bson.D {
	d := bson.D{}
	for key, value := range fields {
		d = append(d, bson.E{Key: key, Value: value})
	}
	return d
}

// Moment is the moment before a command reaches the database: where a test lets
// something else happen, so that what needs two at once happens every time.
type Moment struct {
	mu                  sync.Mutex
	command, collection string
	do                  func()
}

// Option makes the moment one of a world's database.
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

// Before lets do happen once, right before the next such command.
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

// Repeat is a batch and the document it came with.
type Repeat struct {
	Doc   outbox.Ref
	Batch outbox.Batch
}

// Take is what has been written since the last Take.
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

// hasWritten reports whether a command found what it was to change: what was not
// written is never carried out.
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

// Option lets it watch the finds of a world's database: what findAndModify answers
// cannot be narrowed on every database.
func (a *Answers) Option() testkit.Option {
	return testkit.WithMonitor(&driver.CommandMonitor{Succeeded: func(_ context.Context, e *driver.CommandSucceededEvent) {
		if e.CommandName == "find" {
			a.largest.Store(max(a.largest.Load(), int64(len(e.Reply))))
		}
	}})
}

// Largest is how many bytes the largest has had since the last call.
func (a *Answers) Largest() int64 { return a.largest.Swap(0) }
