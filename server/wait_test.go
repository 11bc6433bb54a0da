package main

import (
	"testing"
	"time"

	"faellesskab/internal/testkit"
)

// Nothing that is read waits for a field which begins only when the reads before it have ended: what stands
// behind a list, or beside a relation in a payload, holds up nobody. Such a wait ends after 24 seconds on a
// database that is given a minute.
func TestNoReadWaitsForWhatComesAfterIt(t *testing.T) {
	t.Parallel()
	s := newStage(t, testkit.WithPatience())
	s.names["date"] = s.fillFeed(1, 2)[0]
	for _, c := range []struct{ name, document string }{
		{"a page behind its items", `query { occurrences(first: 20) { edges { node { event { organiser { id } } } } pageInfo { hasNextPage } } }`},
		{"a number behind its items", `query ($id: ID!) { node(id: $id) { ... on Event { group { memberships { edges { node { person { id } } } totalCount } } } } }`},
		{"two relations in a payload", `mutation ($date: ID!) { updateAttendance(input: {occurrenceId: $date, guests: 1})
			{ attendance { occurrence { event { title } } } occurrence { event { title } } } }`},
	} {
		begun := time.Now()
		if got := s.answer("member", "", c.document, vars{"id": "$event", "date": "$date"}); got["errors"] != nil {
			t.Errorf("%s: %v", c.name, got["errors"])
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%s: it took %v", c.name, took)
		}
	}
}
