package mongodb

import (
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Sound is sound.
func Sound(raw bson.Raw) error { return sound(raw) }

// Readable is readable.
func Readable[T any](raw bson.Raw, into *T) error {
	return readable(raw, into, func() any { return new(T) })
}

// Compiles reports whether documents of a type are read without the driver.
func Compiles[T any]() bool { return readerOf(reflect.TypeFor[T]()) != nil }

// ReadAlone reads a document without the driver; false if it must be left to it.
func ReadAlone[T any](raw bson.Raw, into *T) bool {
	d := document{raw: raw}
	return d.into(readerOf(reflect.TypeFor[T]()), reflect.ValueOf(into).Elem())
}
