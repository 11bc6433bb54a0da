package mongodb

import (
	"fmt"
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// closed is a type with a closed set of values, such as the kind of a group.
type closed interface{ IsValid() bool }

// registry encodes as the driver does, but writes no empty value where its type has
// none: what comes this far by whatever mistake stops here, and is no document that
// stands in everybody's lists and that nobody can use. A value that is not known is
// written: it was read, and a later version knows it. What is handed in is checked
// by idempotency.Do.
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
