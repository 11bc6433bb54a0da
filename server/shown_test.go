package main

import (
	"maps"
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// What anything has shown to somebody, node shows them too. And of the things that stand in lists,
// node shows nobody more than the lists do.
func TestNodeShowsWhatIsShownAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	w.makeBare()
	w.endSome()
	all := map[string]string{}              // the types of all things that anybody has been shown
	shown := map[string]map[string]string{} // by persona
	for _, p := range accessPersonas {
		if p.column != "banned" {
			shown[p.persona] = w.shownTo(p.persona)
			maps.Copy(all, shown[p.persona])
		}
	}
	for persona, mine := range shown {
		for chunk := range slices.Chunk(slices.Sorted(maps.Keys(all)), 50) {
			got := w.do(persona, `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, vars{"ids": chunk})
			for i, nodeID := range chunk {
				isSeen := got.text("nodes", i, "id") == nodeID
				if _, wasShown := mine[nodeID]; wasShown && !isSeen {
					t.Errorf("%s was shown %s %s, and node does not show it", persona, all[nodeID], nodeID)
				} else if isSeen && !wasShown && listed(all[nodeID]) {
					t.Errorf("node shows %s %s %s, and nothing else does", persona, all[nodeID], nodeID)
				}
			}
		}
	}
}

// listed reports whether people find all things of a type that they may see in a list.
func listed(typ string) bool {
	return slices.Contains([]string{"GroupMembership", "Attendance", "Enrolment", "Event", "Occurrence", "Course", "Announcement", "Group", "Notice"}, typ)
}

// endSome cancels drafts and an event of the hidden group, and lets a member leave.
func (w *accessWorld) endSome() {
	w.t.Helper()
	w.send("leader-1", `cancelEvent(input: {eventId: $draft}) { event { id } }`)
	w.send("leader-1", `cancelEvent(input: {eventId: $hiddenEvent}) { event { id } }`)
	w.send("staff-1", `cancelCourse(input: {courseId: $draftCourse}) { course { id } }`)
	w.send("resident-1", `leaveGroup(input: {groupId: $ask}) { membership { id } }`)
}

// shownTo are all things with ids that a person is shown, with their types: by the fields of Query, by the
// lists in every state, and by what they lead to.
func (w *accessWorld) shownTo(persona string) map[string]string {
	shown := map[string]string{}
	there := known{"subjectId": w.ids["event"], "groupId": w.ids["members"], "occurrenceId": w.ids["date"], "code": "ingenkode", "first": 50}.withInputs(w.ids["event"], w.ids["members"])
	for _, root := range there.roots() {
		if slices.Contains([]string{"node", "nodes", "area", "course", "event", "group", "invitation"}, root.name) {
			continue
		}
		w.collect(persona, root, shown)
		for _, f := range w.filters(root.name) {
			filtered := *root
			filtered.args = append(slices.Clone(root.args), argument{"filter", theSchema().Query.Fields.ForName(root.name).Arguments.ForName("filter").Type, f})
			w.collect(persona, &filtered, shown)
		}
	}
	looked := map[string]bool{}
	for again := true; again; {
		again = false
		for nodeID := range maps.Clone(shown) {
			if looked[nodeID] {
				continue
			}
			looked[nodeID], again = true, true
			w.look(persona, nodeID, theSchema().Types[shown[nodeID]], there, shown)
		}
	}
	return shown
}

// filters are the filters of a list by every state, by group, and by whether it is over.
func (w *accessWorld) filters(root string) (list []vars) {
	states := map[string]string{"events": "EventState", "courses": "CourseState", "announcements": "AnnouncementState"}[root]
	if states == "" {
		return nil
	}
	for _, state := range theSchema().Types[states].EnumValues {
		switch root {
		case "courses":
			list = append(list, vars{"state": state.Name, "hasEnded": true}, vars{"state": state.Name, "hasEnded": false})
			continue
		case "announcements":
			list = append(list, vars{"state": state.Name})
		}
		for _, g := range []string{"members", "hidden", "ask"} {
			list = append(list, vars{"state": state.Name, "groupId": w.ids[g]})
		}
	}
	return list
}

// look collects what a thing shows, with its lists in every state.
func (w *accessWorld) look(persona, nodeID string, typ *ast.Definition, there known, shown map[string]string) {
	node := theSchema().Query.Fields.ForName("node")
	states := []string{""}
	for _, f := range typ.Fields {
		if arg := f.Arguments.ForName("state"); arg != nil {
			for _, v := range theSchema().Types[arg.Type.Name()].EnumValues {
				states = append(states, v.Name)
			}
		}
	}
	for _, state := range states {
		k := maps.Clone(there)
		if state != "" {
			k["state"] = state
		}
		w.collect(persona, &selected{name: "node", args: []argument{{"id", node.Arguments[0].Type, nodeID}}, kids: []*selected{{on: typ.Name, kids: k.everything(typ)}}}, shown)
	}
}

// collect asks a query, and notes all things in the answer.
func (w *accessWorld) collect(persona string, root *selected, shown map[string]string) {
	document, values := (&call{persona: persona, kind: "query", root: root}).document()
	got := w.do(persona, document, values)
	for _, e := range got.Errors {
		if !slices.Contains([]string{"NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED"}, e.Extensions.Code) {
			w.t.Errorf("%.200s as %s: %+v", document, persona, e)
		}
	}
	collect(got.Data, shown)
}

func collect(v any, shown map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		typ, _ := v["__typename"].(string)
		nodeID, _ := v["id"].(string)
		if def := theSchema().Types[typ]; def != nil && nodeID != "" && slices.Contains(def.Interfaces, "Node") {
			shown[nodeID] = typ
		}
		for _, child := range v {
			collect(child, shown)
		}
	case []any:
		for _, child := range v {
			collect(child, shown)
		}
	}
}
