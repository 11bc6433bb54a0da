package resolvers

import (
	"context"
	"path"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/graph"
)

// Parts knows which fields of an operation are parts of it in the sense of loader.Pace: those that
// may load something, and those that lead to others, because what is below them is not known before.
type Parts struct {
	types map[string]typeParts
}

// typeParts are the parts of an object type.
type typeParts struct {
	satisfies []string // the type, its interfaces and unions
	fields    map[string]bool
}

// NewParts reads from a schema and from the resolvers which fields are parts.
func NewParts(s *ast.Schema) *Parts {
	resolved := resolvedFields()
	c := &Parts{types: map[string]typeParts{}}
	for name, def := range s.Types {
		if def.Kind != ast.Object {
			continue
		}
		of := typeParts{satisfies: []string{name}, fields: map[string]bool{}}
		for _, abstract := range s.GetImplements(def) {
			of.satisfies = append(of.satisfies, abstract.Name)
		}
		for _, f := range def.Fields {
			if s.Types[f.Type.Name()].IsCompositeType() || resolved[name+"."+strings.ToLower(f.Name)] {
				of.fields[f.Name] = true
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

// root counts the parts of an operation at its root.
func (c *Parts) root(op *graphql.OperationContext, object string) int {
	return c.in(op, object, op.Operation.SelectionSet)
}

// Count follows the parts of an operation: a part that is done leaves those below it.
func (c *Parts) Count(ctx context.Context, next graphql.Resolver) (any, error) {
	at := graphql.GetFieldContext(ctx)
	if !c.types[at.Object].fields[at.Field.Name] {
		return next(ctx)
	}
	below, pace := 0, loaders(ctx).pace
	defer func() { pace.Add(below - 1) }()
	v, err := next(ctx)
	if err == nil {
		below = c.below(ctx, at, v)
	}
	return v, err
}

// below counts the parts that follow from the value of a field.
func (c *Parts) below(ctx context.Context, at *graphql.FieldContext, v any) int {
	if len(at.Field.Selections) == 0 {
		return 0
	}
	op, n := graphql.GetOperationContext(ctx), 0
	eachObject(reflect.ValueOf(v), at.Field.Definition.Type, func(goType reflect.Type) {
		object := at.Field.Definition.Type.Name()
		if _, ok := c.types[object]; !ok { // an interface or union
			object = c.objectOf(path.Base(goType.PkgPath()), goType.Name())
		}
		n += c.in(op, object, at.Field.Selections)
	})
	return n
}

// objectOf is the object type of a Go type, whose name may leave out its noun: group.Membership is
// the GroupMembership.
func (c *Parts) objectOf(pkg, name string) string {
	if _, ok := c.types[name]; ok {
		return name
	}
	return strings.ToUpper(pkg[:1]) + pkg[1:] + name
}

// eachObject calls found with the Go type of each object, other than null, of a value of a type.
func eachObject(v reflect.Value, t *ast.Type, found func(goType reflect.Type)) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
	case t.Elem == nil:
		found(v.Type())
	default:
		for i := range v.Len() {
			eachObject(v.Index(i), t.Elem, found)
		}
	}
}

// in counts the parts among the fields that are selected of an object.
func (c *Parts) in(op *graphql.OperationContext, object string, sel ast.SelectionSet) int {
	n, of := 0, c.types[object]
	for _, f := range graphql.CollectFields(op, sel, of.satisfies) {
		if of.fields[f.Name] {
			n++
		}
	}
	return n
}
