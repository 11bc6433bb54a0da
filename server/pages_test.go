package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// pagedList says how to reach a connection of the schema, and how many items it holds for a
// person in pagesWorld.
type pagedList struct {
	persona string
	around  string // the document with %s for the field
	field   string // with %s for first and after
	want    int
}

const pageFields = ` { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`

// Every connection of the schema, read with pages of one, holds each item once, even if items
// that are hidden or in other states stand between them, and its page infos are true.
func TestEveryConnectionHoldsEachItemOnce(t *testing.T) {
	t.Parallel()
	s := loadSchema(t)
	w, lists := newPagesWorld(t), rowsBy(func(n noun) map[string]pagedList { return n.lists })
	for _, at := range connectionsOf(s) {
		list, ok := lists[at]
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
			for _, nodeID := range want { // what is listed can be asked for
				if r := w.do(list.persona, `query ($id: ID!) { node(id: $id) { id } }`, vars{"id": nodeID}); r.text("node", "id") != nodeID {
					t.Errorf("node(%q) gives %v, %v", nodeID, r.Data, r.Errors)
				}
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
				document := w.document(list, first, "")
				r := w.do(list.persona, document, w.variables(document))
				if r.code() != "BAD_USER_INPUT" || r.Errors[0].Extensions.Field != "first" {
					t.Errorf("first: %d is answered with %+v", first, r.Errors)
				}
			}
		})
	}
	if len(lists) != len(connectionsOf(s)) {
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

// onePage is the answer for one page.
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
	return as("query", fmt.Sprintf(l.around, fmt.Sprintf(l.field, args)+pageFields))
}

func (w *pagesWorld) page(t *testing.T, l pagedList, first int, after string) onePage {
	t.Helper()
	document := w.document(l, first, after)
	r := w.do(l.persona, document, w.variables(document))
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

// findList finds the object called "list" at any depth.
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

// pagesWorld is a server with things to page through, some of which resident-1 does not see.
type pagesWorld struct {
	*harness
	ids map[string]string
}

func (w *pagesWorld) variables(document string) vars { return declaredIn(w.t, document, w.ids) }

func (w *pagesWorld) send(persona, body string, at ...any) string {
	w.t.Helper()
	document := as("mutation", body)
	return w.must(persona, document, w.variables(document)).text(at...)
}

func newPagesWorld(t *testing.T) *pagesWorld {
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	w := &pagesWorld{harness: h, ids: map[string]string{}}
	for _, n := range nouns() {
		if n.pages != nil {
			n.pages(w)
		}
	}
	h.settled()
	return w
}
