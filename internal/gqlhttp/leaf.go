package gqlhttp

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/fault"
)

// enumName is an enum value as a document has it, without quotes.
type enumName string

// leaf says what is wrong with a value of a scalar or enum; nil if it is one.
func (c *values) leaf(def *ast.Definition, value any, path string) *fault.Error {
	if def.Kind == ast.Enum {
		name, ok := value.(string)
		if !ok || def.EnumValues.ForName(name) == nil {
			return fault.Invalid(path, "value.enum").With("Example", def.EnumValues[0].Name)
		}
		return nil
	}
	read := c.scalars[def.Name]
	if read == nil {
		read = builtIn[def.Name]
	}
	err := read(value)
	if err == nil {
		return nil
	}
	var wrong *fault.Error
	if !errors.As(err, &wrong) {
		return fault.Invalid(path, "variable.bad").Because(err)
	}
	at := *wrong
	at.Field = path
	return &at
}

// builtIn read the scalars of the specification, exactly as it allows.
var builtIn = map[string]func(value any) error{
	"Int": func(value any) error {
		n, ok := whole(value)
		return unless(ok && n >= math.MinInt32 && n <= math.MaxInt32, fault.Invalid("", "value.int"))
	},
	"Float":   func(value any) error { return unless(isFinite(value), fault.Invalid("", "value.float")) },
	"String":  func(value any) error { return unless(is[string](value), fault.Invalid("", "value.text")) },
	"Boolean": func(value any) error { return unless(is[bool](value), fault.Invalid("", "value.boolean")) },
	"ID": func(value any) error {
		_, isWhole := whole(value)
		return unless(isWhole || is[string](value), fault.Invalid("", "value.id"))
	},
}

func unless(ok bool, wrong *fault.Error) error {
	if ok {
		return nil
	}
	return wrong
}

func is[T any](value any) bool {
	_, ok := value.(T)
	return ok
}

// whole reads an integer in any form that the request or gqlparser may give it.
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

// written is a literal of a document in the form that leaf takes; nil if it cannot be a value of
// a scalar or enum.
func written(def *ast.Definition, v *ast.Value) any {
	switch v.Kind {
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw)
	case ast.StringValue, ast.BlockValue:
		if def.Kind == ast.Enum {
			return nil // "PUBLIC" is a text, PUBLIC the value
		}
		return v.Raw
	case ast.BooleanValue:
		return v.Raw == "true"
	case ast.EnumValue:
		if def.Kind == ast.Enum {
			return v.Raw
		}
		return enumName(v.Raw)
	}
	return fmt.Errorf("%s is no leaf", v.Raw)
}
