package fcmsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// strict reads JSON that may have no names but those of v, and nothing behind it. wrong is the answer if
// it has; path is where the value stands in the request.
func strict(raw []byte, path string, v any) (wrong Answer, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return unreadable(raw, path, v, err), false
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return malformed(fieldOf(path), "Something follows the message."), false
	}
	return Answer{}, true
}

// unreadable says in FCM's words why JSON does not fit v.
func unreadable(raw []byte, path string, v any, err error) Answer {
	var typed *json.UnmarshalTypeError
	if errors.As(err, &typed) {
		field := fieldOf(join(path, typed.Field))
		return invalid(field, fmt.Sprintf("a %s does not belong here", typed.Value))
	}
	var sent any
	if json.Unmarshal(raw, &sent) == nil {
		if name, at := unknown(sent, reflect.TypeOf(v), path); name != "" {
			return malformed(fieldOf(at), fmt.Sprintf("Unknown name %q at '%s': Cannot find field.", name, at))
		}
	}
	return malformed(fieldOf(path), err.Error())
}

// unknown is the first name in JSON for which a type has no field, and where it stands; empty if there is none.
func unknown(sent any, t reflect.Type, path string) (name, at string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if list, ok := sent.([]any); ok {
		for i, one := range list {
			if name, at = unknown(one, t, fmt.Sprintf("%s[%d]", path, i)); name != "" {
				return name, at
			}
		}
	}
	object, ok := sent.(map[string]any)
	if !ok || t.Kind() != reflect.Struct {
		return "", ""
	}
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		fields[f.Tag.Get("json")] = f.Type
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if fields[key] == nil {
			return key, path
		}
		if name, at = unknown(object[key], fields[key], join(path, key)); name != "" {
			return name, at
		}
	}
	return "", ""
}

func join(path, name string) string { return strings.Trim(path+"."+name, ".") }

// fieldOf is the field that an answer names: the message, where the problem is with the whole request.
func fieldOf(path string) string {
	if path == "" {
		return "message"
	}
	return path
}
