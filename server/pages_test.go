package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/schema"
)

// pagedList is how a connection of the schema is reached, and how many items it
// holds for that person in pagesWorld.
type pagedList struct {
	persona string
	around  string // the document with %s for the field
	field   string // with %s for first and after
	want    int
}

// pagedLists is every connection of the schema.
var pagedLists = map[string]pagedList{
	"Query.announcements":    {"resident-1", `%s`, `list: announcements(%s)`, 3},
	"Query.courses":          {"resident-1", `%s`, `list: courses(%s)`, 3},
	"Query.events":           {"resident-1", `%s`, `list: events(%s)`, 3},
	"Query.groups":           {"resident-1", `%s`, `list: groups(%s, filter: {kind: HOUSING})`, 5},
	"Query.skills":           {"", `%s`, `list: skills(%s)`, 6},
	"Area.groups":            {"resident-1", `area(id: $area) { %s }`, `list: groups(%s)`, 6},
	"Area.upcomingEvents":    {"resident-1", `area(id: $area) { %s }`, `list: upcomingEvents(%s)`, 3},
	"Group.memberships":      {"leader-1", `group(id: $open) { %s }`, `list: memberships(%s)`, 4},
	"Group.upcomingEvents":   {"resident-1", `group(id: $open) { %s }`, `list: upcomingEvents(%s)`, 3},
	"Event.occurrences":      {"resident-1", `event(id: $event) { %s }`, `list: occurrences(%s)`, 1},
	"Occurrence.attendances": {"leader-1", `node(id: $date) { ... on Occurrence { %s } }`, `list: attendances(%s)`, 3},
	"Course.enrolments":      {"staff-1", `course(id: $course) { %s }`, `list: enrolments(%s)`, 3},
	"Viewer.memberships":     {"resident-1", `viewer { %s }`, `list: memberships(%s)`, 4},
	"Viewer.upcoming":        {"resident-1", `viewer { %s }`, `list: upcoming(%s)`, 3},
	"Viewer.notices":         {"resident-1", `viewer { %s }`, `list: notices(%s)`, -1}, // those there are
	"Viewer.enrolments":      {"resident-1", `viewer { %s }`, `list: enrolments(%s)`, 3},
}

const pageFields = ` { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`

// Every connection of the schema, gone through with pages of one, holds each item
// once, though items that are hidden, or in other states, stand between them; and
// what it says of its pages is so.
func TestEveryConnectionHoldsEachItemOnce(t *testing.T) {
	t.Parallel()
	s, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := newPagesWorld(t)
	for _, at := range connectionsOf(s) {
		list, ok := pagedLists[at]
		if !ok {
			t.Errorf("nobody goes through %s: it wants its row", at)
			continue
		}
		t.Run(at, func(t *testing.T) {
			whole := w.page(t, list, 50, "")
			want := whole.ids
			if list.want >= 0 && len(want) != list.want || len(want) == 0 {
				t.Fatalf("the list holds %d items, want %d", len(want), list.want)
			}
			if whole.hasNext || whole.hasPrevious {
				t.Errorf("the only page says %+v", whole)
			}
			var got []string
			after := ""
			for n := 0; n <= len(want); n++ {
				p := w.page(t, list, 1, after)
				got = append(got, p.ids...)
				isLast := len(got) == len(want)
				if len(p.ids) != 1 || p.hasNext == isLast || p.hasPrevious != (n > 0) || p.start != p.cursors[0] || p.end != p.cursors[0] || p.end == after || p.end == "" {
					t.Fatalf("page %d of %d after %q: %+v", n+1, len(want), after, p)
				}
				if after = p.end; isLast {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("page by page %v,\nin one %v", got, want)
			}
			if p := w.page(t, list, 1, after); len(p.ids) != 0 || p.hasNext || !p.hasPrevious || p.end != "" || p.start != "" {
				t.Errorf("behind the end: %+v", p)
			}
			for _, first := range []int{0, 51, -1} {
				r := w.do(list.persona, w.document(list, first, ""), w.variables(list.around))
				if r.code() != "BAD_USER_INPUT" || r.Errors[0].Extensions.Field != "first" {
					t.Errorf("first: %d is answered with %+v", first, r.Errors)
				}
			}
		})
	}
	if len(pagedLists) != len(connectionsOf(s)) {
		t.Error("there are rows for connections that do not exist")
	}
}

func connectionsOf(s *ast.Schema) []string {
	var list []string
	for _, d := range s.Types {
		for _, f := range d.Fields {
			if d.Kind == ast.Object && strings.HasSuffix(f.Type.Name(), "Connection") {
				list = append(list, d.Name+"."+f.Name)
			}
		}
	}
	slices.Sort(list)
	return list
}

// onePage is what a page tells.
type onePage struct {
	ids, cursors         []string
	hasNext, hasPrevious bool
	start, end           string
}

func (w *pagesWorld) document(l pagedList, first int, after string) string {
	args := fmt.Sprintf("first: %d", first)
	if after != "" {
		args += fmt.Sprintf(", after: %q", after)
	}
	return as("query", fmt.Sprintf(l.around, fmt.Sprintf(l.field, args)+pageFields), w.names()...)
}

func (w *pagesWorld) page(t *testing.T, l pagedList, first int, after string) onePage {
	t.Helper()
	r := w.do(l.persona, w.document(l, first, after), w.variables(l.around))
	if len(r.Errors) > 0 {
		t.Fatalf("%+v", r.Errors)
	}
	connection := findList(r.Data)
	info, _ := connection["pageInfo"].(map[string]any)
	p := onePage{}
	edges, _ := connection["edges"].([]any)
	for i := range edges {
		one := reply{Data: connection}
		p.ids, p.cursors = append(p.ids, one.text("edges", i, "node", "id")), append(p.cursors, one.text("edges", i, "cursor"))
	}
	p.hasNext, _ = info["hasNextPage"].(bool)
	p.hasPrevious, _ = info["hasPreviousPage"].(bool)
	p.start, _ = info["startCursor"].(string)
	p.end, _ = info["endCursor"].(string)
	return p
}

// findList is the object called "list", however deep it lies.
func findList(v map[string]any) map[string]any {
	for name, child := range v {
		object, ok := child.(map[string]any)
		if !ok {
			continue
		}
		if name == "list" {
			return object
		}
		if found := findList(object); found != nil {
			return found
		}
	}
	return nil
}

// pagesWorld is a server with things to page through, and among them such as
// resident-1 does not see.
type pagesWorld struct {
	*harness
	ids map[string]string
}

func (w *pagesWorld) names() []string {
	var names []string
	for name := range w.ids {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (w *pagesWorld) variables(document string) vars {
	v := vars{}
	for name, value := range w.ids {
		if strings.Contains(document, "$"+name) {
			v[name] = value
		}
	}
	return v
}

func (w *pagesWorld) send(persona, body string, at ...any) string {
	w.t.Helper()
	return w.must(persona, as("mutation", body, w.names()...), w.variables(body)).text(at...)
}

func newPagesWorld(t *testing.T) *pagesWorld {
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	w := &pagesWorld{harness: h, ids: map[string]string{}}
	w.ids["area"] = h.must("", `{ areas { id } }`, nil).text("areas", 0, "id")
	w.groups()
	w.events()
	w.courses()
	for _, name := range []string{"a", "b", "c"} {
		w.send("staff-1", `broadcast(input: {title: [{language: DA, text: "`+name+`"}], text: [{language: DA, text: "b"}]}) { announcement { id } }`)
		w.send("leader-1", `announceToGroup(input: {groupId: $open, title: "`+name+`", text: "b"}) { announcement { id } }`)
	}
	h.settled()
	return w
}

// groups makes five that resident-1 knows and belongs to or has asked to join, and
// three that were hidden since: they are first, in between and last.
func (w *pagesWorld) groups() {
	for i, how := range []string{"asked hidden", "asked", "asked hidden", "asked hidden", "open", "asked", "none", "asked", "asked hidden"} {
		policy := "ASK"
		if how == "open" {
			policy = "OPEN"
		}
		w.ids["group"] = w.send("leader-1", fmt.Sprintf(`createGroup(input: {name: "Gruppe %d", kind: HOUSING, areaId: $area, joinPolicy: %s}) { group { id } }`, i, policy),
			"createGroup", "group", "id")
		if how != "none" {
			w.send("resident-1", `joinGroup(input: {groupId: $group}) { group { id } }`)
		}
		if how == "open" {
			w.ids["open"] = w.ids["group"]
		}
		if strings.HasSuffix(how, "hidden") {
			w.send("leader-1", `updateGroup(input: {groupId: $group, visibility: HIDDEN}) { group { id } }`)
		}
		w.ids["last"] = w.ids["group"]
	}
	for _, p := range []string{"resident-2", "resident-3", "resident-4"} {
		w.send(p, `joinGroup(input: {groupId: $open}) { group { id } }`)
	}
	w.send("resident-4", `leaveGroup(input: {groupId: $open}) { membership { id } }`)
	w.send("resident-5", `joinGroup(input: {groupId: $open}) { group { id } }`)
	w.send("leader-1", `removeMember(input: {groupId: $open, personId: "`+w.personID("resident-5")+`"}) { membership { id } }`)
	delete(w.ids, "group")
	delete(w.ids, "last")
}

// events makes three to come in the open group, at which resident-1 has a place, and
// among them cancelled ones and drafts.
func (w *pagesWorld) events() {
	for i, state := range []string{"cancelled", "draft", "published", "cancelled", "cancelled", "published", "draft", "published", "cancelled"} {
		at := time.Date(2035, 6, 1+i/2, 18, 0, 0, 0, time.UTC).Format("2006-01-02T15:04")
		end := time.Date(2035, 6, 1+i/2, 20, 0, 0, 0, time.UTC).Format("2006-01-02T15:04")
		r := w.must("leader-1", as("mutation", fmt.Sprintf(`createEvent(input: {groupId: $open, title: "Fest %d", startsAt: %q, endsAt: %q})
			{ event { id occurrences { edges { node { id } } } } }`, i, at, end), "open"), vars{"open": w.ids["open"]})
		w.ids["event"] = r.text("createEvent", "event", "id")
		w.ids["date"] = r.text("createEvent", "event", "occurrences", "edges", 0, "node", "id")
		if state == "draft" {
			continue
		}
		w.send("leader-1", `publishEvent(input: {eventId: $event}) { event { id } }`)
		for _, p := range []string{"resident-1", "resident-2", "resident-3", "leader-1"} {
			w.send(p, `attendEvent(input: {occurrenceId: $date}) { occurrence { id } }`)
		}
		w.send("resident-3", `cancelAttendance(input: {occurrenceId: $date}) { occurrence { id } }`)
		if state == "cancelled" {
			w.send("leader-1", `cancelEvent(input: {eventId: $event}) { event { id } }`)
		} else {
			w.ids["good"], w.ids["goodDate"] = w.ids["event"], w.ids["date"]
		}
	}
	w.ids["event"], w.ids["date"] = w.ids["good"], w.ids["goodDate"]
	delete(w.ids, "good")
	delete(w.ids, "goodDate")
}

func (w *pagesWorld) courses() {
	for i, state := range []string{"draft", "published", "draft", "published", "published", "draft"} {
		w.send("staff-1", fmt.Sprintf(`createSkill(input: {name: [{language: DA, text: "Knob %d"}]}) { skill { id } }`, i/2+i%2*10), "createSkill", "skill", "id")
		w.ids["draftCourse"] = w.send("staff-1", fmt.Sprintf(`createCourse(input: {title: [{language: DA, text: "Kursus %d"}],
			sessions: [{startsAt: "2035-03-01T17:00", endsAt: "2035-03-01T19:00"}]}) { course { id } }`, i), "createCourse", "course", "id")
		if state == "draft" {
			continue
		}
		w.ids["course"] = w.ids["draftCourse"]
		w.send("staff-1", `publishCourse(input: {courseId: $course}) { course { id } }`)
		for _, p := range []string{"resident-1", "resident-2", "resident-3", "resident-4"} {
			w.send(p, `enrolInCourse(input: {courseId: $course}) { course { id } }`)
		}
		w.send("resident-4", `cancelEnrolment(input: {courseId: $course}) { course { id } }`)
	}
	delete(w.ids, "draftCourse")
}
