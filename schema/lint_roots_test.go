package schema_test

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// This file holds the rules about the form of root fields: who may call them, and what a mutation takes and
// returns.

// access checks that a root field says exactly once who may call it.
func (l *linter) access(root *ast.Definition) {
	for _, f := range root.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		n := 0
		for _, name := range []string{"public", "authenticated", "can"} {
			n += len(f.Directives.ForNames(name))
		}
		if n != 1 {
			l.complain(root.Name+"."+f.Name, "carries %d of @public, @authenticated and @can, want one", n)
		}
		for _, can := range f.Directives.ForNames("can") {
			l.can(root.Name+"."+f.Name, can)
		}
	}
}

// can checks that @can names either one capability or a list of several.
func (l *linter) can(at string, d *ast.Directive) {
	one, several := given(d, "capability"), given(d, "anyOf")
	if (one == nil) == (several == nil) {
		l.complain(at, "@can wants capability or anyOf, one of the two")
		return
	}
	if several == nil {
		return
	}
	seen := map[string]bool{}
	for _, c := range several.Children {
		seen[c.Value.Raw] = true
	}
	if len(seen) < 2 || len(seen) < len(several.Children) {
		l.complain(at, "@can(anyOf:) wants several capabilities, each once")
	}
}

// given is the value of an argument; nil if it is left out or null.
func given(d *ast.Directive, name string) *ast.Value {
	a := d.Arguments.ForName(name)
	if a == nil || a.Value.Kind == ast.NullValue {
		return nil
	}
	return a.Value
}

// failsAlone checks that a root field can fail without the others of the request, so that the answers
// of other mutations are still there. A subscription has one root field, which is never null.
func (l *linter) failsAlone(root *ast.Definition) {
	for _, f := range root.Fields {
		if strings.HasPrefix(f.Name, "__") || root == l.schema.Subscription {
			continue
		}
		if f.Type.NonNull {
			l.complain(root.Name+"."+f.Name, "is %s: a root field can fail alone, so it is nullable", f.Type)
		}
	}
}

// mutation checks that a mutation has one input with the key that makes a repeat harmless, and one
// payload.
func (l *linter) mutation(f *ast.FieldDefinition) {
	at := "Mutation." + f.Name
	payload, ok := strings.CutSuffix(f.Type.Name(), "Payload")
	if !ok || f.Type.Elem != nil || l.schema.Types[payload+"Payload"].Kind != ast.Object {
		l.complain(at, "returns %s, want …Payload", f.Type)
		return
	}
	in := f.Arguments.ForName("input")
	if len(f.Arguments) != 1 || in == nil {
		l.complain(at, "takes something else than one input")
		return
	}
	// Two mutations may share both (approve and decline), never one of the two.
	if in.Type.String() != payload+"Input!" {
		l.complain(at, "takes %s, but returns %sPayload", in.Type, payload)
		return
	}
	key := l.schema.Types[payload+"Input"].Fields.ForName("clientMutationId")
	if key == nil {
		l.complain(payload+"Input", "has no clientMutationId: String")
	}
}
