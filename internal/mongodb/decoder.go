package mongodb

import (
	"encoding/binary"
	"fmt"
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Decode reads a document into a value that is still zero, as the driver does, with a reader that is
// compiled once for each type. What that does not do exactly as the driver is left to the driver: the
// whole document is then read by it, so that values are the driver's in all cases, and errors in all but one: a
// document with a wrong length somewhere may be refused where the driver would skip that.
//
// The strings of a document share its memory. Who keeps one of them for long clones it, or keeps the
// whole document.
func Decode[T any](raw bson.Raw, into *T) error {
	if read := readerOf(reflect.TypeFor[T]()); read != nil {
		d := document{raw: raw}
		if d.into(read, reflect.ValueOf(into).Elem()) {
			return nil
		}
		*into = *new(T)
	}
	return byDriverAlone(raw, into)
}

// byDriverAlone lets the driver read a document whose lengths are right, also those of the documents and lists in
// it. The driver never ends with some whose lengths are not.
func byDriverAlone(raw bson.Raw, into any) error {
	if err := sound(raw); err != nil {
		return fmt.Errorf("a document that is none: %w", err)
	}
	return bson.Unmarshal(raw, into)
}

// sound looks at all lengths in a document.
func sound(raw bson.Raw) error {
	if err := raw.Validate(); err != nil {
		return err
	}
	elements, err := raw.Elements()
	if err != nil {
		return err
	}
	for _, e := range elements {
		within := bson.Raw(nil)
		switch v := e.Value(); v.Type {
		case bson.TypeEmbeddedDocument, bson.TypeArray:
			within = v.Value
		case bson.TypeCodeWithScope:
			_, within, _ = v.CodeWithScopeOK()
		}
		if within == nil {
			continue
		}
		if err := sound(within); err != nil {
			return err
		}
	}
	return nil
}

// document is a document that is being read.
type document struct {
	raw  []byte
	text string // raw, when the first string is asked for
}

// value is a value in a document: its bytes are raw[at:end].
type value struct {
	kind    bson.Type
	at, end int
}

// reader reads a value into v, which is zero. false: the driver must read the document.
type reader func(d *document, from value, v reflect.Value) bool

func (d *document) into(read reader, v reflect.Value) bool {
	n, ok := d.length(0)
	return ok && n == len(d.raw) && read(d, value{bson.TypeEmbeddedDocument, 0, n}, v)
}

// length is the number of bytes that stands at a position.
func (d *document) length(at int) (int, bool) {
	if at < 0 || at+4 > len(d.raw) {
		return 0, false
	}
	n := int32(binary.LittleEndian.Uint32(d.raw[at:])) //nolint:gosec // negative numbers are refused
	return int(n), n >= 0
}

// part is the text between two positions.
func (d *document) part(at, end int) string {
	if d.text == "" {
		d.text = string(d.raw)
	}
	return d.text[at:end]
}

// elements goes through the elements of a document or an array, and ends where each says so. It is false
// if they cannot be read, or do not end where they should.
func (d *document) elements(from value, each func(key []byte, v value) bool) bool {
	at, last := from.at+4, from.end-1
	for at < last {
		kind := bson.Type(d.raw[at])
		name := at + 1
		for at = name; at < last && d.raw[at] != 0; {
			at++
		}
		if at >= last || kind == 0 {
			return false
		}
		key := d.raw[name:at]
		at++
		n, ok := d.size(kind, at)
		if !ok || n > last-at || !each(key, value{kind, at, at + n}) {
			return false
		}
		at += n
	}
	return at == last && d.raw[last] == 0
}

// size is how many bytes a value takes.
func (d *document) size(kind bson.Type, at int) (int, bool) {
	switch kind {
	case bson.TypeNull:
		return 0, true
	case bson.TypeBoolean:
		return 1, true
	case bson.TypeInt32:
		return 4, true
	case bson.TypeDouble, bson.TypeDateTime, bson.TypeInt64, bson.TypeTimestamp:
		return 8, true
	case bson.TypeObjectID:
		return 12, true
	case bson.TypeDecimal128:
		return 16, true
	case bson.TypeString:
		n, ok := d.length(at)
		return n + 4, ok
	case bson.TypeBinary:
		n, ok := d.length(at)
		return n + 5, ok
	case bson.TypeEmbeddedDocument, bson.TypeArray:
		n, ok := d.length(at)
		return n, ok && n >= 5
	}
	return 0, false
}

func (d *document) int64(at int) int64 {
	return int64(binary.LittleEndian.Uint64(d.raw[at:])) //nolint:gosec // the bits are those of a signed number
}

// integer is a whole number of either width.
func (d *document) integer(from value) (int64, bool) {
	switch from.kind {
	case bson.TypeInt32:
		return int64(int32(binary.LittleEndian.Uint32(d.raw[from.at:]))), true //nolint:gosec // the bits are those of a signed number
	case bson.TypeInt64:
		return d.int64(from.at), true
	}
	return 0, false
}

// string is a text that ends as it should.
func (d *document) string(from value) (string, bool) {
	if from.kind != bson.TypeString || from.end-from.at < 5 || d.raw[from.end-1] != 0 {
		return "", false
	}
	return d.part(from.at+4, from.end-1), true
}
