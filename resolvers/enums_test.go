package resolvers_test

import (
	"reflect"
	"strings"
	"testing"

	"faellesskab/graph"
	"faellesskab/internal/notify"
)

type closed interface{ IsValid() bool }

// storedElsewhere are enums of inputs that are not stored as values.
var storedElsewhere = map[reflect.Type]string{
	reflect.TypeFor[notify.Kind](): "kept as keys of the settings, and checked with them; notices of a later version have others",
}

// emptyIsAValue are enums whose empty value means that nothing was chosen.
var emptyIsAValue = []reflect.Type{reflect.TypeFor[notify.Level](), reflect.TypeFor[notify.Channel]()}

// Every enum of an input knows its values, so that no use case takes and no store writes another
// value, even if one got past the check of the request.
func TestEveryEnumOfAnInputKnowsItsValues(t *testing.T) {
	t.Parallel()
	found := map[reflect.Type]bool{}
	root := reflect.TypeFor[graph.ResolverRoot]()
	for i := range root.NumMethod() {
		fields := root.Method(i).Type.Out(0)
		for j := range fields.NumMethod() {
			call := fields.Method(j).Type
			for p := range call.NumIn() {
				// The second parameter of a type's own field is the object, not an input.
				isObject := p == 1 && root.Method(i).Name != "Query" && root.Method(i).Name != "Mutation"
				if !isObject {
					gather(call.In(p), found)
				}
			}
		}
	}
	if len(found) < 12 {
		t.Errorf("only %d enums are found", len(found))
	}
	for typ := range found {
		if storedElsewhere[typ] != "" {
			continue
		}
		value, ok := reflect.Zero(typ).Interface().(closed)
		if !ok {
			t.Errorf("%s is handed in and has no IsValid: anything would be taken", typ)
			continue
		}
		if value.IsValid() != isAmong(typ, emptyIsAValue) {
			t.Errorf("%s: the empty value is valid: %t", typ, value.IsValid())
		}
		if reflect.ValueOf("NOSUCH").Convert(typ).Interface().(closed).IsValid() {
			t.Errorf("%s takes NOSUCH for a value", typ)
		}
	}
}

func isAmong(typ reflect.Type, list []reflect.Type) bool {
	for _, other := range list {
		if typ == other {
			return true
		}
	}
	return false
}

// gather finds the named texts of this program in a type.
func gather(t reflect.Type, found map[reflect.Type]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		gather(t.Elem(), found)
	case reflect.Map:
		gather(t.Key(), found)
		gather(t.Elem(), found)
	case reflect.Struct:
		if !strings.HasPrefix(t.PkgPath(), "faellesskab/") && !strings.Contains(t.Name(), "mittable") {
			return
		}
		for i := range t.NumField() {
			gather(t.Field(i).Type, found)
		}
	case reflect.String:
		if strings.HasPrefix(t.PkgPath(), "faellesskab/internal/") && !strings.HasSuffix(t.PkgPath(), "/clock") {
			found[t] = true
		}
	}
}
