package main

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

// seriesNoun has the rows of events with many dates, and of single dates among them.
func seriesNoun() noun {
	return noun{
		name: "series", access: seriesAccess, crash: seriesCrash, badInputs: seriesBadInputs,
		notices: []noticeCase{
			{"EVENT_RESTORED", "member", func(r *crashRig) {
				r.arrange("leader", "restoreOccurrence", vars{"occurrenceId": r.offDate(vars{"capacity": 1}, "resident", "member")}, "occurrence { id }")
			}},
			{"SEAT_OFFERED", "resident", func(r *crashRig) {
				r.arrange("leader", "restoreOccurrence", vars{"occurrenceId": r.offDate(vars{"capacity": 1}, "resident", "member")}, "occurrence { id }")
			}},
			{"EVENT_CANCELLED", "resident", func(r *crashRig) { r.offDate(nil, "resident") }},
		},
		neverNull:     map[string]string{"OccurrenceOutcome.outcome": "what has become of it is known with the answer, as that of attendEvent is"},
		nothingToShow: map[string]string{"attendDates": "each outcome shows its date and its booking as attendEvent does"},
	}
}

var seriesAccess = []accessCall{
	does("attendDates of the MEMBERS group", `attendDates(input: {occurrenceIds: [$date]}) { outcomes { occurrence { id } } }`),
	does("attendDates of the HIDDEN group", `attendDates(input: {occurrenceIds: [$date, $hiddenDate]}) { outcomes { occurrence { id } } }`),
	does("cancelOccurrence of the MEMBERS group", `cancelOccurrence(input: {occurrenceId: $date}) { occurrence { id } }`),
	does("cancelOccurrence of the HIDDEN group", `cancelOccurrence(input: {occurrenceId: $hiddenDate}) { occurrence { id title } }`),
	does("cancelOccurrence DRAFT", `cancelOccurrence(input: {occurrenceId: $draftDate}) { occurrence { id } }`),
	does("restoreOccurrence of the MEMBERS group", `restoreOccurrence(input: {occurrenceId: $date}) { occurrence { id } }`),
	does("restoreOccurrence of the HIDDEN group", `restoreOccurrence(input: {occurrenceId: $hiddenDate}) { occurrence { id title } }`),
	does("copyEvent of the MEMBERS group", `copyEvent(input: {eventId: $event, startsAt: "2035-06-01T18:00:00"}) { event { id } }`),
	does("copyEvent of the HIDDEN group", `copyEvent(input: {eventId: $hiddenEvent, startsAt: "2035-06-01T18:00:00"}) { event { id } }`),
}

const (
	cancelOccurrenceDoc  = `mutation ($input: CancelOccurrenceInput!) { cancelOccurrence(input: $input) { occurrence { id } } }`
	restoreOccurrenceDoc = `mutation ($input: RestoreOccurrenceInput!) { restoreOccurrence(input: $input) { occurrence { id } } }`
)

var seriesBadInputs = []badInput{
	{"a rule without an end", "leader", createEventDoc, eventWith(vars{"recurrence": vars{"rule": "FREQ=WEEKLY"}}), "BAD_USER_INPUT", "input.recurrence.rule"},
	{"a rule of seconds", "leader", createEventDoc, eventWith(vars{"recurrence": vars{"rule": "FREQ=SECONDLY;COUNT=3"}}), "BAD_USER_INPUT", "input.recurrence.rule"},
	{"a rule of weeks of the year", "leader", createEventDoc, eventWith(vars{"recurrence": vars{"rule": "FREQ=YEARLY;BYWEEKNO=53;COUNT=2"}}), "BAD_USER_INPUT", "input.recurrence.rule"},
	{"a first date that the rule does not have", "leader", createEventDoc, eventWith(vars{"recurrence": vars{"rule": "FREQ=WEEKLY;BYDAY=WE;COUNT=3"}}), "BAD_USER_INPUT", "input.recurrence.rule"},
	{"more than 400 dates", "leader", createEventDoc, eventWith(vars{"recurrence": vars{"rule": "FREQ=DAILY;COUNT=401"}}), "BAD_USER_INPUT", "input.recurrence.rule"},
	{"a last date in three years", "leader", createEventDoc, eventWith(vars{"recurrence": vars{"rule": "FREQ=YEARLY;COUNT=4"}}), "BAD_USER_INPUT", "input.recurrence.rule"},
	{"signing up for a draft among others", "member", attendDatesDoc, vars{"occurrenceIds": []any{"$draftDate"}}, "NOT_FOUND", "input.occurrenceIds.0"},
	{"signing up for no date", "member", attendDatesDoc, vars{"occurrenceIds": []string{}}, "BAD_USER_INPUT", "input.occurrenceIds"},
	{"answering what no date asks", "member", attendDatesDoc, vars{"occurrenceIds": []any{"$date"}, "answers": []any{vars{"questionId": "q", "text": "a"}}}, "BAD_USER_INPUT", "input.answers.0.questionId"},
	{"a copy in the past", "leader", copyEventDoc, vars{"eventId": "$event", "startsAt": "2026-11-01T18:00:00"}, "BAD_USER_INPUT", "input.startsAt"},
	{"bringing back what takes place", "leader", restoreOccurrenceDoc, vars{"occurrenceId": "$date"}, "CONFLICT", ""},
	{"a reason as long as a book", "leader", cancelOccurrenceDoc, vars{"occurrenceId": "$date", "reason": strings.Repeat("x", 501)}, "BAD_USER_INPUT", "input.reason"},
}

// seriesWith makes an event happen three times, a week apart.
func seriesWith(more vars) vars {
	all := vars{"recurrence": vars{"rule": "FREQ=WEEKLY;COUNT=3"}}
	maps.Copy(all, more)
	return all
}

// againDate is the first date of a new published series; these people have signed up for it in that order.
func (r *crashRig) againDate(more vars, people ...string) string {
	return r.againDates(more, people...)[0]
}

func (r *crashRig) againDates(more vars, people ...string) []string {
	dates := r.firstDates(r.publishedEvent(r.group(nil, "member"), seriesWith(more)), 3)
	for _, p := range people {
		r.arrange(p, "attendEvent", vars{"occurrenceId": dates[0]}, "occurrence { id }")
	}
	return dates
}

// firstDates are so many dates of an event.
func (r *crashRig) firstDates(eventID string, n int) []string {
	r.t.Helper()
	got := r.ask("leader", fmt.Sprintf(`{ event(id: %q) { occurrences(first: %d) { edges { node { id } } } } }`, eventID, n))
	var dates []string
	for i := range n {
		dates = append(dates, got.text("event", "occurrences", "edges", i, "node", "id"))
	}
	return dates
}

// offDate is such a date, cancelled by itself.
func (r *crashRig) offDate(more vars, people ...string) string {
	date := r.againDate(more, people...)
	r.arrange("leader", "cancelOccurrence", vars{"occurrenceId": date}, "occurrence { id }")
	return date
}

const oneDate = `occurrence { id state startsAt cancelReason seatsLeft event { id version state next { id } } }`

var seriesCrash = []crashCase{
	{"copyEvent", func(r *crashRig) crashCall {
		return crashCall{"leader", "copyEvent", vars{"eventId": r.draft(r.group(nil), vars{"capacity": 3})}, eventFields}
	}},
	{"copyEvent that happens again", func(r *crashRig) crashCall {
		return crashCall{"leader", "copyEvent", vars{"eventId": r.draft(r.group(nil), seriesWith(nil))}, eventFields}
	}},
	{"attendDates", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		dates := []string{dateOf(r.publishedEvent(g, vars{"capacity": 3})), dateOf(r.publishedEvent(g, vars{"capacity": 1}))}
		r.arrange("other", "attendEvent", vars{"occurrenceId": dates[1]}, "occurrence { id }")
		return crashCall{"resident", "attendDates", vars{"occurrenceIds": dates, "guests": 0}, "outcomes { " + attendFields + " }"}
	}},
	{"attendDates of a series", func(r *crashRig) crashCall {
		return crashCall{"resident", "attendDates", vars{"occurrenceIds": r.againDates(vars{"capacity": 1}, "other"), "guests": 0}, "outcomes { " + attendFields + " }"}
	}},
	{"cancelOccurrence", func(r *crashRig) crashCall {
		return crashCall{"leader", "cancelOccurrence", vars{"occurrenceId": r.againDate(vars{"capacity": 3}, "resident"), "reason": "Regn"}, oneDate}
	}},
	{"cancelOccurrence with a line and an offer", func(r *crashRig) crashCall {
		date := r.againDate(vars{"capacity": 1}, "resident", "member", "other")
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": date}, "occurrence { id }")
		return crashCall{"leader", "cancelOccurrence", vars{"occurrenceId": date}, oneDate}
	}},
	{"cancelOccurrence of an event that happens once", func(r *crashRig) crashCall {
		return crashCall{"leader", "cancelOccurrence", vars{"occurrenceId": r.date(vars{"capacity": 3}, "resident")}, oneDate}
	}},
	{"restoreOccurrence", func(r *crashRig) crashCall {
		return crashCall{"leader", "restoreOccurrence", vars{"occurrenceId": r.offDate(vars{"capacity": 2}, "resident", "member", "other"), "reason": "Sol"}, oneDate}
	}},
	{"restoreOccurrence shortly before", func(r *crashRig) crashCall {
		soon := vars{"startsAt": crashStart.Add(8 * time.Hour).Format("2006-01-02T15:04:05"), "endsAt": crashStart.Add(10 * time.Hour).Format("2006-01-02T15:04:05")}
		return crashCall{"leader", "restoreOccurrence", vars{"occurrenceId": r.offDate(soon, "resident")}, oneDate}
	}},
}
