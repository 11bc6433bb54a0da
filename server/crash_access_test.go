package main

// crashAccess are mutations that end what is held for people.
var crashAccess = []crashCase{
	{"leaveGroup with a place held", func(r *crashRig) crashCall {
		g, _ := r.heldIn("resident", "member", "other")
		return crashCall{"resident", "leaveGroup", vars{"groupId": g}, "membership { id state }"}
	}},
	{"removeMember with an offer held", func(r *crashRig) crashCall {
		g, e := r.heldIn("resident", "member", "other")
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		return crashCall{"leader", "removeMember", vars{"groupId": g, "personId": crashPerson("member"), "ban": true}, "membership { id state }"}
	}},
	{"updateGroup with places held by others", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		e := r.publishedEvent(g, vars{"capacity": 1})
		for _, p := range []string{"resident", "member", "other"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		}
		return crashCall{"leader", "updateGroup", vars{"groupId": g, "visibility": "HIDDEN"}, "group { id visibility version }"}
	}},
	{"cancelEvent with a line and an offer", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil), vars{"capacity": 1})
		for _, p := range []string{"resident", "member", "other"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		}
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		return crashCall{"leader", "cancelEvent", vars{"eventId": e}, "event { id state }"}
	}},
	{"updateEvent that is smaller than a party in line", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil), vars{"capacity": 3})
		for i, p := range []string{"resident", "member", "other"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e), "guests": 2 * (i % 2)}, "occurrence { id }")
		}
		return crashCall{"leader", "updateEvent", vars{"eventId": e, "capacity": 1}, eventFields}
	}},
}

// heldIn is a group that only its members see, and its event with one seat: these
// members have signed up in that order.
func (r *crashRig) heldIn(people ...string) (groupID, eventID string) {
	groupID = r.group(nil, people...)
	r.arrange("leader", "updateGroup", vars{"groupId": groupID, "visibility": "MEMBERS"}, "group { id }")
	eventID = r.publishedEvent(groupID, vars{"capacity": 1})
	for _, p := range people {
		r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(eventID)}, "occurrence { id }")
	}
	return groupID, eventID
}
