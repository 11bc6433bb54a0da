package schema_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
)

const collisionsFile = "testdata/collisions.golden.txt"

// ownShapes are the fields whose shapes differ although they have one name, with the reason. They are in the golden list too.
var ownShapes = map[string]string{
	"groups: […!] of Event; … of Area": "an event has a few groups, which apps ask for as a list, and an area pages of them",
}

// Where several types meet, within an interface or a union, a query may ask a field of the same name
// of each only if their values have the same shape. Values of one type that are null in one place
// and never in another, or are lists only in one, fail: no app expects it of a name. What differs in its
// type is listed, so that a review sees each new one, and apps give such fields aliases.
func TestWhatCollidesWhereTypesMeetIsTheGoldenList(t *testing.T) {
	t.Parallel()
	s := load(t)
	var list []string
	for _, name := range slices.Sorted(maps.Keys(s.Types)) {
		def := s.Types[name]
		if !def.IsAbstractType() || strings.HasPrefix(name, "__") {
			continue
		}
		m := meeting{schema: s, seen: map[string]bool{}}
		m.types(name, s.GetPossibleTypes(def))
		list = append(list, m.differ...)
		for _, at := range m.shapes {
			t.Errorf("%s: a query cannot ask for all of them at once, and the names say that they are the same", at)
		}
	}
	got := strings.Join(list, "\n") + "\n"
	if *update {
		if err := os.WriteFile(collisionsFile, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(collisionsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("other fields collide where types meet; if a name of its own would be worse, run with -update (-listed +now):\n%s", diff)
	}
}

// meeting finds what collides among the types that can stand in one place of an answer.
type meeting struct {
	schema         *ast.Schema
	seen           map[string]bool
	differ, shapes []string
}

func (m *meeting) types(at string, types []*ast.Definition) {
	names := make([]string, len(types))
	for i, d := range types {
		names[i] = d.Name
	}
	slices.Sort(names)
	key := strings.Join(slices.Compact(names), " ")
	if len(types) < 2 || m.seen[key] {
		return
	}
	m.seen[key] = true
	fields := map[string][]field{}
	for _, d := range types {
		for _, f := range d.Fields {
			fields[f.Name] = append(fields[f.Name], field{of: d.Name, def: f})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		m.fields(at+"."+name, fields[name])
	}
}

type field struct {
	of  string
	def *ast.FieldDefinition
}

// fields compares the fields of one name. Objects may differ; then what is below them meets.
func (m *meeting) fields(at string, list []field) {
	kinds, shapes := map[string][]string{}, map[string][]string{}
	below := map[string]*ast.Definition{}
	for _, f := range list {
		named := f.def.Type.Name()
		kind := named
		if d := m.schema.Types[named]; d.IsCompositeType() {
			kind = "objects"
			for _, p := range m.schema.GetPossibleTypes(d) {
				below[p.Name] = p
			}
		}
		kinds[kind] = append(kinds[kind], f.of)
		shape := strings.ReplaceAll(f.def.Type.String(), named, "…")
		shapes[shape] = append(shapes[shape], f.of)
	}
	switch {
	case len(kinds) > 1:
		m.differ = append(m.differ, at+": "+byShape(kinds))
	case len(shapes) > 1 && ownShapes[last(at)+": "+byShape(shapes)] != "":
		m.differ = append(m.differ, at+": "+byShape(shapes))
	case len(shapes) > 1:
		m.shapes = append(m.shapes, at+": "+byShape(shapes))
	}
	if len(kinds["objects"]) > 0 {
		m.types(at, slices.Collect(maps.Values(below)))
	}
}

// last is the name of the field that a path leads to.
func last(at string) string { return at[strings.LastIndex(at, ".")+1:] }

func byShape(of map[string][]string) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(of)) {
		slices.Sort(of[kind])
		parts = append(parts, fmt.Sprintf("%s of %s", kind, strings.Join(of[kind], ", ")))
	}
	return strings.Join(parts, "; ")
}
