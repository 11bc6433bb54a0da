package main

import (
	"bufio"
	"io"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// Other processes reach the database. It lets one command through at a time, and ends with its
// input.
func TestServesUntilItsInputEnds(t *testing.T) {
	t.Parallel()
	until, end := io.Pipe()
	out, says := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(t.Context(), 2, until, says) }()
	uri, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	db, err := mongodb.Connect(t.Context(), mongodb.Options{URI: strings.Fields(uri)[1], Database: "test", SmallPool: true})
	if err != nil {
		t.Fatal(err)
	}
	seats := db.Collection("seats")
	if _, err := seats.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "s"}, {Key: "left", Value: 3}}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	taken := 0
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			res, err := seats.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "s"}, {Key: "left", Value: bson.D{{Key: "$gt", Value: 0}}}},
				bson.D{{Key: "$inc", Value: bson.D{{Key: "left", Value: -1}}}})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			} else {
				taken += int(res.ModifiedCount)
			}
		})
	}
	all.Wait()
	if taken != 3 {
		t.Errorf("%d of 3 seats were taken", taken)
	}
	if err := db.Close(t.Context()); err != nil {
		t.Error(err)
	}
	end.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
