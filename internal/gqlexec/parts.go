package gqlexec

import (
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Parts knows which fields of an operation are parts of it in the sense of loader.Pace: those that
// have a resolver, which may load something, and those that lead to such fields.
type Parts struct {
	types    map[string]*typeParts
	byGoType sync.Map // reflect.Type → the name of its object type
}

// typeParts is what counts of an object type.
type typeParts struct {
	satisfies []string            // the type, its interfaces and unions
	resolved  map[string]bool     // fields that have a resolver
	leads     map[string][]string // the object types to which fields lead
}

// NewParts reads from a schema which fields are parts. resolved are the fields that have a resolver, as
// "Type.field" with the field in lower case.
func NewParts(s *ast.Schema, resolved map[string]bool) *Parts {
	c := &Parts{types: map[string]*typeParts{}}
	for name, def := range s.Types {
		if def.Kind != ast.Object || strings.HasPrefix(name, "__") {
			continue
		}
		of := &typeParts{satisfies: []string{name}, resolved: map[string]bool{}, leads: map[string][]string{}}
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

// ObjectOf is the object type of a Go type, whose name may leave out its noun: group.Membership is
// the GroupMembership.
func (c *Parts) ObjectOf(pkg, name string) string {
	if _, ok := c.types[name]; ok {
		return name
	}
	return strings.ToUpper(pkg[:1]) + pkg[1:] + name
}

// objectAt is the object type of a value where the schema gives a type: that type, or, if it is an interface or
// union, the type of the value.
func (c *Parts) objectAt(given string, goType reflect.Type) string {
	if c.types[given] != nil {
		return given
	}
	if known, ok := c.byGoType.Load(goType); ok {
		return known.(string)
	}
	object := c.ObjectOf(path.Base(goType.PkgPath()), goType.Name())
	c.byGoType.Store(goType, object)
	return object
}

// HasResolver reports whether a field has a resolver, so that it begins beside others.
func (c *Parts) HasResolver(object, field string) bool { return c.of(object).resolved[field] }

// Leads reports whether a field leads to objects.
func (c *Parts) Leads(object, field string) bool { return len(c.of(object).leads[field]) > 0 }

func (c *Parts) of(object string) *typeParts {
	if of := c.types[object]; of != nil {
		return of
	}
	return &typeParts{}
}

// Root counts the parts of an operation at its root, which begin together.
func (c *Parts) Root(oc *graphql.OperationContext, object string) int {
	n := 0
	for _, parts := range c.plan(NewOperation(oc), object, oc.Operation.SelectionSet).stages {
		n += parts
	}
	return n
}
