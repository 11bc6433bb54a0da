package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/schema"
)

// noun is what a noun hands to the tests that go over all of them. Its rows stand in one
// file, noun_<name>_test.go. The tests fail for what the program has and no noun has
// rows for: a query, a mutation, a kind of notice, a list, a collection or an index.
type noun struct {
	name string // of its schema file; empty for what the schema knows nothing of

	// Who may do what, in a world to which the noun adds its part.
	access    []accessCall
	sentAgain []accessCall // what else others send again: see TestReplayWithAnothersToken
	world     func(w *accessWorld)
	secrets   []string // names of ids, or titles, that only those inside may read
	hidden    []string // those of them that tell of the hidden group

	// What a mutation writes, and what holds when all is done.
	crash      []crashCase
	oneWrite   map[string]string // mutations without a place to crash between two writes, and why
	invariants []invariant
	stored     map[string]enums  // its collections, and the enums they hold
	questions  map[string]string // what its indexes are for: see TestEveryIndexHasItsQuestion

	// What people see.
	notices   []noticeCase
	lists     map[string]pagedList
	pages     func(w *pagesWorld)
	neverNull map[string]string // relations that never fail alone, and why
	badInputs []badInput
}

// enums are the fields of a collection's documents that hold enums, by path, with *
// for any key, and the enums' names in the schema, or their values.
type enums map[string]string

// invariant says what is wrong in a state in which nothing is left to do.
type invariant func(s crashState, say complaint)

// nouns are all of them. Worlds are made in this order.
func nouns() []noun {
	return []noun{
		personNoun(), areaNoun(), skillNoun(), groupNoun(), eventNoun(), bookingNoun(), courseNoun(), deviceNoun(),
		announcementNoun(), notifyNoun(), viewerNoun(), schemaNoun(), plumbing(),
	}
}

// rowsOf are the rows of all nouns.
func rowsOf[R any](of func(noun) []R) []R {
	var all []R
	for _, n := range nouns() {
		all = append(all, of(n)...)
	}
	return all
}

// rowsBy are the rows of all nouns that have names.
func rowsBy[R any](of func(noun) map[string]R) map[string]R {
	all := map[string]R{}
	for _, n := range nouns() {
		maps.Copy(all, of(n))
	}
	return all
}

func accessCalls() []accessCall { return rowsOf(func(n noun) []accessCall { return n.access }) }

func crashCases() []crashCase { return rowsOf(func(n noun) []crashCase { return n.crash }) }

// Every noun of the schema has its file, and every query and mutation its rows there
// and nowhere else.
func TestEveryRootFieldHasItsRows(t *testing.T) {
	t.Parallel()
	s := loadSchema(t)
	files := map[string]bool{}
	for _, d := range s.Types {
		if !d.BuiltIn {
			files[nounOf(d.Position)] = true
		}
	}
	for _, n := range nouns() {
		if n.name == "" {
			continue
		}
		if _, err := os.Stat("noun_" + n.name + "_test.go"); err != nil || !files[n.name] {
			t.Errorf("%s: %v; in the schema: %t", n.name, err, files[n.name])
		}
		delete(files, n.name)
		checkFields(t, s.Query, n, n.queries())
		checkFields(t, s.Mutation, n, n.mutations())
	}
	for left := range files {
		if left != "directives" {
			t.Errorf("%s.graphqls has no noun_%s_test.go in the list of nouns", left, left)
		}
	}
}

// checkFields wants rows for the fields that stand in the noun's schema file, and no
// rows for others.
func checkFields(t *testing.T, d *ast.Definition, n noun, rows []string) {
	t.Helper()
	for _, f := range fieldsOf(d) {
		isOwn := nounOf(f.Position) == n.name
		if has := slices.Contains(rows, f.Name); isOwn && !has && f.Name != "node" {
			t.Errorf("noun_%s_test.go has no row for the %s field %s", n.name, d.Name, f.Name)
		} else if has && !isOwn && f.Name != "node" { // see TestEveryNodeHasItsRow
			t.Errorf("noun_%s_test.go has rows for %s, which is a field of %s.graphqls", n.name, f.Name, nounOf(f.Position))
		}
	}
}

func (n noun) queries() []string {
	var fields []string
	for _, c := range n.access {
		if strings.HasPrefix(c.document, "query") {
			fields = append(fields, c.field())
		}
	}
	return fields
}

// mutations are those of which it is known who may do them, and what a crash does.
func (n noun) mutations() []string {
	var fields []string
	for _, c := range n.access {
		isCrashed := n.oneWrite[c.field()] != "" || slices.ContainsFunc(n.crash, func(k crashCase) bool { return k.field() == c.field() })
		if strings.HasPrefix(c.document, "mutation") && isCrashed {
			fields = append(fields, c.field())
		}
	}
	for _, c := range n.crash {
		if !slices.ContainsFunc(n.access, func(a accessCall) bool { return a.field() == c.field() }) {
			fields = append(fields, "the unknown "+c.field())
		}
	}
	return fields
}

func nounOf(p *ast.Position) string { return strings.TrimSuffix(p.Src.Name, ".graphqls") }

func loadSchema(t testing.TB) *ast.Schema {
	t.Helper()
	s, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
