package main

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"faellesskab/internal/booking"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/id"
	"faellesskab/internal/testkit"
)

// A page of people in line, with the place of each, costs as many commands as a page of one
// person, and one more that tells who stands between them.
func TestAPageOfALineCostsNoMoreForMorePeople(t *testing.T) {
	t.Parallel()
	counter := &testkit.Counter{Only: graphql.HasOperationContext}
	h := newHarness(t, withoutDemo(), withDB(testkit.DB(t, append(communitytest.Watched(), testkit.WithCounter(counter))...)))
	h.signUpPersonas()
	groupID := h.must("leader-1", as("mutation", `createGroup(input: {name: "Gården", kind: HOUSING}) { group { id } }`), nil).text("createGroup", "group", "id")
	date, now := dateOf(h.publishTo(groupID, "Fest")), h.app.DB.Now()
	costs := map[int]int{}
	for i := range 20 {
		personID := id.Derive(id.Person, fmt.Sprint("waiter", i))
		b := &booking.Booking{ID: booking.IDOf(date, personID), BookableID: date, Sort: id.Occurrence, PersonID: personID, State: booking.Waitlisted,
			StartsAt: now, CreatedAt: now.Add(time.Duration(i) * time.Millisecond), QueuedAt: now.Add(time.Duration(i) * time.Millisecond), Version: 1}
		if _, err := h.app.DB.Collection("bookings").InsertOne(context.Background(), b); err != nil {
			t.Fatal(err)
		}
		if i != 0 && i != 1 && i != 19 {
			continue
		}
		costs[i+1] = math.MaxInt
		for range 8 { // a loader's batch may be split on a busy machine: the fewest count
			counter.Reset()
			r := h.must("leader-1", `query ($d: ID!) { node(id: $d) { ... on Occurrence { attendances(state: WAITLISTED, first: 50) { edges { node { position } } } } } }`, vars{"d": date})
			costs[i+1] = min(costs[i+1], counter.Count())
			if r.at("node", "attendances", "edges", i, "node", "position") != float64(i+1) {
				t.Errorf("a page of %d is %v", i+1, r.Data)
			}
		}
	}
	if costs[2] != costs[1]+1 || costs[20] != costs[2] {
		t.Errorf("pages cost by their size %v commands", costs)
	}
}
