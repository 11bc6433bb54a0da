package gqlhttp

import (
	"reflect"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

// documentSize is about how many bytes of memory a parsed document holds, without the parts of the
// schema to which it points. That is some forty times its text and differs much, so the length of
// the text says little. Each part counts as the allocator rounds it.
func documentSize(query string, doc *ast.QueryDocument) int {
	w := weigher{seen: map[any]bool{}}
	w.value(reflect.ValueOf(doc))
	// This adds the text, which is the key and is shared by the parts, and its place in the
	// cache.
	return w.bytes + len(query) + shelfBytes
}

const shelfBytes = 300

type weigher struct {
	seen  map[any]bool // parts that are shared count once
	bytes int
}

// schemaOwns are the fields by which validation ties a document to the schema.
var schemaOwns = map[string]bool{"Definition": true, "ObjectDefinition": true, "ExpectedType": true, "VariableDefinition": true}

func (w *weigher) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		w.value(v.Elem())
	case reflect.Pointer:
		w.pointer(v)
	case reflect.Slice:
		w.bytes += rounded(v.Cap() * int(v.Type().Elem().Size()))
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !schemaOwns[v.Type().Field(i).Name] || v.Field(i).Kind() == reflect.Slice {
				w.value(v.Field(i))
			}
		}
	}
}

func (w *weigher) pointer(v reflect.Value) {
	if v.IsNil() || w.seen[v.Interface()] {
		return
	}
	w.seen[v.Interface()] = true
	switch v.Interface().(type) {
	case *ast.Source:
	case *ast.Position:
		// The pointer leads into a token, and keeps all of it.
		w.bytes += rounded(int(reflect.TypeFor[lexer.Token]().Size()))
	default:
		w.bytes += rounded(int(v.Type().Elem().Size()))
		w.value(v.Elem())
	}
}

// rounded is what the allocator takes for so many bytes: its steps are about an
// eighth.
func rounded(bytes int) int { return (bytes + bytes/16 + 15) &^ 15 }
