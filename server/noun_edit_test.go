package main

import (
	"encoding/json"
	"maps"
)

// editNoun has the rows of edits of series; the rows of updateEvent stand with those of events.
func editNoun() noun {
	return noun{
		name: "edit", access: editAccess, world: (*accessWorld).makeSeries,
		badInputs: []badInput{
			{"a preview without a scope", "leader", previewEditDoc, vars{"eventId": "$weekly", "title": "Andet"}, "BAD_USER_INPUT", "input.scope"},
			{"a preview of a date of another event", "leader", previewEditDoc, vars{"eventId": "$weekly", "scope": "THIS", "occurrenceId": "$date", "title": "Andet"}, "NOT_FOUND", "input.occurrenceId"},
			{"a preview of an old version", "leader", previewEditDoc, vars{"eventId": "$weekly", "scope": "ALL", "expectedVersion": 1, "title": "Andet"}, "VERSION_CONFLICT", "input.expectedVersion"},
			{"a preview of too many dates", "leader", previewEditDoc, vars{"eventId": "$weekly", "scope": "ALL", "recurrence": vars{"rule": "FREQ=DAILY;COUNT=401"}}, "BAD_USER_INPUT", "input.recurrence.rule"},
		},
	}
}

const (
	previewEditDoc = `query ($input: UpdateEventInput!) { previewEventEdit(input: $input) { planToken } }`
	previewFields  = `{ kept moved added removed cancelled peopleTold dates { before after people what } }`
)

var editAccess = []accessCall{
	asks("previewEventEdit of the MEMBERS group", `previewEventEdit(input: {eventId: $event, title: "Ny"}) `+previewFields, ""),
	asks("previewEventEdit of the HIDDEN group", `previewEventEdit(input: {eventId: $hiddenEvent, title: "Ny"}) `+previewFields, ""),
	asks("previewEventEdit DRAFT", `previewEventEdit(input: {eventId: $draft, title: "Ny"}) `+previewFields, ""),
	asks("previewEventEdit THIS", `previewEventEdit(input: {eventId: $weekly, scope: THIS, occurrenceId: $secondDate, title: "Ny"}) `+previewFields, ""),
	asks("previewEventEdit THIS_AND_FOLLOWING", `previewEventEdit(input: {eventId: $weekly, scope: THIS_AND_FOLLOWING, occurrenceId: $secondDate, title: "Ny"}) `+previewFields, ""),
	asks("previewEventEdit ALL", `previewEventEdit(input: {eventId: $weekly, scope: ALL, title: "Ny"}) `+previewFields, ""),
}

// makeSeries makes a series that nobody has booked in the group for members.
func (w *accessWorld) makeSeries() {
	r := w.send("leader-1", `createEvent(input: {groupId: $members, title: "Festen weekly", startsAt: "2035-06-05T18:00:00", endsAt: "2035-06-05T20:00:00", recurrence: {rule: "FREQ=WEEKLY;COUNT=3"}})
		{ event { id occurrences { edges { node { id } } } } }`)
	w.ids["weekly"] = r.text("createEvent", "event", "id")
	w.ids["secondDate"] = r.text("createEvent", "event", "occurrences", "edges", 1, "node", "id")
	w.send("leader-1", `publishEvent(input: {eventId: $weekly}) { event { id } }`)
}

// edit is an edit, by the plan that a preview has shown, of a series on the Saturdays of June, to whose second date
// somebody comes, unless the input names another one.
func (r *crashRig) edit(scope string, in vars) crashCall {
	eventID := r.draft(r.group(nil, "member"), vars{"recurrence": vars{"rule": "FREQ=WEEKLY;COUNT=4"}})
	r.arrange("leader", "publishEvent", vars{"eventId": eventID}, "event { id }")
	input := vars{"eventId": eventID, "scope": scope, "occurrenceId": r.dateAt(eventID, 1)}
	r.arrange("resident", "attendEvent", vars{"occurrenceId": input["occurrenceId"]}, "occurrence { id }")
	maps.Copy(input, in)
	data, problems := r.post(r.process(r.db), "leader", previewEditDoc, input)
	var shown struct{ PreviewEventEdit struct{ PlanToken string } }
	if err := json.Unmarshal(data, &shown); err != nil || len(problems) > 0 {
		r.t.Fatalf("preview: %v, %v", problems, err)
	}
	input["planToken"] = shown.PreviewEventEdit.PlanToken
	const dates = `occurrences { edges { node { id state title startsAt } } }`
	return crashCall{"leader", "updateEvent", input, `event { id title version continuedBy { id } ` + dates + ` } followingEvent { id title continues { id } ` + dates + ` }`}
}

// dateAt is the date of an event at a place of the list of its dates.
func (r *crashRig) dateAt(eventID string, i int) string {
	data, problems := r.post(r.process(r.db), "leader", `query ($input: UpdateEventInput!) { event(id: "`+eventID+`") { occurrences { edges { node { id } } } } previewEventEdit(input: $input) { planToken } }`,
		vars{"eventId": eventID, "scope": "ALL", "title": "Fest"})
	var shown reply
	if err := json.Unmarshal(data, &shown.Data); err != nil || len(problems) > 0 {
		r.t.Fatalf("dates: %v, %v", problems, err)
	}
	return shown.text("event", "occurrences", "edges", i, "node", "id")
}
