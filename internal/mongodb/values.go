package mongodb

import (
	"fmt"
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// closed is a type with a closed set of values, such as the kind of a group.
type closed interface{ IsValid() bool }

// registry encodes as the driver does, but writes no value that its type does not
// have: what comes this far by whatever mistake stops here, and is no document that
// stands in everybody's lists and that nobody can use. Reading refuses nothing: a
// later version may know more.
func registry() *bson.Registry {
	r := bson.NewRegistry()
	r.RegisterInterfaceEncoder(reflect.TypeFor[closed](), bson.ValueEncoderFunc(encodeClosed))
	return r
}

func encodeClosed(_ bson.EncodeContext, w bson.ValueWriter, v reflect.Value) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return w.WriteNull()
		}
		v = v.Elem()
	}
	value, ok := v.Interface().(closed)
	if !ok || v.Kind() != reflect.String {
		return fmt.Errorf("mongodb: %s says whether it is valid but is no text", v.Type())
	}
	if !value.IsValid() {
		return fmt.Errorf("mongodb: %q is no %s", v.String(), v.Type())
	}
	return w.WriteString(v.String())
}
