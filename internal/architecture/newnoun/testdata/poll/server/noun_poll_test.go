package main

func pollNoun() noun {
	return noun{
		name: "poll",
		access: []accessCall{
			asks("poll", `poll(id: $poll) { id question group { id } }`, ""),
			asks("node of a poll", `node(id: $poll) { id }`, ""),
			does("openPoll", `openPoll(input: {groupId: $members, question: "Kaffe?"}) { poll { id } }`),
		},
		world: func(w *accessWorld) {
			w.ids["poll"] = w.send("leader-1", `openPoll(input: {groupId: $members, question: "Kaffe?"}) { poll { id } }`).text("openPoll", "poll", "id")
		},
		crash: []crashCase{{"openPoll", func(r *crashRig) crashCall {
			return crashCall{"leader", "openPoll", vars{"groupId": r.group(nil, "member"), "question": "Kaffe?"}, "poll { id question }"}
		}}},
		notices: []noticeCase{{"POLL_OPENED", "member", func(r *crashRig) {
			r.arrange("leader", "openPoll", vars{"groupId": r.group(nil, "member"), "question": "Kaffe?"}, "poll { id }")
		}}},
		nudges:    map[string]nudge{"Poll": {"polls", vars{"question": "Te?"}, "question", "Te?"}},
		stored:    map[string]enums{"polls": {}},
		questions: map[string]string{"polls: asker=": "what somebody has asked who is erased"},
	}
}
