package main

import (
	"fmt"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
)

// These cases are about who people are: what they hold by office, for how long, and what they are
// to a group besides.

// office gives somebody a role in the whole system or a capability, whatever rules say. A zero time
// is no end.
func (r *crashRig) office(who string, role auth.Role, c auth.Capability, ends time.Time) {
	r.t.Helper()
	if role != "" {
		r.set("persons", crashPerson(who), vars{"roles": []auth.Role{role}})
		return
	}
	grant := auth.CapabilityGrant{Capability: c}
	if !ends.IsZero() {
		grant.ExpiresAt = &ends
	}
	r.set("persons", crashPerson(who), vars{"capabilities": []auth.CapabilityGrant{grant}})
}

// offices gives "other" a capability, "co-leader" one that has ended, "leader" one that ends in a
// moment, and makes "member" a politician. They are people without any other office.
func (r *crashRig) offices(c auth.Capability) []string {
	r.office("other", "", c, time.Time{})
	r.office("co-leader", "", c, r.clock.Now())
	r.office("leader", "", c, r.clock.Now().Add(time.Second))
	r.office("member", auth.RolePolitician, "", time.Time{})
	return officers
}

var officers = []string{"other", "co-leader", "leader", "member"}

// in gives somebody a role of a group, which may end; the person's copy says so too.
func (r *crashRig) in(groupID, who, role string, permissions []group.Permission, ends time.Time) {
	r.t.Helper()
	grant, held := auth.Grant{May: group.Bits([]group.Permission{group.Post})}, group.Holding{Key: role}
	if ends.IsZero() {
		grant.May |= group.Bits(permissions)
	} else {
		grant.Until, held.EndsAt = []auth.Until{{May: group.Bits(permissions), At: ends}}, &ends
	}
	r.setMembership(groupID, who, vars{"roles": []group.Holding{held}})
	r.set("persons", crashPerson(who), vars{"groups." + groupID + ".may": grant.May, "groups." + groupID + ".until": grant.Until})
}

func (r *crashRig) setMembership(groupID, who string, fields vars) {
	r.t.Helper()
	mine := vars{"_id": id.Pair(groupID, crashPerson(who)), "groupId": groupID}
	if _, err := r.db.Collection("group_memberships").UpdateOne(r.t.Context(), mine, vars{"$set": fields}); err != nil {
		r.t.Fatal(err)
	}
}

// canCoursePeople are the cases of courses that are about offices and about the very moment.
func canCoursePeople(enrol func(r *crashRig, courseID string) canThing, day time.Time) []canCase {
	cases := []canCase{}
	for name, when := range map[string]time.Time{"ahead": {}, "at the start": day, "at the end": day.Add(2 * time.Hour), "a moment before attendance": day.Add(-2*time.Hour - time.Second)} {
		cases = append(cases, canCase{name + ", for people with and without an office", func(r *crashRig) canThing {
			thing := enrol(r, r.course(3, "resident"))
			if !when.IsZero() {
				r.later(when.Sub(r.clock.Now()))
			}
			r.offices(auth.CapabilityCourses)
			return thing
		}, officers})
	}
	for _, state := range []string{"CANCELLED", "COMPLETED"} {
		cases = append(cases, canCase{state + ", without seats", func(r *crashRig) canThing {
			c := r.course(3, "member")
			r.set("courses", c, vars{"capacity": 0, "seatsLeft": -1, "state": state})
			return enrol(r, c)
		}, []string{"", "resident", "member", "staff"}})
	}
	return cases
}

// canEventPeople are the cases of events that are about roles in the group.
func canEventPeople(thing func(eventID string) canThing) []canCase {
	starts := time.Date(2030, 6, 1, 16, 0, 0, 0, time.UTC)
	cases := []canCase{}
	for name, when := range map[string]time.Time{"ahead": {}, "at the start": starts} {
		for _, visibility := range []string{"PUBLIC", "HIDDEN"} {
			for _, draft := range []bool{false, true} {
				cases = append(cases, canCase{fmt.Sprintf("%s, %s, a draft: %t, for people with roles", name, visibility, draft), func(r *crashRig) canThing {
					g := r.group(nil, "member", "co-leader", "other", "staff-2")
					e := r.draft(g, nil)
					if !draft {
						r.arrange("leader", "publishEvent", vars{"eventId": e}, "event { id }")
					}
					r.arrange("leader", "updateGroup", vars{"groupId": g, "visibility": visibility}, "group { id }")
					r.inState(g, "resident", group.StateInvited)
					r.inState(g, "admin-2", group.StateBanned)
					if !when.IsZero() {
						r.later(when.Sub(r.clock.Now()))
					}
					r.in(g, "member", "ORGANISER", wellKnownPermissions[0].permissions, r.clock.Now())
					r.in(g, "co-leader", "ORGANISER", wellKnownPermissions[0].permissions, r.clock.Now().Add(time.Second))
					r.in(g, "other", "ORGANISER", []group.Permission{group.CheckIn}, time.Time{})
					return thing(e)
				}, []string{"", "resident", "member", "co-leader", "other", "staff-2", "admin-2", "leader"}})
			}
		}
	}
	return cases
}

// canBookingPeople are the cases of bookings of other people, and of a person who was banned since.
func canBookingPeople(things map[string]func(r *crashRig) string) []canCase {
	cases := []canCase{}
	for name, make := range things {
		for _, state := range booking.States[1:] {
			if state == booking.PendingApproval && name == "a date for members" {
				continue // it ends, since the person may not come any more
			}
			cases = append(cases, canCase{name + ", somebody else's, " + string(state), func(r *crashRig) canThing {
				thingID := make(r)
				r.book(thingID, "resident", state, time.Hour)
				return canThing{id: booking.IDOf(thingID, crashPerson("resident")), ids: r.idsOf(thingID)}
			}, []string{"leader", "staff", "admin", "other"}})
		}
		cases = append(cases, canCase{name + ", at the deadline of the offer", func(r *crashRig) canThing {
			thingID := make(r)
			r.book(thingID, "resident", booking.Offered, 0)
			return canThing{id: booking.IDOf(thingID, crashPerson("resident")), ids: r.idsOf(thingID)}
		}, []string{"resident"}})
	}
	return cases
}

// canBanned are the bookings of somebody whom the group has banned, before they end.
func canBanned() []canCase {
	var cases []canCase
	for _, state := range []booking.State{booking.Confirmed, booking.Waitlisted, booking.Offered} {
		cases = append(cases, canCase{"of a banned person, " + string(state), func(r *crashRig) canThing {
			g := r.group(nil)
			o := dateOf(r.publishedEvent(g, vars{"capacity": 3}))
			r.inState(g, "resident", group.StateBanned)
			r.book(o, "resident", state, time.Hour)
			return canThing{id: booking.IDOf(o, crashPerson("resident")), ids: map[string]string{"thing": o}}
		}, []string{"resident"}})
	}
	return cases
}

// canAnnouncementPeople are announcements of groups in every state and visibility, and of authors
// who have left or speak for the group no longer.
func canAnnouncementPeople() []canCase {
	said := func(visibility string, pending bool, more func(r *crashRig, g, a string)) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			g := r.group(nil, "co-leader", "member", "admin-2")
			if pending { // more people than may be told without a second person
				for _, who := range []string{"other", "staff-2"} {
					r.arrange(who, "joinGroup", vars{"groupId": g}, "group { id }")
				}
			}
			for _, who := range []string{"co-leader", "admin-2"} {
				r.arrange("leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson(who), "key": "LEADER"}, "membership { id }")
			}
			r.arrange("leader", "updateGroup", vars{"groupId": g, "visibility": visibility}, "group { id }")
			a := r.arrange("leader", "announceToGroup", vars{"groupId": g, "title": "Mødet", "text": "Kl. 19."}, "announcement { id }").text("announceToGroup", "announcement", "id")
			more(r, g, a)
			return canThing{id: a}
		}
	}
	who := []string{"", "resident", "member", "leader", "co-leader", "staff", "staff-2", "builder", "admin"}
	var cases []canCase
	for _, visibility := range []string{"PUBLIC", "MEMBERS", "HIDDEN"} {
		for _, pending := range []bool{false, true} {
			for name, more := range map[string]func(r *crashRig, g, a string){
				"": func(*crashRig, string, string) {},
				"its author has left": func(r *crashRig, g, _ string) {
					r.arrange("leader", "leaveGroup", vars{"groupId": g}, "membership { id }")
				},
				"its author leads no longer": func(r *crashRig, g, _ string) {
					r.arrange("leader", "revokeGroupRole", vars{"groupId": g, "personId": crashPerson("leader"), "key": "LEADER"}, "membership { id }")
				},
				"decided": func(r *crashRig, _, a string) {
					decision := "stopBroadcast"
					if pending {
						decision = "rejectBroadcast"
					}
					r.arrange("co-leader", decision, vars{"announcementId": a}, "announcement { id }")
				},
			} {
				cases = append(cases, canCase{fmt.Sprintf("to a group, %s, waits: %t, %s", visibility, pending, name), said(visibility, pending, more), who})
			}
		}
	}
	return cases
}
