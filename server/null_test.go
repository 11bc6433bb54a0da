package main

import (
	"reflect"
	"strings"
	"testing"

	"faellesskab/graph"
)

// Every field that is looked up by itself is nullable, or says why it never fails alone. A field
// that fails takes everything up to the next nullable field with it. So a relation to something
// that may vanish, or be hidden from the viewer, must be nullable.
func TestEveryRelationMayBeNullOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	s := loadSchema(t)
	neverFailsAlone := rowsBy(func(n noun) map[string]string { return n.neverNull })
	decided := map[string]bool{}
	root := reflect.TypeFor[graph.ResolverRoot]()
	for i := range root.NumMethod() {
		typ := root.Method(i)
		if typ.Name == "Query" || typ.Name == "Mutation" || typ.Name == "Subscription" {
			continue // the lint of the schema checks these
		}
		fields := typ.Type.Out(0)
		for j := range fields.NumMethod() {
			name := fields.Method(j).Name
			for _, f := range s.Types[typ.Name].Fields {
				if !strings.EqualFold(f.Name, name) {
					continue
				}
				at := typ.Name + "." + f.Name
				decided[at] = true
				switch reason := neverFailsAlone[at]; {
				case f.Type.NonNull && reason == "":
					t.Errorf("%s is %s: make it nullable, or say here why it can never fail alone", at, f.Type)
				case !f.Type.NonNull && reason != "":
					t.Errorf("%s is %s, but it says here that it is never null", at, f.Type)
				}
			}
		}
	}
	for at := range neverFailsAlone {
		if !decided[at] {
			t.Errorf("%s has no resolver any more", at)
		}
	}
	if len(decided) < 40 {
		t.Errorf("only %d fields were looked at", len(decided))
	}
}
