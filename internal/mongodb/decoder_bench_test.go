package mongodb_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/booking"
	"faellesskab/internal/event"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/person"
)

// stored are a document as it is stored, for each type that the feed reads most.
func stored(tb testing.TB, doc any) bson.Raw {
	tb.Helper()
	raw, err := bson.Marshal(doc)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// BenchmarkDecode shows what a document costs, read by the driver and here:
//
//	go test ./internal/mongodb -run '^$' -bench Decode -benchmem
func BenchmarkDecode(b *testing.B) {
	now := time.Now()
	b.Run("event", decodes[event.Event](event.Event{ID: "evt_1", GroupID: "grp_1", Title: "Singing", Description: "Come and sing with us."}))
	b.Run("occurrence", decodes[event.Occurrence](event.Occurrence{ID: "occ_1", EventID: "evt_1"}))
	b.Run("person", decodes[person.Person](person.Person{ID: "per_1", CreatedAt: now}))
	b.Run("booking", decodes[booking.Booking](booking.Booking{ID: "occ_1:per_1", BookableID: "occ_1", PersonID: "per_1", State: "CONFIRMED", CreatedAt: now}))
}

func decodes[T any](doc T) func(*testing.B) {
	return func(b *testing.B) {
		raw := stored(b, doc)
		b.Run("driver", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := bson.Unmarshal(raw, new(T)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("ours", func(b *testing.B) {
			if !mongodb.ReadAlone(raw, new(T)) {
				b.Fatal("it is left to the driver")
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := mongodb.Decode(raw, new(T)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
