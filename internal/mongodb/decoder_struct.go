package mongodb

import (
	"reflect"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// structReader reads the fields of a struct.
type structReader struct {
	fields []field
	byName map[string]int
	driver bool // it turned out that the driver must read it
}

type field struct {
	name  string
	index []int // through the structs that are inline
	read  reader
}

// maxFields is how many fields a struct may have.
const maxFields = 64

// structure is the reader of a struct; nil if it must be left to the driver.
func (c compiler) structure(t reflect.Type) reader {
	s, begun := c[t]
	if !begun {
		s = &structReader{byName: map[string]int{}}
		c[t] = s
		if !c.fields(s, t, nil) || len(s.fields) > maxFields {
			s.driver = true
		}
	}
	if s.driver {
		return nil
	}
	return s.read
}

// fields adds the fields of a struct, by the driver's rules. It is false if one of them is declared in a way
// that the driver's rules are not copied for.
func (c compiler) fields(s *structReader, t reflect.Type, within []int) bool {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("bson")
		if f.PkgPath != "" || tag == "-" {
			continue
		}
		if !tagged && f.Tag != "" && !strings.Contains(string(f.Tag), ":") {
			return false
		}
		index := append(append([]int{}, within...), i)
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case strings.Contains(options, "truncate"):
			return false
		case strings.Contains(options, "inline"):
			if f.Type.Kind() != reflect.Struct || !c.fields(s, f.Type, index) {
				return false
			}
			continue
		case name == "":
			name = strings.ToLower(f.Name)
		}
		if _, twice := s.byName[name]; twice {
			return false
		}
		s.byName[name] = len(s.fields)
		s.fields = append(s.fields, field{name: name, index: index, read: c.reader(f.Type)})
	}
	return true
}

// read reads a document's fields. The driver is left the documents that have a field twice.
func (s *structReader) read(d *document, from value, v reflect.Value) bool {
	if s.driver || from.kind != bson.TypeEmbeddedDocument {
		return !s.driver && from.kind == bson.TypeNull
	}
	var seen uint64
	next := 0 // documents have their fields mostly in the order of the struct
	return d.elements(from, func(key []byte, of value) bool {
		i := next
		if i >= len(s.fields) || s.fields[i].name != string(key) {
			known, clear := s.find(key)
			if known < 0 {
				return clear
			}
			i = known
		}
		if seen&(1<<i) != 0 {
			return false
		}
		seen |= 1 << i
		next = i + 1
		f := &s.fields[i]
		to := v
		for _, at := range f.index {
			to = to.Field(at)
		}
		return f.read(d, of, to)
	})
}

// find is the field of a name. The driver tries a name in lower case, too; names that may mean something by
// that are left to it: clear is false then.
func (s *structReader) find(key []byte) (i int, clear bool) {
	if i, ok := s.byName[string(key)]; ok {
		return i, true
	}
	var lower [64]byte
	if len(key) > len(lower) {
		return -1, false
	}
	for i, b := range key {
		if b >= 0x80 {
			return -1, false
		}
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		lower[i] = b
	}
	_, means := s.byName[string(lower[:len(key)])]
	return -1, !means
}
