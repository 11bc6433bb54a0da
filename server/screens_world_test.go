package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"faellesskab/internal/id"
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
	s.fillCourses()
	s.fillTheGroup()
	s.fillAnnouncements()
	s.fillTheDate()
	s.rest()
	return s
}

// rest waits until all that has begun has ended.
func (s *stage) rest() {
	s.t.Helper()
	atRest(s.t, testkit.Snapshot{}, func(before testkit.Snapshot) testkit.Snapshot { return before.Next(s.t, s.db) }, s.clock.Now)
}

// mutate runs a mutation that must succeed, such as joinGroup, and asks for these fields.
func (s *stage) mutate(persona, mutation, fields string, input vars) reply {
	s.t.Helper()
	kind := strings.ToUpper(mutation[:1]) + mutation[1:] + "Input!"
	return s.must(persona, fmt.Sprintf("mutation ($input: %s) { %s(input: $input) { %s } }", kind, mutation, fields), vars{"input": input})
}

// neighbour is a person of the world besides the personas.
func neighbour(n int) string { return fmt.Sprintf("neighbour-%d", n%fullness) }

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
	group := s.mutate(neighbour(n), "createGroup", "group { id }", vars{
		"name": fmt.Sprintf("Beboerne på vej %d", n), "description": "Alle på vejen, som mødes og hjælper hinanden.", "kind": "HOUSING", "areaId": s.names["area"],
	}).text("createGroup", "group", "id")
	guests := []string{personas["member"], neighbour(n + 1), neighbour(n + 2)}
	for _, guest := range guests {
		s.mutate(guest, "joinGroup", "outcome { __typename }", vars{"groupId": group})
	}
	date := s.fillEvent(neighbour(n), group, n)
	switch n {
	case 1:
		s.names["freeDate"] = date
	case 3:
		s.names["otherFreeDate"] = date
	}
	if n%2 == 1 {
		guests = guests[1:] // the member has a place at every other date
	}
	for _, guest := range guests {
		s.mutate(guest, "attendEvent", "outcome { __typename }", vars{"occurrenceId": date})
	}
}

// fillEvent publishes an event of a group, and returns the id of its date.
func (s *stage) fillEvent(leader, group string, n int) (date string) {
	s.t.Helper()
	event := s.mutate(leader, "createEvent", "event { id occurrences { edges { node { id } } } }", vars{
		"groupId": group, "title": fmt.Sprintf("Fællesspisning %d", n), "description": "Vi laver mad fra klokken fem og spiser klokken syv.",
		"place": vars{"name": "Fælleshuset", "address": fmt.Sprintf("Vej %d", n)}, "capacity": 30,
		"startsAt": fmt.Sprintf("2027-01-%02dT18:00:00", n+1), "endsAt": fmt.Sprintf("2027-01-%02dT21:00:00", n+1),
	})
	s.mutate(leader, "publishEvent", "event { state }", vars{"eventId": event.text("createEvent", "event", "id")})
	return event.text("createEvent", "event", "occurrences", "edges", 0, "node", "id")
}

// fillCourses makes courses that are drafts and courses that are published, in some of which the member
// has a place.
func (s *stage) fillCourses() {
	s.t.Helper()
	staff := personas["staff"]
	for n := range fullness {
		made := s.mutate(staff, "createCourse", "course { id }", vars{
			"title": []vars{{"language": "DA", "text": fmt.Sprintf("Kursus %d", n)}}, "description": []vars{{"language": "DA", "text": "For alle, der vil være med."}},
			"areaIds": []string{s.names["area"]}, "skillIds": []string{s.names["skill"]}, "capacity": 12,
			"sessions": []vars{{"startsAt": fmt.Sprintf("2027-02-%02dT17:00:00", n+1), "endsAt": fmt.Sprintf("2027-02-%02dT19:00:00", n+1), "place": vars{"name": "Skolen"}}},
		}).text("createCourse", "course", "id")
		if n%2 == 1 {
			continue
		}
		s.mutate(staff, "publishCourse", "course { state }", vars{"courseId": made})
		if n < 10 {
			s.mutate(personas["member"], "enrolInCourse", "outcome { __typename }", vars{"courseId": made})
		}
	}
}

// fillTheGroup lets many join the group of the screens, and others ask to, and makes events in it.
func (s *stage) fillTheGroup() {
	s.t.Helper()
	leader, group := personas["leader"], s.names["group"]
	s.mutate(leader, "updateGroup", "group { id }", vars{"groupId": group, "joinPolicy": "OPEN"})
	for n := range fullness - 4 {
		s.mutate(neighbour(n), "joinGroup", "outcome { __typename }", vars{"groupId": group})
	}
	s.mutate(leader, "updateGroup", "group { id }", vars{"groupId": group, "joinPolicy": "ASK"})
	for n := fullness - 4; n < fullness; n++ {
		s.mutate(neighbour(n), "joinGroup", "outcome { __typename }", vars{"groupId": group})
	}
	for n := range fullness / 2 {
		s.fillEvent(leader, group, n+2)
	}
}

// fillAnnouncements makes announcements in the group of the screens, of which some wait for approval,
// some are drafts, and some have been sent.
func (s *stage) fillAnnouncements() {
	s.t.Helper()
	group := s.names["group"]
	for n := range 5 {
		author := neighbour(n)
		s.mutate(personas["leader"], "grantGroupRole", "membership { id }", vars{"groupId": group, "personId": s.people[author], "key": "LEADER"})
		for i := range 3 {
			input := vars{"groupId": group, "title": fmt.Sprintf("Nyt fra %s %d", author, i), "text": "Kom og vær med, og sig det til naboen."}
			if i == 2 {
				input["isDraft"] = true
			}
			made := s.mutate(author, "announceToGroup", "announcement { id state }", input)
			if i == 0 && made.text("announceToGroup", "announcement", "state") == "PENDING_APPROVAL" {
				s.mutate(personas["staff"], "approveBroadcast", "announcement { state }", vars{"announcementId": made.text("announceToGroup", "announcement", "id")})
			}
		}
	}
}

// fillTheDate makes room at the date of the screens, and lets many sign up for it, more than there is
// room for.
func (s *stage) fillTheDate() {
	s.t.Helper()
	s.mutate(personas["leader"], "updateEvent", "event { id }", vars{"eventId": s.names["event"], "capacity": 12})
	for n := range fullness - 4 {
		s.mutate(neighbour(n), "attendEvent", "outcome { __typename }", vars{"occurrenceId": s.names["date"]})
	}
}

// copies are enough dates for a measurement, each for one sign-up.
const copies = 4000

// copyDate makes dates like that one, which no list shows, and returns their ids.
func (s *stage) copyDate(date string) (ids []string) {
	s.t.Helper()
	c := s.db.Collection("occurrences")
	var doc map[string]any
	if err := c.FindOne(s.t.Context(), vars{"_id": date}).Decode(&doc); err != nil {
		s.t.Fatal(err)
	}
	for n := range copies {
		copied := maps.Clone(doc)
		copied["_id"], copied["facets"] = id.Derive(id.Occurrence, "copy", strconv.Itoa(n)), []string{}
		ids = append(ids, id.Derive(id.Occurrence, "copy", strconv.Itoa(n)))
		if _, err := c.InsertOne(s.t.Context(), copied); err != nil {
			s.t.Fatal(err)
		}
	}
	return ids
}
