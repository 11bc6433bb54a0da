package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

// restTime is how long everything may take to come to rest.
const restTime = 30 * time.Second

// atRest is the first state in which there is nothing to do and which looks the same twice.
// Collections are read one after the other: a job may have been done meanwhile whose chunk
// did not exist yet when the chunks were read. If two looks agree, the state is that of one
// moment.
func atRest(t testing.TB, before testkit.Snapshot, look func(before testkit.Snapshot) testkit.Snapshot, now func() time.Time) testkit.Snapshot {
	t.Helper()
	var open []string
	for deadline := time.Now().Add(restTime); time.Now().Before(deadline); {
		s := look(before)
		open = leftToDo(stateAt(t, s, now()), now())
		if len(open) == 0 && s.IsSame(before) {
			return s
		}
		if len(open) > 0 {
			time.Sleep(20 * time.Millisecond)
		}
		before = s
	}
	t.Fatalf("it does not come to rest: %q", open)
	return testkit.Snapshot{}
}

// leftToDo is what the program has yet to do by now: effects, timers, and news that waits
// only for its turn.
func leftToDo(s crashState, now time.Time) []string {
	open := slices.Concat(effectsLeft(s), newsLeft(s, now))
	for _, doc := range s["timers"] {
		if at, _ := doc["at"].(time.Time); !at.After(now) {
			open = append(open, fmt.Sprintf("the timer %v is due", doc["_id"]))
		}
	}
	return open
}

// effectsLeft are the effects that were not carried out.
func effectsLeft(s crashState) (open []string) {
	s.checkEffects(func(format string, args ...any) { open = append(open, fmt.Sprintf(format, args...)) })
	return open
}

// newsLeft is the news that is in the queue, and what is to be taken off phones by now.
func newsLeft(s crashState, now time.Time) (open []string) {
	for _, doc := range slices.Concat(s["notify_jobs"], s["notify_chunks"]) {
		if doc["state"] == "QUEUED" {
			open = append(open, fmt.Sprintf("%v is in the queue", doc["_id"]))
		}
	}
	for _, doc := range s["push_recalls"] {
		if at, _ := doc["dueAt"].(time.Time); !at.After(now) {
			open = append(open, fmt.Sprintf("the recall of %v is due", doc["_id"]))
		}
	}
	return open
}

// Waiting for rest never gives a state between two pieces of work, however often that
// state is seen while a piece is under way.
func TestRestIsNotSeenTooEarly(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	at := time.Date(2030, time.May, 1, 12, 0, 0, 0, time.UTC)
	soon, late := at.Add(-time.Second), at.Add(time.Hour)
	steps := []struct {
		collection, id string
		doc            vars
		lasts          int // how many looks see it
	}{
		{"groups", "group", vars{"due": []string{"effect"}}, 3},
		{"groups", "group", vars{"due": []string{}}, 1}, // its timer comes with the next look
		{"timers", "walk", vars{"at": soon}, 3},
		{"timers", "walk", vars{"at": late}, 1},
		{"notify_jobs", "job", vars{"state": "QUEUED"}, 3},
		{"notify_jobs", "job", vars{"state": "DONE"}, 1},
		{"notify_chunks", "chunk", vars{"state": "QUEUED"}, 3},
		{"notify_chunks", "chunk", vars{"state": "DONE"}, 1},
		{"notify_chunks", "in the morning", vars{"state": "QUEUED", "notBefore": late}, 2},
	}
	looks := 0
	look := func(before testkit.Snapshot) testkit.Snapshot {
		if looks == 0 && len(steps) > 0 {
			put(t, db, steps[0].collection, steps[0].id, steps[0].doc)
			looks, steps = steps[0].lasts, steps[1:]
		}
		looks--
		return before.Next(t, db)
	}
	atRest(t, testkit.Snapshot{}, look, func() time.Time { return at })
	if len(steps) > 0 {
		t.Errorf("it rests before %v", steps)
	}
}

func put(t *testing.T, db *mongodb.DB, collection, id string, doc vars) {
	t.Helper()
	doc["_id"] = id
	if _, err := db.Collection(collection).DeleteOne(t.Context(), vars{"_id": id}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Collection(collection).InsertOne(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
}
