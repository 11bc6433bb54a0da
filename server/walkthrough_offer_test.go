package main

import "testing"

// TestWalkThroughAnOffer follows "An offer accepted" in the README: one signs up with an answer, the next one waits without, is
// offered the seat when the first leaves, and accepts it with an answer.
func TestWalkThroughAnOffer(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	groupID := h.must("resident-1", `{ groups(filter: {kind: HOUSING}) { edges { node { id } } } }`, nil).text("groups", "edges", 0, "node", "id")
	dinner := h.must("leader-1", `mutation($g: ID!) { createEvent(input: {groupId: $g, title: "Madklub", startsAt: "2030-09-03T18:00:00", endsAt: "2030-09-03T20:00:00",
		capacity: 1, signUp: {questions: [{text: "Hvornår vil du spise?", kind: CHOICE, options: ["Kl. 18", "Kl. 19"], isRequired: true}]}}) { event { id } } }`,
		vars{"g": groupID}).text("createEvent", "event", "id")
	h.must("leader-1", `mutation($e: ID!) { publishEvent(input: {eventId: $e}) { event { state } } }`, vars{"e": dinner})
	page := h.must("leader-1", `query($e: ID!) { event(id: $e) { signUp { questions { id } } occurrences { edges { node { id } } } } }`, vars{"e": dinner})
	table := page.text("event", "occurrences", "edges", 0, "node", "id")
	answers := []vars{{"questionId": page.text("event", "signUp", "questions", 0, "id"), "choices": []string{"Kl. 19"}}}
	attend := `mutation($in: AttendEventInput!) { attendEvent(input: $in) { outcome { __typename ... on WaitlistJoined { position booking { id } } } } }`
	missing := h.do("resident-1", attend, vars{"in": vars{"occurrenceId": table}})
	wantMissing(t, missing)
	if got := h.must("resident-1", attend, vars{"in": vars{"occurrenceId": table, "answers": answers}}).text("attendEvent", "outcome", "__typename"); got != "BookingConfirmed" {
		t.Fatalf("with an answer: %s", got)
	}
	waits := h.must("resident-2", attend, vars{"in": vars{"occurrenceId": table}})
	if waits.at("attendEvent", "outcome", "position") != float64(1) {
		t.Fatalf("the next one: %+v", waits.Data)
	}
	place := waits.text("attendEvent", "outcome", "booking", "id")
	h.must("resident-1", `mutation($o: ID!) { cancelAttendance(input: {occurrenceId: $o}) { occurrence { seatsLeft } } }`, vars{"o": table})
	h.waitForPush("demo-phone-resident-2", "Der er en plads til dig: Madklub")
	accept := `mutation($in: OfferInput!) { acceptOffer(input: $in) { booking { state answers { choices } } } }`
	wantMissing(t, h.do("resident-2", accept, vars{"in": vars{"bookingId": place}}))
	accepted := h.must("resident-2", accept, vars{"in": vars{"bookingId": place, "answers": answers}})
	if accepted.text("acceptOffer", "booking", "state") != "CONFIRMED" || accepted.text("acceptOffer", "booking", "answers", 0, "choices", 0) != "Kl. 19" {
		t.Errorf("accepted: %+v", accepted.Data)
	}
	list := h.must("leader-1", `query($o: ID!) { node(id: $o) { ... on Occurrence { attendances { edges { node { person { displayName } answers { choices } } } } } } }`, vars{"o": table})
	if got := list.text("node", "attendances", "edges", 0, "node", "answers", 0, "choices", 0); got != "Kl. 19" {
		t.Errorf("the leader sees %q", got)
	}
}

func wantMissing(t *testing.T, got reply) {
	t.Helper()
	if got.code() != "BAD_USER_INPUT" || got.Errors[0].Extensions.Field != "input.answers" {
		t.Errorf("without an answer: %+v", got)
	}
}
