package main

import (
	"slices"
	"strings"
	"time"
)

// meetingNoun has the rows of agendas, minutes and feedback.
func meetingNoun() noun {
	return noun{
		name: "meeting", access: meetingAccess, crash: meetingCrash, world: (*accessWorld).makeMeetings, badInputs: meetingBadInputs,
		secrets: []string{"item", "hiddenItem", "Punkt event", "Punkt hiddenEvent"},
		hidden:  []string{"hiddenItem", "Punkt hiddenEvent"},
		notices: []noticeCase{
			{"MINUTES_DUE", "leader", func(r *crashRig) { r.held("resident") }},
			{"FEEDBACK_ASKED", "resident", func(r *crashRig) { r.held("resident") }},
		},
		invariants: []invariant{crashState.checkFeedback},
		stored: map[string]enums{"agendas": {}, "minutes": {}, "feedback_answers": {}, "feedback_marks": {}, "feedback_results": {},
			"follow_ups": {}},
		questions: map[string]string{
			"agendas: items.proposedBy= | _id": "the agendas on which somebody has put an item",
			"minutes: eventId= | startsAt _id": "the latest minutes of an event",
			"minutes: writtenBy= | _id":        "the minutes that somebody has written",
			"feedback_answers: of= | _id":      "the answers to a date",
			"feedback_marks: personId= | _id":  "to what somebody has given feedback",
			"feedback_marks: until<":           "which marks are over",
			"follow_ups: at<":                  "which dates were followed up long ago",
		},
	}
}

var meetingAccess = []accessCall{
	asks("node of an item for members", `node(id: $item) { id }`, ""),
	asks("node of an item of a hidden group", `node(id: $hiddenItem) { id }`, ""),
	does("saveAgenda of the MEMBERS group", `saveAgenda(input: {eventId: $event, items: []}) { event { id } }`),
	does("saveAgenda of the HIDDEN group", `saveAgenda(input: {eventId: $hiddenEvent, items: []}) { event { id } }`),
	does("saveAgenda DRAFT", `saveAgenda(input: {eventId: $draft, items: []}) { event { id } }`),
	does("saveMinutes of the MEMBERS group", `saveMinutes(input: {occurrenceId: $date, text: "Vi valgte"}) { occurrence { id } }`),
	does("saveMinutes of the HIDDEN group", `saveMinutes(input: {occurrenceId: $hiddenDate, text: "Vi valgte"}) { occurrence { id } }`),
	does("giveFeedback of the MEMBERS group", `giveFeedback(input: {occurrenceId: $date, rating: 5}) { occurrence { id } }`),
	does("giveFeedback of the HIDDEN group", `giveFeedback(input: {occurrenceId: $hiddenDate, rating: 5}) { occurrence { id } }`),
}

func (w *accessWorld) makeMeetings() {
	for name, of := range map[string]string{"item": "event", "hiddenItem": "hiddenEvent"} {
		r := w.send("leader-1", `saveAgenda(input: {eventId: $`+of+`, items: [{text: "Punkt `+of+`"}]}) { event { agenda { id } } }`)
		w.ids[name] = r.text("saveAgenda", "event", "agenda", 0, "id")
	}
}

const (
	saveAgendaDoc   = `mutation ($input: SaveAgendaInput!) { saveAgenda(input: $input) { event { id } } }`
	saveMinutesDoc  = `mutation ($input: SaveMinutesInput!) { saveMinutes(input: $input) { occurrence { id } } }`
	giveFeedbackDoc = `mutation ($input: GiveFeedbackInput!) { giveFeedback(input: $input) { occurrence { id } } }`
)

var meetingBadInputs = []badInput{
	{"an agenda without words", "leader", saveAgendaDoc, vars{"eventId": "$event", "items": []vars{{"text": "Valg"}, {"text": " \n"}}}, "BAD_USER_INPUT", "input.items.1.text"},
	{"an item of nothing", "leader", saveAgendaDoc, vars{"eventId": "$event", "items": []vars{{"id": "$event", "text": "Valg"}}}, "BAD_ID", "input.items.0.id"},
	{"too many items", "leader", saveAgendaDoc, vars{"eventId": "$event", "items": slices.Repeat([]vars{{"text": "Punkt"}}, 51)}, "BAD_USER_INPUT", "input.items"},
	{"minutes of what has not begun", "leader", saveMinutesDoc, vars{"occurrenceId": "$date", "text": "Vi valgte"}, "CONFLICT", ""},
	{"minutes that are a book", "leader", saveMinutesDoc, vars{"occurrenceId": "$date", "text": strings.Repeat("a", 10_001)}, "BAD_USER_INPUT", "input.text"},
	{"feedback of no stars", "member", giveFeedbackDoc, vars{"occurrenceId": "$date", "rating": 0}, "BAD_USER_INPUT", "input.rating"},
	{"feedback to what is ahead", "member", giveFeedbackDoc, vars{"occurrenceId": "$date", "rating": 5}, "CONFLICT", ""},
	{"feedback to nothing", "member", giveFeedbackDoc, vars{"rating": 5}, "BAD_USER_INPUT", "input"},
	{"a link that is a program", "leader", createEventDoc, eventWith(vars{"place": vars{"onlineUrl": "javascript:alert(1)"}}), "BAD_USER_INPUT", "input.place.onlineUrl"},
	{"a category that nobody knows", "leader", createEventDoc, eventWith(vars{"category": "BINGO"}), "BAD_USER_INPUT", "input.category"},
}

const agendaFields = `event { id agendaVersion agenda { id text position proposedBy { id } } }`

var meetingCrash = []crashCase{
	{"saveAgenda", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil), nil)
		return crashCall{"leader", "saveAgenda", vars{"eventId": e, "items": []vars{{"text": "Valg"}, {"text": "Kaffe"}}}, agendaFields}
	}},
	{"saveAgenda again", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil), nil)
		first := r.arrange("leader", "saveAgenda", vars{"eventId": e, "items": []vars{{"text": "Valg"}, {"text": "Kaffe"}}}, agendaFields)
		kept := vars{"id": first.text("saveAgenda", "event", "agenda", 1, "id"), "text": "Kage"}
		return crashCall{"leader", "saveAgenda", vars{"eventId": e, "items": []vars{{"text": "Nyt"}, kept}, "expectedVersion": 1}, agendaFields}
	}},
	{"saveMinutes", func(r *crashRig) crashCall {
		return crashCall{"leader", "saveMinutes", vars{"occurrenceId": r.over("resident"), "text": "Vi valgte", "expectedVersion": 0},
			"occurrence { id minutes { text version writtenBy { id } } }"}
	}},
	{"giveFeedback", func(r *crashRig) crashCall {
		return crashCall{"resident", "giveFeedback", vars{"occurrenceId": r.over("resident"), "rating": 4, "text": "Hyggeligt"},
			"occurrence { id viewerMayGiveFeedback }"}
	}},
}

// over is a date that is over, to which somebody had signed up.
func (r *crashRig) over(who string) string {
	r.t.Helper()
	e := r.attendedBy(who)
	r.clock.Advance(time.Date(2030, 6, 1, 19, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
	return dateOf(e)
}

// held is a date that was over the day before, to which somebody had signed up, and what follows it.
func (r *crashRig) held(who string) {
	r.t.Helper()
	r.over(who)
	r.clock.Advance(24 * time.Hour)
	if err := r.process(r.db).Meetings.FollowUp(r.t.Context()); err != nil {
		r.t.Error(err)
	}
}

// checkFeedback checks that nothing joins an answer and a person, and that no mark is without an answer.
func (s crashState) checkFeedback(say complaint) {
	answers := map[any]int{}
	for _, a := range s["feedback_answers"] {
		answers[a["of"]]++
		for field, value := range a {
			if text, _ := value.(string); strings.HasPrefix(text, "per_") || value == nil {
				say("the answer %v says whose it is, or nothing: %s is %v", a["_id"], field, value)
			}
		}
	}
	for _, m := range s["feedback_marks"] {
		if answers[m["of"]]--; answers[m["of"]] < 0 {
			say("%v has given feedback to %v, and no answer is left", m["personId"], m["of"])
		}
	}
}
