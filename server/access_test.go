package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/testkit"
)

// accessPersonas are the columns of the matrix: the callers, named by what they are to the
// objects of the calls.
var accessPersonas = []struct{ column, persona string }{
	{"anonymous", ""}, {"resident", "resident-2"}, {"member", "resident-1"}, {"leader", "leader-1"}, {"staff", "staff-1"},
	{"builder", "builder-1"}, {"politician", "politician-1"}, {"admin", "admin-1"}, {"banned", "resident-5"},
}

// accessCall is one row: an operation on an object that tells about access.
type accessCall struct {
	name     string // begins with the root field
	document string // with $name for the ids of accessWorld
	count    string // for lists: the field whose edges are counted
	isOwn    bool   // it tells people of their own past, even after they have left
}

func asks(name, body, count string) accessCall {
	return accessCall{name: name, document: as("query", body), count: count}
}

func does(name, body string) accessCall {
	return accessCall{name: name, document: as("mutation", body)}
}

func (c accessCall) ofOneself() accessCall {
	c.isOwn = true
	return c
}

func (c accessCall) field() string { return strings.Trim(strings.Fields(c.name)[0], ":") }

const accessGolden = "testdata/access/matrix.golden"

// TestAccessMatrix calls every root field as everyone and compares the codes with a golden
// table, in which every change of access shows.
func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	calls := accessCalls()
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

// Every type that has ids of its own has a row that says who may ask for its node.
func TestEveryNodeHasItsRow(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	asked := map[string]bool{}
	for _, c := range accessCalls() {
		if c.field() != "node" {
			continue
		}
		for _, value := range w.variables(c.document) {
			for _, persona := range []string{"resident-1", "leader-1"} {
				asked[w.do(persona, `query ($id: ID!) { node(id: $id) { __typename } }`, vars{"id": value}).text("node", "__typename")] = true
			}
		}
	}
	s := loadSchema(t)
	for _, typ := range s.GetPossibleTypes(s.Types["Node"]) {
		if !asked[typ.Name] {
			t.Errorf("no noun has a row for the node of %s", typ.Name)
		}
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

// accessWorld is a server with the objects of the calls.
type accessWorld struct {
	*harness
	ids   map[string]string
	state testkit.Snapshot
}

// cell is the result of one call by one person. Changes that it makes are put back.
func (w *accessWorld) cell(c accessCall, persona string) string {
	w.t.Helper()
	r := w.do(persona, c.document, w.variables(c.document))
	if code := r.code(); code != "" {
		return code
	}
	if strings.HasPrefix(c.document, "mutation") {
		w.putBack()
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
func (w *accessWorld) variables(document string) vars { return declaredIn(w.t, document, w.ids) }

// declaredIn are the variables that a document declares.
func declaredIn(t testing.TB, document string, ids map[string]string) vars {
	t.Helper()
	v := vars{}
	for _, m := range regexp.MustCompile(`\$(\w+): (?:ID|String)!`).FindAllStringSubmatch(document, -1) {
		value, ok := ids[m[1]]
		if !ok {
			t.Fatalf("nothing is called $%s, as in %s", m[1], document)
		}
		v[m[1]] = value
	}
	return v
}

// as makes a document that declares the ids it names.
func as(kind, body string) string {
	declared := regexp.MustCompile(`\$\w+`).FindAllString(body, -1)
	if len(declared) == 0 {
		return kind + " { " + body + " }"
	}
	slices.Sort(declared)
	names := strings.Join(slices.Compact(declared), ": ID!, ") + ": ID!"
	names = strings.Replace(names, "$role: ID!", "$role: String!", 1) // the key of a role need not be an id
	return kind + "(" + names + ") { " + body + " }"
}

// ban bans a person directly in the database, since no service does so yet.
func (h *harness) ban(personID string) {
	h.t.Helper()
	res, err := h.app.DB.Collection("persons").UpdateOne(context.Background(), map[string]any{"_id": personID},
		map[string]any{"$set": map[string]any{"bannedAt": h.app.DB.Now()}})
	if err != nil || res.MatchedCount != 1 {
		h.t.Fatalf("ban %s: %v", personID, err)
	}
}
