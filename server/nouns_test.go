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

// noun has the rows of one noun for the tests that loop over all nouns. They stand in one file,
// noun_<name>_test.go. The tests fail for a query, mutation, kind of notice, list, collection or
// index without rows.
type noun struct {
	name string // the name of its schema file; empty for things that the schema does not know

	// These rows say who may do what, in a world to which the noun adds its part.
	access    []accessCall
	sentAgain []accessCall // further calls for TestReplayWithAnothersToken
	world     func(w *accessWorld)
	secrets   []string // names of ids, or titles, that only members may read
	hidden    []string // the secrets that tell of the hidden group

	// These rows say what mutations write, and what holds when all is done.
	crash    []crashCase
	oneWrite map[string]string // mutations without a place to crash between two writes, and why
	// Mutations whose outcome is in no document that they change, and why a repeat after a
	// crash does no harm.
	keepsNoOutcome map[string]string
	invariants     []invariant
	repair         repairing         // mends what the noun counts
	stored         map[string]enums  // its collections, and the enums they hold
	questions      map[string]string // the questions that its indexes serve: see TestEveryIndexHasItsQuestion
	// The fields that still name somebody who was erased, as "collection path" with * for
	// any letters, and why. The register of privacy says so too.
	kept map[string]string

	// These rows say what people see.
	notices   []noticeCase
	taps      []tapCase // the buttons on their pushes
	lists     map[string]pagedList
	pages     func(w *pagesWorld)
	neverNull map[string]string // relations that never fail alone, with the reason
	badInputs []badInput
	can       func() map[string]canType // the types with viewerCan: see TestEveryActionIsTried
	nudges    map[string]nudge          // how its types are seen to be shown as they are now
	// Mutations whose answer holds no object that a repeat could show as it is now, and why.
	nothingToShow map[string]string
}

// enums are the fields of a collection's documents that hold enums, by path, with * for any key.
// Each names its enum in the schema, or the values.
type enums map[string]string

// invariant complains about what is wrong in a state in which nothing is left to do.
type invariant func(s crashState, say complaint)

// nouns are all nouns. Worlds are made in this order.
func nouns() []noun {
	return []noun{
		personNoun(), areaNoun(), skillNoun(), groupNoun(), skillsOfPersonNoun(), eventNoun(), editNoun(), seriesNoun(), coHostNoun(), bookingNoun(), signUpNoun(), checkInNoun(), courseNoun(), teacherNoun(), learningNoun(), courseRulesNoun(), certificateNoun(), wishNoun(), meetingNoun(), calendarNoun(), deviceNoun(),
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

// rowsBy are the named rows of all nouns.
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

// checkFields checks that there are rows for the fields in the noun's schema file, and for no
// others.
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

// mutations are the mutations that have rows.
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
