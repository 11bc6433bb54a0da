package gqlhttp

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/fault"
)

// variables finds the first variable whose value the specification refuses. gqlparser lets some of
// them pass: a number for a String, a text for an Int or a Float, an enum value in the wrong case.
// Without this check "housing" would reach the database as the kind of a group.
func (c *values) variables(op *ast.OperationDefinition, given map[string]any) *fault.Error {
	for _, v := range op.VariableDefinitions {
		value, isGiven := given[v.Variable]
		var m *fault.Error
		switch {
		case isGiven:
			m = c.value(v.Type, value, v.Variable)
		case v.Type.NonNull && v.DefaultValue == nil:
			m = fault.Invalid(v.Variable, "value.missing")
		}
		if m != nil {
			// Readers know the argument, and not the name of the app's variable.
			m.Field = positionOf(op, v.Variable) + strings.TrimPrefix(m.Field, v.Variable)
			return m
		}
	}
	return nil
}

// value checks a variable's value, or a part of it, against its type.
func (c *values) value(t *ast.Type, value any, path string) *fault.Error {
	if value == nil {
		if t.NonNull {
			return fault.Invalid(path, "value.null")
		}
		return nil
	}
	if t.Elem != nil {
		// A single value stands for a list of one; gqlparser may have made it one.
		list := reflect.ValueOf(value)
		if list.Kind() != reflect.Slice {
			return c.value(t.Elem, value, path)
		}
		for i := range list.Len() {
			if m := c.value(t.Elem, list.Index(i).Interface(), path+"."+strconv.Itoa(i)); m != nil {
				return m
			}
		}
		return nil
	}
	def := c.schema.Types[t.NamedType]
	if def.Kind == ast.InputObject {
		return c.object(def, value, path)
	}
	return c.leaf(def, value, path)
}

func (c *values) object(def *ast.Definition, value any, path string) *fault.Error {
	object, ok := value.(map[string]any)
	if !ok {
		return fault.Invalid(path, "variable.bad")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if def.Fields.ForName(name) == nil {
			return fault.Invalid(path+"."+name, "variable.bad")
		}
	}
	for _, f := range def.Fields {
		at := path + "." + f.Name
		field, isGiven := object[f.Name]
		switch {
		case isGiven:
			if m := c.value(f.Type, field, at); m != nil {
				return m
			}
		case f.Type.NonNull && f.DefaultValue == nil:
			return fault.Invalid(at, "value.missing")
		}
	}
	return nil
}
