package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/gqlhttp"
	"faellesskab/internal/testkit"
)

// The test names the commands that the busiest calls send to the database. The goals are 4 for
// the feed, 3 for the page of an event, and 4 for signing up or 6 under a clientMutationId. The sign-in is
// included: what only reads is for a viewer who has called a moment ago, and what changes something reads them.
func TestCommandsOfTheBusiestCalls(t *testing.T) {
	t.Parallel()
	whole := &testkit.Counter{Only: ofRequests}
	s := newStage(t, testkit.WithPatience(), testkit.WithCounter(whole))
	dates := s.fillFeed(5, 4)

	for _, c := range []struct {
		name      string
		persona   string
		document  string
		variables vars
		want      []string // the commands, sorted, since the parts of a page are fetched side by side
	}{
		{"feed", "member", `{ events(first: 20) { edges { node { id title startsAt group { id name } organiser { id displayName }
			occurrences(first: 1) { edges { node { id startsAt seatsLeft viewerBooking { state } } } } } } } }`, nil,
			[]string{"find", "find", "find", "find"}},
		{"event page", "member", `query ($id: ID!) { event(id: $id) { title description state startsAt place { name } group { id name }
			occurrences { edges { node { id startsAt endsAt capacity seatsLeft viewerBooking { state guests } } } } viewerCan } }`,
			vars{"id": "$event"}, []string{"find", "find", "find"}},
		// What comes to the viewer takes two reads of dates, which have what an entry shows, and one of courses, since
		// they are in none.
		{"upcoming", "member", `{ viewer { upcoming(first: 20) { edges { node { id title startsAt endsAt timeZone place { name } group { id name } } } pageInfo { hasNextPage } } } }`, nil,
			[]string{"find", "find", "find"}},
		{"upcoming with one's own bookings and the events", "member", `{ viewer { upcoming(first: 20) { edges { node { id title startsAt viewerBooking { state }
			... on Occurrence { event { organiser { displayName } } } } } pageInfo { hasNextPage } } } }`, nil,
			[]string{"find", "find", "find", "find", "find", "find"}},
		{"past", "member", `{ viewer { past(first: 20) { edges { node { id title startsAt } } pageInfo { hasNextPage } } } }`, nil,
			[]string{"find", "find"}},
		{"dates", "member", `{ occurrences(first: 20, filter: {kind: HOUSING}) { edges { node { id title startsAt seatsLeft waitlistCount place { name } group { id name } } } pageInfo { hasNextPage } } }`, nil,
			[]string{"find"}},
		{"dates with bookings and events", "member", `{ occurrences(first: 20) { edges { node { id title seatsLeft waitlistCount viewerBooking { state guests position } event { description } viewerCan } } pageInfo { hasNextPage } } }`, nil,
			[]string{"find", "find", "find"}},
		// Many things of two types take one read for each type.
		{"nodes", "member", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, vars{"ids": append([]any{"$event", "$member"}, dates[0], dates[3], dates[7], dates[11], dates[3])},
			[]string{"find", "find", "find"}},
		{"attend", "resident", `mutation ($id: ID!) { attendEvent(input: {occurrenceId: $id}) { outcome { __typename } } }`,
			vars{"id": dates[0]}, []string{"find", "findAndModify", "insert", "update"}},
		{"attend under a clientMutationId", "resident", `mutation ($id: ID!) { attendEvent(input: {occurrenceId: $id,
			clientMutationId: "7f1f3c0e-5a4b-4a53-9d0e-0d4f0c4b1a11"}) { outcome { __typename } } }`,
			vars{"id": dates[1]}, []string{"find", "findAndModify", "insert", "insert", "update", "update"}},
	} {
		s.personID(personas[c.persona])
		whole.Reset()
		if got := s.answer(c.persona, "", c.document, c.variables); got["errors"] != nil {
			t.Errorf("%s: %v", c.name, got["errors"])
		}
		got := whole.Commands()
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: other commands than before (-want +got):\n%s", c.name, diff)
		}
		if strings.HasPrefix(c.document, "mutation") {
			continue
		}
		const atOnce = 50
		whole.Reset()
		var calls sync.WaitGroup
		for range atOnce {
			calls.Go(func() { s.answer(c.persona, "", c.document, c.variables) })
		}
		calls.Wait()
		got = whole.Commands()
		if len(got) != atOnce*len(c.want) {
			t.Errorf("%s: %d at once send %d commands, want %d", c.name, atOnce, len(got), atOnce*len(c.want))
		}
	}
}

// ofRequests tells the commands of requests from those of the workers.
func ofRequests(ctx context.Context) bool { return gqlhttp.RequestIDFrom(ctx) != "" }

// fillFeed makes groups with published events, each with a date for which the member has
// signed up, and returns the dates. The last event is called "event".
func (s *stage) fillFeed(groups, events int) []string {
	s.t.Helper()
	must := func(persona, document string, variables vars, at string) string {
		got := s.answer(persona, "", document, variables)
		if got["errors"] != nil {
			s.t.Fatalf("%s: %v", document, got["errors"])
		}
		text, _ := valueAt(got["data"], at).(string)
		return text
	}
	var dates []string
	for g := range groups {
		organiser := []string{"leader", "other"}[g%2]
		group := must(organiser, `mutation ($n: String!) { createGroup(input: {name: $n, kind: HOUSING}) { group { id } } }`,
			vars{"n": fmt.Sprintf("Vej %d", g)}, "createGroup.group.id")
		for e := range events {
			s.names["event"] = must(organiser, `mutation ($in: CreateEventInput!) { createEvent(input: $in) { event { id } } }`,
				vars{"in": vars{"groupId": group, "title": "Fest", "capacity": 10,
					"startsAt": fmt.Sprintf("2027-06-%02dT18:00:00", e+1), "endsAt": fmt.Sprintf("2027-06-%02dT20:00:00", e+1)}}, "createEvent.event.id")
			date := must(organiser, `mutation ($e: ID!) { publishEvent(input: {eventId: $e}) { event { occurrences { edges { node { id } } } } } }`,
				vars{"e": "$event"}, "publishEvent.event.occurrences.edges.0.node.id")
			must("member", `mutation ($o: ID!) { attendEvent(input: {occurrenceId: $o}) { outcome { __typename } } }`, vars{"o": date}, "")
			dates = append(dates, date)
		}
	}
	return dates
}
