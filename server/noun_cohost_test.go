package main

// coHostNoun has the rows of groups that host an event together.
func coHostNoun() noun {
	return noun{
		name: "cohost", access: coHostAccess, crash: coHostCrash, badInputs: coHostBadInputs, world: (*accessWorld).makeCoHosts,
		notices: []noticeCase{
			{"EVENT_CO_HOST_INVITED", "member", func(r *crashRig) { r.asked() }},
			{"EVENT_CO_HOST_ACCEPTED", "leader", func(r *crashRig) {
				e, g := r.asked()
				r.arrange("member", "acceptCoHosting", vars{"eventId": e, "groupId": g}, "event { id }")
			}},
			{"EVENT_CO_HOST_ENDED", "leader", func(r *crashRig) {
				e, g := r.asked()
				r.arrange("member", "declineCoHosting", vars{"eventId": e, "groupId": g}, "event { id }")
			}},
		},
		nothingToShow: map[string]string{"declineCoHosting": "whoever declines sees nothing of an event that their group does not host"},
		questions: map[string]string{
			"events: coGroupIds= state= openTo= | startsAt _id": "the coming events that a group hosts with others",
			"events: coAreaIds= state= openTo= | startsAt _id":  "those of an area that groups of other areas host too",
			"occurrences: coGroupIds= startsAt> | startsAt _id": "the coming dates that a group hosts with others",
		},
	}
}

// makeCoHosts asks another group to host the draft.
func (w *accessWorld) makeCoHosts() {
	w.send("leader-1", `inviteCoHost(input: {eventId: $draft, groupId: $ask}) { event { id } }`)
}

var coHostAccess = []accessCall{
	asks("node of an event: groups", `node(id: $event) { ... on Event { groups { id } } }`, "node.groups"),
	asks("node of a draft: invitedGroups", `node(id: $draft) { ... on Event { invitedGroups { id } } }`, "node.invitedGroups"),
	does("inviteCoHost", `inviteCoHost(input: {eventId: $event, groupId: $ask}) { event { id } }`),
	does("inviteCoHost of the HIDDEN group", `inviteCoHost(input: {eventId: $hiddenEvent, groupId: $hidden}) { event { id } }`),
	does("inviteCoHost to the HIDDEN event", `inviteCoHost(input: {eventId: $hiddenEvent, groupId: $ask}) { event { id } }`),
	does("acceptCoHosting", `acceptCoHosting(input: {eventId: $draft, groupId: $ask}) { event { id } }`),
	does("acceptCoHosting that was not asked", `acceptCoHosting(input: {eventId: $event, groupId: $ask}) { event { id } }`),
	does("declineCoHosting", `declineCoHosting(input: {eventId: $draft, groupId: $ask}) { event { id } }`),
	does("removeCoHost", `removeCoHost(input: {eventId: $draft, groupId: $ask}) { event { id } }`),
	does("removeCoHost that is none", `removeCoHost(input: {eventId: $event, groupId: $ask}) { event { id } }`),
}

const inviteDoc = `mutation ($input: InviteCoHostInput!) { inviteCoHost(input: $input) { event { id } } }`

const acceptHostingDoc = `mutation ($input: AcceptCoHostingInput!) { acceptCoHosting(input: $input) { event { id } } }`

const declineHostingDoc = `mutation ($input: DeclineCoHostingInput!) { declineCoHosting(input: $input) { event { id } } }`

const removeHostDoc = `mutation ($input: RemoveCoHostInput!) { removeCoHost(input: $input) { event { id } } }`

var coHostBadInputs = []badInput{
	{"asking a group that is none", "leader", inviteDoc, vars{"eventId": "$event", "groupId": "$unknown.grp"}, "NOT_FOUND", "input.groupId"},
	{"asking an id that is no group's", "leader", inviteDoc, vars{"eventId": "$event", "groupId": "$event"}, "BAD_ID", "input.groupId"},
	{"hosting an event that is none", "leader", acceptHostingDoc, vars{"eventId": "$unknown.evt", "groupId": "$group"}, "NOT_FOUND", ""},
	{"agreeing without being asked", "leader", acceptHostingDoc, vars{"eventId": "$event", "groupId": "$unknown.grp"}, "NOT_FOUND", "input.groupId"},
	{"declining without being asked", "leader", declineHostingDoc, vars{"eventId": "$event", "groupId": "$unknown.grp"}, "NOT_FOUND", "input.groupId"},
	{"taking out a group that does not host it", "leader", removeHostDoc, vars{"eventId": "$event", "groupId": "$unknown.grp"}, "NOT_FOUND", "input.groupId"},
	{"asking groups to host what is cancelled", "leader", inviteDoc, vars{"eventId": "$cancelled", "groupId": "$unknown.grp"}, "CONFLICT", ""},
}

// Bookings of people who may no longer see the event end a moment later, so that nothing is asked that tells of it.
const leftFields = `event { id state version groups { id } invitedGroups { id } }`

const hostFields = `event { id state version groups { id } invitedGroups { id } occurrences { edges { node { id state seatsLeft viewerBooking { state } } } } }`

// ofMembers is a new group for members that this person leads; these members join.
func (r *crashRig) ofMembers(leader string, members ...string) string {
	g := r.arrange(leader, "createGroup", vars{"name": "Værkstedet", "kind": "ASSOCIATION", "areaId": crashArea, "visibility": "MEMBERS"}, "group { id }").
		text("createGroup", "group", "id")
	for _, m := range members {
		r.arrange(m, "joinGroup", vars{"groupId": g}, "group { id }")
	}
	return g
}

// asked is a published event for the leader's members alone that another group, which a member leads, is asked to host.
func (r *crashRig) asked(members ...string) (eventID, groupID string) {
	eventID, groupID = r.publishedEvent(r.ofMembers("leader"), vars{"capacity": 2}), r.ofMembers("member", members...)
	r.arrange("leader", "inviteCoHost", vars{"eventId": eventID, "groupId": groupID}, "event { id }")
	return eventID, groupID
}

// hosted is such an event after the other group has agreed; these people of that group have signed up.
func (r *crashRig) hosted(members ...string) (eventID, groupID string) {
	eventID, groupID = r.asked(members...)
	r.arrange("member", "acceptCoHosting", vars{"eventId": eventID, "groupId": groupID}, "event { id }")
	for _, m := range members {
		r.arrange(m, "attendEvent", vars{"occurrenceId": dateOf(eventID)}, "occurrence { id }")
	}
	return eventID, groupID
}

var coHostCrash = []crashCase{
	{"inviteCoHost", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.ofMembers("leader"), nil)
		return crashCall{"leader", "inviteCoHost", vars{"eventId": e, "groupId": r.ofMembers("member")}, hostFields}
	}},
	{"acceptCoHosting", func(r *crashRig) crashCall {
		e, g := r.asked("resident", "other")
		return crashCall{"member", "acceptCoHosting", vars{"eventId": e, "groupId": g}, hostFields}
	}},
	{"declineCoHosting", func(r *crashRig) crashCall {
		e, g := r.asked()
		return crashCall{"member", "declineCoHosting", vars{"eventId": e, "groupId": g}, "event { id }"}
	}},
	{"removeCoHost", func(r *crashRig) crashCall {
		e, g := r.hosted("resident", "other", "co-leader")
		return crashCall{"leader", "removeCoHost", vars{"eventId": e, "groupId": g}, leftFields}
	}},
	{"removeCoHost by itself", func(r *crashRig) crashCall {
		e, g := r.hosted("resident")
		return crashCall{"member", "removeCoHost", vars{"eventId": e, "groupId": g}, "event { id }"}
	}},
	{"publishEvent of two groups", func(r *crashRig) crashCall {
		e, g := r.draft(r.ofMembers("leader", "other"), nil), r.ofMembers("member", "other", "resident")
		r.arrange("leader", "inviteCoHost", vars{"eventId": e, "groupId": g}, "event { id }")
		r.arrange("member", "acceptCoHosting", vars{"eventId": e, "groupId": g}, "event { id }")
		return crashCall{"leader", "publishEvent", vars{"eventId": e}, hostFields}
	}},
}

// canCoHosts are events that other groups host or are asked to, for the people of both groups.
func canCoHosts() []canCase {
	everybody := []string{"", "leader", "member", "resident", "co-leader", "other"}
	with := func(state string, make func(r *crashRig) (eventID, groupID string)) canCase {
		return canCase{state, func(r *crashRig) canThing {
			e, g := make(r)
			return canThing{id: e, ids: map[string]string{"host": g, "another": r.ofMembers("other")}}
		}, everybody}
	}
	return []canCase{
		with("another group is asked", func(r *crashRig) (string, string) { return r.asked("resident") }),
		with("another group hosts it", func(r *crashRig) (string, string) { return r.hosted("resident") }),
		with("another group hosts what is cancelled", func(r *crashRig) (string, string) {
			e, g := r.hosted("resident")
			r.arrange("leader", "cancelEvent", vars{"eventId": e}, "event { id }")
			return e, g
		}),
		with("another group is asked to host what is cancelled", func(r *crashRig) (string, string) {
			e, g := r.asked("resident")
			r.arrange("leader", "cancelEvent", vars{"eventId": e}, "event { id }")
			return e, g
		}),
		with("another group is asked to host a draft", func(r *crashRig) (string, string) {
			e, g := r.draft(r.ofMembers("leader", "co-leader"), nil), r.ofMembers("member", "resident")
			r.arrange("leader", "inviteCoHost", vars{"eventId": e, "groupId": g}, "event { id }")
			return e, g
		}),
	}
}

// withHosts gives the other cases groups that host nothing.
func withHosts(cases []canCase) []canCase {
	for i, c := range cases {
		cases[i].make = func(r *crashRig) canThing {
			thing := c.make(r)
			thing.ids = map[string]string{"host": r.ofMembers("other"), "another": r.ofMembers("other")}
			return thing
		}
	}
	return append(cases, canCoHosts()...)
}

// canHostTries are the ways of doing what the actions on the groups offer.
var canHostTries = map[string][]canTry{
	"INVITE_CO_HOST": {{body: `inviteCoHost(input: {eventId: $id, groupId: $another}) { event { id } }`}},
	"ANSWER_CO_HOSTING": {{body: `acceptCoHosting(input: {eventId: $id, groupId: $host}) { event { id } }`},
		{body: `declineCoHosting(input: {eventId: $id, groupId: $host}) { event { id } }`}},
	"REMOVE_CO_HOST": {{body: `removeCoHost(input: {eventId: $id, groupId: $host}) { event { id } }`}},
}
