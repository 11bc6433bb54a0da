package communitytest

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/booking"
	"faellesskab/internal/id"
	"faellesskab/internal/inbox"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
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

// Read is a notice's title and text, as its reader reads them now.
func (w *World) Read(name string, n inbox.Notice) (title, body string) {
	w.T.Helper()
	return n.In(Must(w.Inbox.Readers(w.As(name), []string{n.PersonID}))(w.T)[n.PersonID])
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
