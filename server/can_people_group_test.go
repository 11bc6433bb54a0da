package main

import (
	"fmt"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
)

// committeeMen are the people who try what can be done with committees.
var committeeMen = append(slices.Clone(officers), "", "staff", "builder", "admin")

// canGroupPeople are the cases of groups that are about who people are.
func canGroupPeople(filled func(r *crashRig, g, boss string) canThing) []canCase {
	asked := func(r *crashRig) string {
		g := r.group(nil, "member")
		r.arrange("leader", "updateGroup", vars{"groupId": g, "joinPolicy": "ASK"}, "group { id }")
		return g
	}
	committee := func(visibility string) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			g := r.arrange("builder", "createGroup", vars{"name": "Udvalget", "kind": "COMMITTEE", "visibility": visibility, "joinPolicy": "ASK"}, "group { id }").text("createGroup", "group", "id")
			r.inState(g, "staff-2", group.StateActive)
			r.inState(g, "resident", group.StateBanned)
			thing := filled(r, g, "builder")
			thing.ids["member"], thing.ids["invitee"], thing.ids["banned"] = crashPerson("staff-2"), crashPerson("admin"), crashPerson("resident")
			r.offices(auth.CapabilitySupport)
			return thing
		}
	}
	leaders := func(of func(r *crashRig)) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			g := r.led()
			of(r)
			return filled(r, g, "leader")
		}
	}
	never := func(field string) func(r *crashRig) {
		return func(r *crashRig) { r.set("persons", crashPerson("co-leader"), vars{field: r.clock.Now()}) }
	}
	cases := []canCase{
		{"asked, by somebody with as many requests as may wait", func(r *crashRig) canThing {
			for i := range group.MaxRequests {
				r.inState(id.Derive(id.Group, fmt.Sprint(i)), "resident", group.StateRequested)
			}
			return filled(r, asked(r), "leader")
		}, []string{"resident", "staff"}},
		{"asked, by somebody who has asked ten times today", func(r *crashRig) canThing {
			g := asked(r)
			r.inState(g, "resident", group.StateLeft)
			var history []group.Change
			for range 10 {
				history = append(history, group.Change{State: group.StateRequested, At: r.clock.Now(), By: crashPerson("resident")},
					group.Change{State: group.StateLeft, At: r.clock.Now(), By: crashPerson("resident")})
			}
			r.setMembership(g, "resident", vars{"history": history})
			return filled(r, g, "leader")
		}, []string{"resident"}},
		{"open, for somebody in as many groups as may be", func(r *crashRig) canThing {
			g := r.group(nil, "member")
			for i := range group.MaxGroups {
				r.set("persons", crashPerson("resident"), vars{"groups." + id.Derive(id.Group, fmt.Sprint(i)) + ".active": true})
			}
			return filled(r, g, "leader")
		}, []string{"resident"}},
		{"a silent member", func(r *crashRig) canThing {
			g := r.group(nil, "member", "resident")
			r.arrange("resident", "setGroupNotifications", vars{"groupId": g, "level": "INBOX"}, "membership { id }")
			return filled(r, g, "leader")
		}, []string{"resident"}},
		{"archived", func(r *crashRig) canThing {
			thing := filled(r, r.group(nil, "member"), "leader")
			r.arrange("leader", "archiveGroup", vars{"groupId": thing.id}, "group { id }")
			return thing
		}, []string{"", "resident", "member", "leader", "staff"}},
		{"about to be deleted", func(r *crashRig) canThing {
			thing := filled(r, r.group(nil, "member"), "leader")
			r.arrange("leader", "deleteGroup", vars{"groupId": thing.id}, "group { id }")
			return thing
		}, []string{"resident", "member", "leader"}},
		{"a committee", committee("PUBLIC"), committeeMen},
		{"a committee for members", committee("MEMBERS"), committeeMen},
		{"a hidden committee", committee("HIDDEN"), committeeMen},
		{"the other leader is banned everywhere", leaders(never("bannedAt")), []string{"leader"}},
		{"the other leader's account is disabled", leaders(never("disabledAt")), []string{"leader"}},
		{"the other leader holds an office", leaders(func(r *crashRig) { r.office("co-leader", auth.RoleStaff, "", time.Time{}) }), []string{"leader", "co-leader"}},
	}
	for name, ends := range map[string]time.Duration{"has ended": 0, "ends in a moment": time.Second} {
		for _, of := range wellKnownPermissions {
			cases = append(cases, canCase{"a member with the role " + of.key + ", which " + name, func(r *crashRig) canThing {
				g := r.group(nil, "member", "co-leader")
				thing := filled(r, g, "leader")
				r.in(g, "co-leader", of.key, of.permissions, r.clock.Now().Add(ends))
				return thing
			}, []string{"co-leader"}})
		}
	}
	for _, p := range group.Permissions {
		cases = append(cases, canCase{"a member with a role that allows " + string(p), func(r *crashRig) canThing {
			g := r.group(nil, "member", "co-leader")
			thing := filled(r, g, "leader")
			key := r.arrange("leader", "saveGroupRole", vars{"groupId": g, "name": "Alene", "permissions": []group.Permission{p}}, "role { key }").text("saveGroupRole", "role", "key")
			r.arrange("leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("co-leader"), "key": key}, "membership { id }")
			return thing
		}, []string{"co-leader"}})
	}
	return append(cases, canLokalforum(filled)...)
}

// wellKnownPermissions are roles that may end, with what they allow.
var wellKnownPermissions = []struct {
	key         string
	permissions []group.Permission
}{
	{"ORGANISER", []group.Permission{group.PostEvents, group.CheckIn}},
	{"CARETAKER", []group.Permission{group.ApproveMembers, group.Invite, group.ManageMembers, group.EditGroup}},
}

// canLokalforum are the cases of a lokalforum that is led, and of its leaders who get an office.
func canLokalforum(filled func(r *crashRig, g, boss string) canThing) []canCase {
	led := func(second bool, of func(r *crashRig)) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			g := r.ask("staff", `{ groups(filter: {kind: LOKALFORUM}) { edges { node { id } } } }`).text("groups", "edges", 0, "node", "id")
			for _, who := range []string{"leader", "co-leader", "member", "staff"} {
				r.arrange(who, "joinGroup", vars{"groupId": g}, "group { id }")
			}
			r.arrange("builder", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("leader"), "key": "LEADER"}, "membership { id }")
			if second {
				r.arrange("leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("co-leader"), "key": "LEADER"}, "membership { id }")
			}
			thing := filled(r, g, "leader")
			of(r)
			return thing
		}
	}
	office := func(who string) func(r *crashRig) {
		return func(r *crashRig) { r.office(who, "", auth.CapabilityFigures, time.Time{}) }
	}
	return []canCase{
		{"a lokalforum with one leader", led(false, func(*crashRig) {}), []string{"leader", "co-leader", "resident", "staff", "builder"}},
		{"a lokalforum whose leader holds an office", led(false, office("leader")), []string{"leader"}},
		{"a lokalforum whose other leader holds an office", led(true, office("co-leader")), []string{"leader", "co-leader"}},
	}
}
