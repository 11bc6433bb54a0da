package idempotency

import (
	"reflect"
	"strings"

	"faellesskab/internal/fault"
)

// closed is a type with a closed set of values, such as the kind of a group.
type closed interface{ IsValid() bool }

// checkValues refuses an input with a value that its type does not have, so that no
// use case ever sees one. Stored documents may hold values that only a later version
// knows; an input may not.
func checkValues(input any) *fault.Error {
	return misfit(reflect.ValueOf(input), "input")
}

func misfit(v reflect.Value, path string) *fault.Error {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return misfit(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if wrong := misfit(v.Index(i), path); wrong != nil {
				return wrong
			}
		}
	case reflect.Struct:
		return misfitIn(v, path)
	case reflect.String:
		if value, ok := v.Interface().(closed); ok && !value.IsValid() {
			return fault.Invalid(path, "variable.bad")
		}
	}
	return nil
}

func misfitIn(v reflect.Value, path string) *fault.Error {
	if value, isSet := v.MethodByName("Value"), v.MethodByName("IsSet"); value.IsValid() && isSet.IsValid() {
		if !isSet.Call(nil)[0].Bool() {
			return nil
		}
		return misfit(value.Call(nil)[0], path) // an edit where null clears
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() {
			if wrong := misfit(v.Field(i), path+"."+strings.ToLower(f.Name[:1])+f.Name[1:]); wrong != nil {
				return wrong
			}
		}
	}
	return nil
}
