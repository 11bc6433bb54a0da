package resolvers

import (
	"reflect"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/graph"
	"faellesskab/internal/gqlexec"
)

// NewParts reads from a schema and from the resolvers which fields are parts of an operation.
func NewParts(s *ast.Schema) *gqlexec.Parts { return gqlexec.NewParts(s, resolvedFields()) }

// resolvedFields are the fields that have a resolver, as "Type.field" with the field in lower case.
func resolvedFields() map[string]bool {
	resolved := map[string]bool{}
	root := reflect.TypeFor[graph.ResolverRoot]()
	for i := range root.NumMethod() {
		typ := root.Method(i)
		for j, of := 0, typ.Type.Out(0); j < of.NumMethod(); j++ {
			resolved[typ.Name+"."+strings.ToLower(of.Method(j).Name)] = true
		}
	}
	return resolved
}
