package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/mongodb"
)

// nudge changes all objects of a type behind the program's back, so that it can be seen whether
// an answer shows them as they are now.
type nudge struct {
	collection string
	set        vars
	field      string // that shows it
	want       any
}

// A call that is sent again gets the outcome of the first, with its object as it is now.
func TestARepeatShowsTheObjectAsItIsNow(t *testing.T) {
	t.Parallel()
	s, r := loadSchema(t), newCrashRig(t)
	nudges, nothing := rowsBy(func(n noun) map[string]nudge { return n.nudges }), rowsBy(func(n noun) map[string]string { return n.nothingToShow })
	tried := map[string]bool{}
	for _, c := range crashCases() {
		m := crashCall{}
		r.base.Restore(t, r.db)
		r.clock.Advance(crashStart.Sub(r.clock.Now()))
		if tried[c.field()] {
			continue
		}
		m = c.prepare(r)
		paths := shown(s, nudges, m.field)
		if len(paths) == 0 {
			continue
		}
		m.want = strings.Join(selections(paths), " ")
		p := r.process(r.db)
		first := r.call(p, m, crashMutationID)
		if first.code != "" {
			t.Fatalf("%s: %s", m.field, first.code)
		}
		if paths = first.showing(t, m.field, paths); len(paths) == 0 {
			continue
		}
		tried[m.field] = true
		for _, to := range paths {
			r.nudge(to.nudge, m.as)
		}
		again := r.call(p, m, crashMutationID)
		var data map[string]any
		if err := json.Unmarshal([]byte(again.data), &data); err != nil || again.code != "" {
			t.Fatalf("%s again: %+v", m.field, again)
		}
		for _, to := range paths {
			if got := valueAt(data, m.field+"."+to.at); got != to.want {
				t.Errorf("%s again shows %v at %s, and it is %v now", m.field, got, to.at, to.want)
			}
		}
	}
	for _, f := range s.Mutation.Fields {
		if tried[f.Name] == (nothing[f.Name] != "") {
			t.Errorf("%s: tried %t, nothing to show because %q", f.Name, tried[f.Name], nothing[f.Name])
		}
	}
}

// nudge carries out a nudge; most people have no settings, so somebody gets some.
func (r *crashRig) nudge(n nudge, who string) {
	r.t.Helper()
	done, err := r.db.Collection(n.collection).UpdateMany(mongodb.AllowScan(r.t.Context()), vars{}, vars{"$set": n.set})
	if err == nil && done.MatchedCount == 0 && n.collection == "notify_settings" {
		_, err = r.db.Collection(n.collection).InsertOne(r.t.Context(), vars{"_id": crashPerson(who), "pushes": 7})
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// shownAt is an object in an answer.
type shownAt struct {
	nudge
	at, selection string
}

// shown are the objects in the answer of a mutation.
func shown(s *ast.Schema, nudges map[string]nudge, mutation string) (list []shownAt) {
	payload := s.Types[s.Mutation.Fields.ForName(mutation).Type.Name()]
	for _, f := range payload.Fields {
		n, ok := nudges[f.Type.Name()]
		if ok && f.Type.Elem == nil {
			list = append(list, shownAt{n, f.Name + "." + n.field, fmt.Sprintf("%s { %s }", f.Name, n.field)})
		}
		if f.Type.Name() == "JoinOutcome" {
			n = nudges["GroupMembership"]
			list = append(list, shownAt{n, "outcome.membership." + n.field, "outcome { ... on JoinedGroup { membership { since } } ... on JoinRequestPending { membership { since } } }"})
		}
	}
	return list
}

// showing are the objects that are there in an answer.
func (o crashAnswer) showing(t *testing.T, mutation string, list []shownAt) []shownAt {
	t.Helper()
	var data map[string]any
	if err := json.Unmarshal([]byte(o.data), &data); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(list, func(to shownAt) bool {
		object, _, _ := strings.Cut(to.at, ".")
		return valueAt(data, mutation+"."+object) == nil
	})
}

func selections(list []shownAt) []string {
	var all []string
	for _, to := range list {
		all = append(all, to.selection)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// What became of joining is told again, whatever has become of the membership since.
func TestARepeatedJoinTellsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	g := r.group(nil)
	m := crashCall{"member", "joinGroup", vars{"groupId": g}, "outcome { __typename ... on JoinedGroup { membership { state } } ... on JoinRequestPending { membership { state } } }"}
	first := r.call(r.process(r.db), m, crashMutationID)
	r.arrange("member", "leaveGroup", vars{"groupId": g}, "membership { id }")
	again := r.call(r.process(r.db), m, crashMutationID)
	if !strings.Contains(first.data, `"JoinedGroup","membership":{"state":"ACTIVE"}`) || !strings.Contains(again.data, `"JoinedGroup","membership":{"state":"LEFT"}`) {
		t.Errorf("told %s, and again %s", first.data, again.data)
	}
}

// A role that was saved is shown as it is now; one that is deleted as it was.
func TestARepeatShowsTheRoleOfNow(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	g := r.group(nil)
	m := crashCall{"leader", "saveGroupRole", vars{"groupId": g, "name": "Vært", "permissions": []string{"INVITE"}}, "role { key name }"}
	first := r.call(r.process(r.db), m, crashMutationID)
	var data map[string]any
	if err := json.Unmarshal([]byte(first.data), &data); err != nil {
		t.Fatal(err)
	}
	key, _ := valueAt(data, "saveGroupRole.role.key").(string)
	r.arrange("leader", "saveGroupRole", vars{"groupId": g, "key": key, "name": "Værtinde", "permissions": []string{"INVITE"}}, "role { key }")
	if again := r.call(r.process(r.db), m, crashMutationID); again.data != strings.Replace(first.data, "Vært", "Værtinde", 1) {
		t.Errorf("told %s, and again %s", first.data, again.data)
	}
	r.arrange("leader", "deleteGroupRole", vars{"groupId": g, "key": key}, "group { id }")
	if again := r.call(r.process(r.db), m, crashMutationID); again != first {
		t.Errorf("of a role that is gone: told %s, and again %s", first.data, again.data)
	}
}

// What a list has just shown to somebody, node shows them too, in each state; and others do not
// see it.
func TestNodeShowsWhatAListHasShown(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	var documents [][2]string // by whom
	g := r.group(nil)
	for i, who := range []string{"resident", "other", "member", "staff-2", "builder", "admin", "admin-2"} {
		state := group.States[1:][i%len(group.States[1:])]
		r.inState(g, who, state)
		documents = append(documents, [2]string{"leader", fmt.Sprintf(`group(id: %q) { list: memberships(state: %s) { edges { node { id } } } }`, g, state)})
	}
	o, c := r.date(nil), r.course(3)
	for i, state := range []string{"CONFIRMED", "WAITLISTED", "OFFERED", "DECLINED", "CANCELLED", "ATTENDED", "NO_SHOW", "PENDING_APPROVAL"} {
		who := []string{"resident", "other", "member", "staff-2", "builder", "admin", "admin-2", "co-leader"}[i]
		r.book(o, who, booking.State(state), time.Hour)
		r.book(c, who, booking.State(state), time.Hour)
		documents = append(documents, [2]string{"leader", fmt.Sprintf(`node(id: %q) { ... on Occurrence { list: attendances(state: %s) { edges { node { id } } } } }`, o, state)},
			[2]string{"staff", fmt.Sprintf(`node(id: %q) { ... on Course { list: enrolments(state: %s) { edges { node { id } } } } }`, c, state)})
	}
	for _, d := range documents {
		edges, _ := findList(r.ask(d[0], "{ "+d[1]+" }").Data)["edges"].([]any)
		if len(edges) == 0 {
			t.Fatalf("%s shows nothing", d[1])
		}
		for _, e := range edges {
			nodeID, _ := valueAt(e, "node.id").(string)
			ask := fmt.Sprintf(`{ node(id: %q) { id } nodes(ids: [%q]) { id } }`, nodeID, nodeID)
			if got := r.ask(d[0], ask); got.text("node", "id") != nodeID || got.text("nodes", 0, "id") != nodeID {
				t.Errorf("%s has shown %s to %s, and node gives %v %v", d[1], nodeID, d[0], got.Data, got.Errors)
			}
			if got := r.ask("staff", ask); d[0] == "leader" && got.text("node", "id") != "" {
				t.Errorf("node shows %s to staff, who see no such list", nodeID)
			}
		}
	}
}

// Whoever may invite or remove people is shown what has become of them since, also if the list of
// memberships is not for them.
func TestARepeatShowsTheMembershipToWhoeverManagesIt(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	for _, of := range []struct {
		permission string
		call       crashCall
		since      func(g string)
		want       string
	}{
		{"INVITE", crashCall{"co-leader", "inviteToGroup", vars{"personId": crashPerson("resident")}, "membership { state }"}, func(g string) {
			r.arrange("resident", "declineInvitation", vars{"groupId": g}, "membership { id }")
		}, "DECLINED"},
		{"MANAGE_MEMBERS", crashCall{"co-leader", "removeMember", vars{"personId": crashPerson("member")}, "membership { state }"}, func(g string) {
			r.arrange("leader", "removeMember", vars{"groupId": g, "personId": crashPerson("member"), "ban": true}, "membership { id }")
		}, "BANNED"},
	} {
		r.base.Restore(t, r.db)
		g := r.group(nil, "member", "co-leader")
		key := r.arrange("leader", "saveGroupRole", vars{"groupId": g, "name": "Vært", "permissions": []string{of.permission}}, "role { key }").text("saveGroupRole", "role", "key")
		r.arrange("leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("co-leader"), "key": key}, "membership { id }")
		of.call.input["groupId"] = g
		if first := r.call(r.process(r.db), of.call, crashMutationID); first.code != "" {
			t.Fatalf("%s: %s", of.call.field, first.code)
		}
		of.since(g)
		if again := r.call(r.process(r.db), of.call, crashMutationID); !strings.Contains(again.data, of.want) {
			t.Errorf("%s again shows %s, and it is %s now", of.call.field, again.data, of.want)
		}
	}
}

// Of a group that has been hidden from somebody since, a repeat offers them nothing: the server
// would accept nothing.
func TestARepeatOffersNothingOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	g := r.led()
	m := crashCall{"co-leader", "updateGroup", vars{"groupId": g, "description": "Nyt"}, "group { id viewerCan }"}
	r.call(r.process(r.db), m, crashMutationID)
	r.arrange("leader", "removeMember", vars{"groupId": g, "personId": crashPerson("co-leader")}, "membership { id }")
	if again := r.call(r.process(r.db), m, crashMutationID); !strings.Contains(again.data, `"viewerCan":["JOIN"]`) {
		t.Errorf("while everybody sees the group it is %s", again.data)
	}
	r.arrange("leader", "updateGroup", vars{"groupId": g, "visibility": "HIDDEN"}, "group { id }")
	if again := r.call(r.process(r.db), m, crashMutationID); !strings.Contains(again.data, `"viewerCan":[]`) {
		t.Errorf("told %s", again.data)
	}
}
