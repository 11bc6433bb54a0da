package gqlhttp

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/fault"
)

// strictVariables refuses what the specification refuses and gqlparser lets
// pass: a number for a String, a text for an Int or a Float, an enum value in
// other letters. Without it "housing" would reach the database as the kind of a
// group. It runs after gqlparser's own check, so the shape is right already.
func strictVariables(schema *ast.Schema, op *ast.OperationDefinition, variables map[string]any) *fault.Error {
	for _, v := range op.VariableDefinitions {
		value, ok := variables[v.Variable]
		if !ok {
			continue
		}
		if path := misfit(schema, v.Type, value, v.Variable); path != "" {
			return fault.Invalid(path, "variable.bad")
		}
	}
	return nil
}

// misfit is the path of the first value that does not fit; empty if all fit.
func misfit(schema *ast.Schema, t *ast.Type, value any, path string) string {
	if value == nil {
		return ""
	}
	if t.Elem != nil {
		// gqlparser has made a list of a single value, of the value's own type.
		list := reflect.ValueOf(value)
		if list.Kind() != reflect.Slice {
			return misfit(schema, t.Elem, value, path)
		}
		for i := range list.Len() {
			if at := misfit(schema, t.Elem, list.Index(i).Interface(), path+"."+strconv.Itoa(i)); at != "" {
				return at
			}
		}
		return ""
	}
	def := schema.Types[t.NamedType]
	if def.Kind != ast.InputObject {
		if fits(def, value) {
			return ""
		}
		return path
	}
	object, ok := value.(map[string]any)
	if !ok {
		return path
	}
	for _, f := range def.Fields {
		if at := misfit(schema, f.Type, object[f.Name], path+"."+f.Name); at != "" {
			return at
		}
	}
	return ""
}

func fits(def *ast.Definition, value any) bool {
	if def.Kind == ast.Enum {
		name, ok := value.(string)
		return ok && def.EnumValues.ForName(name) != nil
	}
	switch def.Name {
	case "Int":
		n, ok := whole(value)
		return ok && n >= math.MinInt32 && n <= math.MaxInt32
	case "Float":
		return isFinite(value)
	case "String":
		_, ok := value.(string)
		return ok
	case "ID":
		if _, ok := value.(string); ok {
			return true
		}
		_, ok := whole(value)
		return ok
	case "Boolean":
		_, ok := value.(bool)
		return ok
	}
	return true // a scalar of ours, which reads its values itself
}

// whole is an integer as the request or gqlparser may have it.
func whole(value any) (int64, bool) {
	switch v := value.(type) {
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	case int64:
		return v, true
	case int:
		return int64(v), true
	}
	return 0, false
}

func isFinite(value any) bool {
	switch v := value.(type) {
	case json.Number:
		f, err := v.Float64()
		return err == nil && !math.IsInf(f, 0)
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	_, ok := whole(value)
	return ok
}
