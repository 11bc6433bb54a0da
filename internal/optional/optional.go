// Package optional tells apart the fields of an edit that are left out, are null, or have a
// value. Absent leaves what is there, and null clears it.
//
// Fields are tagged `json:",omitzero"`, so that an input with null is another input than one
// without the field (see idempotency.Call).
package optional

import (
	"reflect"

	"github.com/99designs/gqlgen/graphql"

	"faellesskab/internal/fault"
)

// Edit is a field of an edit that has one value; null is nil. It is gqlgen's own type, so that
// the generated code sets it.
type Edit[T any] = graphql.Omittable[*T]

// List is a field of an edit that has a list of values; null is nil.
type List[T any] = graphql.Omittable[[]T]

// Of is a field with a value.
func Of[T any](value T) Edit[T] { return graphql.OmittableOf(&value) }

// Null is a field that is null.
func Null[T any]() Edit[T] { return graphql.OmittableOf[*T](nil) }

// ListOf is a field with a list, which may be empty.
func ListOf[T any](values ...T) List[T] { return graphql.OmittableOf(append([]T{}, values...)) }

// NoList is a field for a list that is null.
func NoList[T any]() List[T] { return graphql.OmittableOf[[]T](nil) }

// Refuse refuses null in a field whose thing always has a value. It adds Invalid.
func Refuse[V any](p *fault.Problems, path string, field graphql.Omittable[V]) {
	if field.IsSet() && isNil(field.Value()) {
		p.Add(fault.Invalid(path, "value.null"))
	}
}

// Map is a field with another value, which f makes of its value; one without a value stays as
// it is.
func Map[T any](field Edit[T], f func(T) T) Edit[T] {
	if v := field.Value(); v != nil {
		return Of(f(*v))
	}
	return field
}

// Set writes a field that is not left out; null is the zero value.
func Set[T any](to *T, field Edit[T]) {
	if v := field.Value(); v != nil {
		*to = *v
	} else if field.IsSet() {
		*to = *new(T)
	}
}

// Put writes a field that is not left out; null is nil.
func Put[V any](to *V, field graphql.Omittable[V]) {
	if v, isSet := field.ValueOK(); isSet {
		*to = v
	}
}

// OrNil is a text, or nil if it is empty.
func OrNil[T ~string](text T) *T {
	if text == "" {
		return nil
	}
	return &text
}

func isNil(v any) bool { return reflect.ValueOf(v).IsNil() }
