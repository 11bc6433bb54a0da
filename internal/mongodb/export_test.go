package mongodb

import (
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Decode is decode.
func Decode[T any](raw bson.Raw, into *T) error { return decode(raw, into) }

// Compiles reports whether documents of a type are read without the driver.
func Compiles[T any]() bool { return readerOf(reflect.TypeFor[T]()) != nil }

// ReadAlone reads a document without the driver; false if it must be left to it.
func ReadAlone[T any](raw bson.Raw, into *T) bool {
	d := document{raw: raw}
	return d.into(readerOf(reflect.TypeFor[T]()), reflect.ValueOf(into).Elem())
}
