package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"faellesskab/internal/testkit"
)

// fullness is how many entries the lists of the screens have in the world in which they are measured.
const fullness = 20

// newScreensWorld is the stage of the screens with lists as full as the screens ask for.
func newScreensWorld(t testing.TB) *stage {
	t.Helper()
	s := newStage(t, testkit.WithPatience())
	s.seed(filepath.Join(screensFolder, "seed.json"))
	s.signUpNeighbours()
	for n := range fullness {
		s.fillGroup(n)
	}
	atRest(t, testkit.Snapshot{}, func(before testkit.Snapshot) testkit.Snapshot { return before.Next(t, s.db) }, s.clock.Now)
	return s
}

// neighbour is a person of the world besides the personas.
func neighbour(n int) string { return fmt.Sprintf("neighbour-%d", n) }

// signUpNeighbours makes people, one for each group that they will lead.
func (s *stage) signUpNeighbours() {
	s.t.Helper()
	for n := range fullness {
		var list []devToken
		s.get("/dev/tokens?new="+neighbour(n), &list)
		s.tokens[neighbour(n)] = list[0].Token
		s.people[neighbour(n)] = s.personID(neighbour(n))
	}
}

// fillGroup makes a group with a leader of its own, in which the member and others are, and an event for
// which some of them have signed up.
func (s *stage) fillGroup(n int) {
	s.t.Helper()
	leader := neighbour(n)
	group := s.must(leader, `mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } } }`, vars{"input": vars{
		"name": fmt.Sprintf("Beboerne på vej %d", n), "description": "Alle på vejen, som mødes og hjælper hinanden.", "kind": "HOUSING", "areaId": s.names["area"],
	}}).text("createGroup", "group", "id")
	guests := []string{personas["member"], neighbour((n + 1) % fullness), neighbour((n + 2) % fullness)}
	for _, guest := range guests {
		s.must(guest, `mutation ($input: JoinGroupInput!) { joinGroup(input: $input) { outcome { __typename } } }`, vars{"input": vars{"groupId": group}})
	}
	event := s.must(leader, `mutation ($input: CreateEventInput!) { createEvent(input: $input) { event { id occurrences { edges { node { id } } } } } }`, vars{"input": vars{
		"groupId": group, "title": fmt.Sprintf("Fællesspisning %d", n), "description": "Vi laver mad fra klokken fem og spiser klokken syv.",
		"place": vars{"name": "Fælleshuset", "address": fmt.Sprintf("Vej %d", n)}, "capacity": 30,
		"startsAt": fmt.Sprintf("2027-01-%02dT18:00:00", n+1), "endsAt": fmt.Sprintf("2027-01-%02dT21:00:00", n+1),
	}})
	id := event.text("createEvent", "event", "id")
	date := event.text("createEvent", "event", "occurrences", "edges", 0, "node", "id")
	s.must(leader, `mutation ($input: PublishEventInput!) { publishEvent(input: $input) { event { state } } }`, vars{"input": vars{"eventId": id}})
	if n%2 == 1 {
		guests = guests[1:] // the member has a place at every other date
	}
	for _, guest := range guests {
		s.must(guest, `mutation ($input: AttendEventInput!) { attendEvent(input: $input) { outcome { __typename } } }`, vars{"input": vars{"occurrenceId": date}})
	}
}
