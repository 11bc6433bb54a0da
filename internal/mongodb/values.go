package mongodb

import (
	"fmt"
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// closed is a type with a closed set of values, such as the kind of a group.
type closed interface{ IsValid() bool }

// registry encodes as the driver does, but refuses to write an empty value of a type
// that has none. Such a value is a mistake of the program, and its document would
// stand in everybody's lists without being of use to anybody. An unknown value is
// written, since it was read from the database and a later version knows it.
// Inputs are checked by idempotency.Do.
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
	if v.Len() == 0 && !value.IsValid() {
		return fmt.Errorf("mongodb: nothing is no %s", v.Type())
	}
	return w.WriteString(v.String())
}
