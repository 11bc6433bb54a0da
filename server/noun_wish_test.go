package main

import (
	"strings"
	"time"
)

// wishNoun has the rows of wishes for courses.
func wishNoun() noun {
	return noun{
		name: "wish", access: wishAccess, crash: wishCrash, world: (*accessWorld).makeWishes, badInputs: wishBadInputs, secrets: []string{"wish"},
		notices: []noticeCase{{"WISH_ANSWERED", "resident", func(r *crashRig) {
			w := r.wish("resident", "Knob og stik")
			r.arrange("staff", "answerWish", vars{"wishIds": []string{w}, "text": "Det kommer til foråret."}, "count")
		}}},
		can: func() map[string]canType { return map[string]canType{"Wish": canWish()} },
		nudges: map[string]nudge{
			"Wish": {"course_wishes", vars{"reply": "Nyt"}, "reply", "Nyt"},
		},
		nothingToShow: map[string]string{
			"mergeWishes": "it shows how many people are behind what has become of the wishes, which is counted anew each time",
		},
		invariants: []invariant{crashState.checkWishes},
		stored:     map[string]enums{"course_wishes": {"state": "WishState"}, "wish_decisions": {}},
		questions: map[string]string{
			"course_wishes: personId= | wishedAt _id":                  "the wishes of somebody",
			"course_wishes: state= areaId=":                            "how many people wish for the same in an area",
			"course_wishes: topic= state= | _id":                       "the open wishes of a topic",
			"course_wishes: courseId= state= personId> | personId _id": "whose wishes a course answered",
			"course_wishes: forgetAt<":                                 "which wishes are to be forgotten",
			"persons: homeAreaId= skillsWanted=":                       "how many people of an area want a skill",
			"wish_decisions: moves.from= at> | at _id":                 "what a topic was merged into",
		},
	}
}

const tryWish = `{ wish { id } }`

func canWish() canType {
	in := func(state string) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			w := r.wish("resident", "Knob og stik")
			if state != "OPEN" {
				r.set("course_wishes", w, vars{"state": state})
			}
			return canThing{id: w}
		}
	}
	who := []string{"", "resident", "member", "staff"}
	return canType{
		tries: map[string][]canTry{"WITHDRAW": {{body: `withdrawWish(input: {wishId: $id}) ` + tryWish}}},
		cases: []canCase{{"open", in("OPEN"), who}, {"answered", in("ANSWERED"), who}, {"withdrawn", in("WITHDRAWN"), who}, {"fulfilled", in("FULFILLED"), who}},
	}
}

var wishAccess = []accessCall{
	asks("wishes", `wishes { count }`, ""),
	asks("node of a wish", `node(id: $wish) { id }`, ""),
	does("wishForCourse", `wishForCourse(input: {text: "Noget helt andet"}) { wish { id } }`),
	does("withdrawWish", `withdrawWish(input: {wishId: $wish}) { wish { id } }`),
	does("mergeWishes", `mergeWishes(input: {wishIds: [$wish], text: "Knuder"}) { wishes { count } }`),
	does("answerWish", `answerWish(input: {wishIds: [$wish], text: "Til foråret"}) { count }`),
}

func (w *accessWorld) makeWishes() {
	w.ids["wish"] = w.send("resident-1", `wishForCourse(input: {text: "Knob og stik"}) { wish { id } }`).text("wishForCourse", "wish", "id")
}

const (
	wishDoc   = `mutation ($input: WishForCourseInput!) { wishForCourse(input: $input) { wish { id } } }`
	answerDoc = `mutation ($input: AnswerWishInput!) { answerWish(input: $input) { count } }`
	mergeDoc  = `mutation ($input: MergeWishesInput!) { mergeWishes(input: $input) { wishes { count } } }`
)

var wishBadInputs = []badInput{
	{"a wish of one letter", "member", wishDoc, vars{"text": "x"}, "BAD_USER_INPUT", "input.text"},
	{"a wish that is a letter", "member", wishDoc, vars{"text": strings.Repeat("a", 121)}, "BAD_USER_INPUT", "input.text"},
	{"a wish with a telephone number", "member", wishDoc, vars{"text": "Knob, ring 20 30 40 50"}, "BAD_USER_INPUT", "input.text"},
	{"a wish with a personal number", "member", wishDoc, vars{"text": "Knob 010190-1234"}, "BAD_USER_INPUT", "input.text"},
	{"a wish with an address", "member", wishDoc, vars{"text": "Knob, skriv til a@b.dk"}, "BAD_USER_INPUT", "input.text"},
	{"a wish with a page", "member", wishDoc, vars{"text": "Som på www.knob.dk"}, "BAD_USER_INPUT", "input.text"},
	{"a wish that names somebody", "member", wishDoc, vars{"text": "Knob med Lone Madsen"}, "BAD_USER_INPUT", "input.text"},
	{"a merge that names somebody", "staff", mergeDoc, vars{"wishIds": []string{"wtp_01h00000000000000000000000"}, "text": "Knob hos Karen"}, "BAD_USER_INPUT", "input.text"},
	{"an answer to nothing", "staff", answerDoc, vars{"wishIds": []string{}, "text": "Ja"}, "BAD_USER_INPUT", "input.wishIds"},
	{"an answer that is none", "staff", answerDoc, vars{"wishIds": []string{"wtp_01h00000000000000000000000"}}, "BAD_USER_INPUT", "input.courseId"},
	{"an answer that is two", "staff", answerDoc, vars{"wishIds": []string{"wtp_01h00000000000000000000000"}, "text": "Ja", "courseId": "crs_01h00000000000000000000000"}, "BAD_USER_INPUT", "input.text"},
}

const wishFields = "wish { id text state reply area { id } viewerCan }"

var wishCrash = []crashCase{
	{"wishForCourse", func(r *crashRig) crashCall {
		r.wish("other", "knob og STIK")
		return crashCall{"resident", "wishForCourse", vars{"text": "Knob og stik", "areaId": crashArea}, wishFields}
	}},
	{"wishForCourse again", func(r *crashRig) crashCall {
		r.arrange("resident", "withdrawWish", vars{"wishId": r.wish("resident", "Knob og stik")}, "wish { id }")
		return crashCall{"resident", "wishForCourse", vars{"text": "Knob og stik", "areaId": crashArea}, wishFields}
	}},
	{"withdrawWish", func(r *crashRig) crashCall {
		return crashCall{"resident", "withdrawWish", vars{"wishId": r.wish("resident", "Knob og stik")}, wishFields}
	}},
	{"mergeWishes", func(r *crashRig) crashCall {
		a, b := r.wish("resident", "Knob og stik"), r.wish("other", "Knuder")
		r.wish("resident", "Knuder")
		return crashCall{"staff", "mergeWishes", vars{"wishIds": []string{a, b}, "text": "Knob"}, "wishes { text count area { id } }"}
	}},
	{"answerWish", func(r *crashRig) crashCall {
		w := r.wish("resident", "Knob og stik")
		r.wish("other", "Knob og stik")
		return crashCall{"staff", "answerWish", vars{"wishIds": []string{w}, "courseId": r.course(3)}, "count course { id }"}
	}},
	{"answerWish by a text", func(r *crashRig) crashCall {
		w := r.wish("resident", "Knob og stik")
		r.wish("other", "Knob og stik")
		return crashCall{"staff", "answerWish", vars{"wishIds": []string{w}, "text": "Til foråret"}, "count course { id }"}
	}},
	{"publishCourse that answers a wish", func(r *crashRig) crashCall {
		c := r.draftCourse(3)
		r.arrange("other", "completeProfile", vars{"homeAreaId": crashArea}, "person { id }")
		r.arrange("staff", "answerWish", vars{"wishIds": []string{r.wish("resident", "Knob og stik")}, "courseId": c}, "count")
		return crashCall{"staff", "publishCourse", vars{"courseId": c, "headStartHours": 24}, courseFields}
	}},
}

// wish is an open wish of somebody.
func (r *crashRig) wish(who, words string) string {
	return r.arrange(who, "wishForCourse", vars{"text": words, "areaId": crashArea}, "wish { id }").text("wishForCourse", "wish", "id")
}

// checkWishes checks that wishes of the same words and area are one topic, that an answered wish has its answer, and that
// no open one waits for a course.
func (s crashState) checkWishes(say complaint) {
	words := map[any]any{}
	for _, w := range s["course_wishes"] {
		course, reply := w["courseId"] != "" && w["courseId"] != nil, w["reply"] != nil
		switch w["state"] {
		case "ANSWERED", "FULFILLED":
			if course == reply {
				say("the wish %v is answered by a course: %t, and by a text: %t", w["_id"], course, reply)
			}
		case "OPEN":
			if course || reply {
				say("the open wish %v has an answer", w["_id"])
			}
			if other := words[w["topic"]]; other != nil && other != w["words"] {
				say("the topic %v is called %v and %v", w["topic"], other, w["words"])
			}
			words[w["topic"]] = w["words"]
		}
		if at, isThere := w["wishedAt"].(time.Time); isThere && at.IsZero() {
			say("the wish %v has no time", w["_id"])
		}
	}
}
