package mongodb

import (
	"encoding"
	"encoding/json"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// readers are the compiled readers, by type. Types without one are read by the driver.
var readers sync.Map // reflect.Type to reader, nil for none

// readerOf is the reader of whole documents of a type: a struct, or a pointer to one.
func readerOf(t reflect.Type) reader {
	if known, ok := readers.Load(t); ok {
		return known.(reader)
	}
	c := compiler{}
	var read reader
	switch {
	case ownDecoding(t):
	case t.Kind() == reflect.Struct:
		read = c.structure(t)
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && !ownDecoding(t.Elem()):
		if fields := c.structure(t.Elem()); fields != nil {
			read = pointer(t.Elem(), fields)
		}
	}
	readers.Store(t, read)
	return read
}

// ownDecoding reports whether values of a type decode themselves, or have a decoder in the driver.
func ownDecoding(t reflect.Type) bool {
	of := []reflect.Type{t, reflect.PointerTo(t)}
	for _, by := range []reflect.Type{reflect.TypeFor[bson.Unmarshaler](), reflect.TypeFor[bson.ValueUnmarshaler]()} {
		if slices.ContainsFunc(of, func(t reflect.Type) bool { return t.Implements(by) }) {
			return true
		}
	}
	return strings.HasPrefix(t.PkgPath(), "go.mongodb.org/") || t == reflect.TypeFor[json.Number]() || t == reflect.TypeFor[url.URL]()
}

// compiler makes the reader of one type. It knows the structs that it has begun, since a struct may hold
// itself.
type compiler map[reflect.Type]*structReader

func (c compiler) reader(t reflect.Type) reader {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return readTime
	case t == reflect.TypeFor[bson.Raw]():
		return readRaw
	case ownDecoding(t):
		return byDriver
	}
	switch t.Kind() {
	case reflect.String:
		return readString
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Float64:
		return readFloat
	case reflect.Struct:
		if fields := c.structure(t); fields != nil {
			return fields
		}
	case reflect.Pointer:
		if !ownDecoding(t.Elem()) {
			return pointer(t.Elem(), c.reader(t.Elem()))
		}
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return slice(t, c.reader(t.Elem()))
		}
	case reflect.Map:
		if t.Key().Kind() == reflect.String && !ownKey(t.Key()) {
			return mapping(t, c.reader(t.Elem()))
		}
	}
	return byDriver
}

func ownKey(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[bson.KeyUnmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// byDriver lets the driver read one value.
func byDriver(d *document, from value, v reflect.Value) bool {
	if _, whole := v.Addr().Interface().(bson.Unmarshaler); whole {
		return false
	}
	raw := d.raw[from.at:from.end]
	if (from.kind == bson.TypeEmbeddedDocument || from.kind == bson.TypeArray) && sound(raw) != nil {
		return false
	}
	return bson.UnmarshalValue(from.kind, raw, v.Addr().Interface()) == nil
}

func readString(d *document, from value, v reflect.Value) bool {
	s, ok := d.string(from)
	if ok {
		v.SetString(s)
	}
	return ok || from.kind == bson.TypeNull
}

func readBool(d *document, from value, v reflect.Value) bool {
	if from.kind != bson.TypeBoolean || d.raw[from.at] > 1 {
		return from.kind == bson.TypeNull
	}
	v.SetBool(d.raw[from.at] == 1)
	return true
}

func readInt(d *document, from value, v reflect.Value) bool {
	n, ok := d.integer(from)
	if !ok || v.OverflowInt(n) {
		return from.kind == bson.TypeNull
	}
	v.SetInt(n)
	return true
}

func readFloat(d *document, from value, v reflect.Value) bool {
	if n, whole := d.integer(from); whole {
		v.SetFloat(float64(n))
		return true
	}
	if from.kind != bson.TypeDouble {
		return from.kind == bson.TypeNull
	}
	v.SetFloat(math.Float64frombits(uint64(d.int64(from.at)))) //nolint:gosec // the bits are those of the number
	return true
}

func readTime(d *document, from value, v reflect.Value) bool {
	if from.kind != bson.TypeDateTime {
		return from.kind == bson.TypeNull
	}
	ms := d.int64(from.at)
	*v.Addr().Interface().(*time.Time) = time.Unix(ms/1000, ms%1000*1_000_000).UTC()
	return true
}

func readRaw(d *document, from value, v reflect.Value) bool {
	if from.kind != bson.TypeEmbeddedDocument {
		return byDriver(d, from, v)
	}
	v.SetBytes(slices.Clone(d.raw[from.at:from.end]))
	return true
}

func pointer(to reflect.Type, read reader) reader {
	return func(d *document, from value, v reflect.Value) bool {
		if from.kind == bson.TypeNull {
			return true
		}
		p := reflect.New(to)
		v.Set(p)
		return read(d, from, p.Elem())
	}
}

func slice(t reflect.Type, read reader) reader {
	return func(d *document, from value, v reflect.Value) bool {
		if from.kind != bson.TypeArray {
			return from.kind == bson.TypeNull
		}
		n := 0
		if !d.elements(from, func([]byte, value) bool { n++; return true }) {
			return false
		}
		if n == 0 {
			v.Set(reflect.MakeSlice(t, 0, 0))
			return true
		}
		v.Grow(n)
		v.SetLen(n)
		i := -1
		return d.elements(from, func(_ []byte, of value) bool {
			i++
			return read(d, of, v.Index(i))
		})
	}
}

func mapping(t reflect.Type, read reader) reader {
	return func(d *document, from value, v reflect.Value) bool {
		if from.kind != bson.TypeEmbeddedDocument {
			return from.kind == bson.TypeNull
		}
		v.Set(reflect.MakeMap(t))
		key, one := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		return d.elements(from, func(name []byte, of value) bool {
			one.SetZero()
			if !read(d, of, one) {
				return false
			}
			key.SetString(string(name))
			v.SetMapIndex(key, one)
			return true
		})
	}
}
