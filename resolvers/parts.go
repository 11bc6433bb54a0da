package resolvers

import (
	"reflect"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/graph"
)

// Parts knows which fields of an operation are parts of it in the sense of loader.Pace: those that
// have a resolver, which may load something, and those that lead to such fields.
type Parts struct {
	types map[string]typeParts
}

// typeParts is what counts of an object type.
type typeParts struct {
	satisfies []string            // the type, its interfaces and unions
	resolved  map[string]bool     // fields that have a resolver
	leads     map[string][]string // the object types to which fields lead
}

// NewParts reads from a schema and from the resolvers which fields are parts.
func NewParts(s *ast.Schema) *Parts {
	resolved := resolvedFields()
	c := &Parts{types: map[string]typeParts{}}
	for name, def := range s.Types {
		if def.Kind != ast.Object || strings.HasPrefix(name, "__") {
			continue
		}
		of := typeParts{satisfies: []string{name}, resolved: map[string]bool{}, leads: map[string][]string{}}
		for _, abstract := range s.GetImplements(def) {
			of.satisfies = append(of.satisfies, abstract.Name)
		}
		for _, f := range def.Fields {
			of.resolved[f.Name] = resolved[name+"."+strings.ToLower(f.Name)]
			if to := s.Types[f.Type.Name()]; to.IsCompositeType() {
				for _, possible := range s.GetPossibleTypes(to) {
					of.leads[f.Name] = append(of.leads[f.Name], possible.Name)
				}
			}
		}
		c.types[name] = of
	}
	return c
}

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

// objectOf is the object type of a Go type, whose name may leave out its noun: group.Membership is
// the GroupMembership.
func (c *Parts) objectOf(pkg, name string) string {
	if _, ok := c.types[name]; ok {
		return name
	}
	return strings.ToUpper(pkg[:1]) + pkg[1:] + name
}
