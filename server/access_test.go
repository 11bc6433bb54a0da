package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/testkit"
)

// accessPersonas are the columns of the matrix: who calls, and what they are to
// the objects of the calls.
var accessPersonas = []struct{ column, persona string }{
	{"anonymous", ""}, {"resident", "resident-2"}, {"member", "resident-1"}, {"leader", "leader-1"}, {"staff", "staff-1"},
	{"builder", "builder-1"}, {"politician", "politician-1"}, {"admin", "admin-1"}, {"banned", "resident-5"},
}

// accessCall is one row: an operation on an object that tells about access.
type accessCall struct {
	name     string // begins with the root field
	document string // with $name for the ids of accessWorld
	count    string // for lists: the field whose edges are counted
}

func (c accessCall) field() string { return strings.Trim(strings.Fields(c.name)[0], ":") }

const accessGolden = "testdata/access/matrix.golden"

// TestAccessMatrix calls every root field as everyone and compares the codes
// with a golden table: whoever changes who may do what, sees it there.
func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	calls := slices.Concat(accessQueries, accessMutations)
	for _, of := range []func(*ast.Schema) *ast.Definition{
		func(s *ast.Schema) *ast.Definition { return s.Query },
		func(s *ast.Schema) *ast.Definition { return s.Mutation },
	} {
		for _, field := range rootFields(t, of) {
			if !slices.ContainsFunc(calls, func(c accessCall) bool { return c.field() == field }) {
				t.Errorf("nobody calls the root field %s", field)
			}
		}
	}
	w := newAccessWorld(t)
	rows := [][]string{{"operation"}}
	for _, p := range accessPersonas {
		rows[0] = append(rows[0], p.column)
	}
	for _, c := range calls {
		row := []string{c.name}
		for _, p := range accessPersonas {
			cell := w.cell(c, p.persona)
			if want := "UNAUTHENTICATED"; p.persona == "" && strings.HasPrefix(c.document, "mutation") && cell != want {
				t.Errorf("%s: anonymous got %s, want %s", c.name, cell, want)
			}
			if want := "FORBIDDEN"; p.column == "banned" && cell != want {
				t.Errorf("%s: a banned person got %s, want %s", c.name, cell, want)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	got := table(rows)
	if *update {
		if err := os.WriteFile(accessGolden, []byte(got), 0o644); err != nil { //nolint:gosec // a golden file is for everyone to read
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(accessGolden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the access matrix is another one; if it should be, write it anew with -update (-want +got):\n%s", diff)
	}
}

// table aligns rows.
func table(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			fmt.Fprintf(&line, "%-*s  ", widths[i], cell)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// accessWorld is a server with the objects that the calls are about.
type accessWorld struct {
	*harness
	ids   map[string]string
	state testkit.Snapshot
}

// cell is what one call by one person comes to. What was changed is put back.
func (w *accessWorld) cell(c accessCall, persona string) string {
	w.t.Helper()
	r := w.do(persona, c.document, w.variables(c.document))
	if code := r.code(); code != "" {
		return code
	}
	if strings.HasPrefix(c.document, "mutation") {
		w.state.Restore(w.t, w.app.DB)
	}
	if c.count == "" {
		return "OK"
	}
	var path []any
	for _, p := range strings.Split(c.count, ".") {
		path = append(path, p)
	}
	if r.at(path...) == nil {
		return "null"
	}
	list, ok := r.at(append(path, "edges")...).([]any)
	if !ok {
		list, _ = r.at(path...).([]any)
	}
	seen := slices.DeleteFunc(slices.Clone(list), func(v any) bool { return v == nil })
	return fmt.Sprintf("OK %d", len(seen))
}

// variables are the ids that a document declares.
func (w *accessWorld) variables(document string) vars {
	v := vars{}
	for name, value := range w.ids {
		if strings.Contains(document, "$"+name+":") {
			v[name] = value
		}
	}
	return v
}

// as makes a document that declares the ids it names: those of newAccessWorld, if
// no others are given.
func as(kind, body string, names ...string) string {
	var declared []string
	if len(names) == 0 {
		names = accessIDs
	}
	for _, name := range names {
		if regexp.MustCompile(`\$` + name + `\b`).MatchString(body) {
			declared = append(declared, "$"+name+": ID!")
		}
	}
	if len(declared) == 0 {
		return kind + " { " + body + " }"
	}
	return kind + "(" + strings.Join(declared, ", ") + ") { " + body + " }"
}

// accessIDs are the names of the objects, see newAccessWorld.
var accessIDs = []string{"area", "lokalforum", "members", "ask", "hidden", "event", "date", "draft", "draftDate", "hiddenEvent", "hiddenDate",
	"published", "publishedDate", "course", "draftCourse", "courseOfMember", "skill", "notice", "device", "member", "memberOfHidden", "requester", "builder", "attendance", "offer", "enrolment", "membership", "announcement"}

// ban keeps a person out, as no service does yet.
func (h *harness) ban(personID string) {
	h.t.Helper()
	res, err := h.app.DB.Collection("persons").UpdateOne(context.Background(), map[string]any{"_id": personID},
		map[string]any{"$set": map[string]any{"bannedAt": h.app.DB.Now()}})
	if err != nil || res.MatchedCount != 1 {
		h.t.Fatalf("ban %s: %v", personID, err)
	}
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
