// Package schema is the contract with the app: what it can ask and change.
//
// Each noun has a file. The files are part of the program, so that tests and tools read exactly what
// the server serves.
package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed *.graphqls
var files embed.FS

// Sources are the files, by name. Each call gives new values, so that nobody
// can change what another one reads.
func Sources() []*ast.Source {
	names, err := fs.Glob(files, "*.graphqls")
	if err != nil {
		panic(fmt.Sprintf("schema: %v", err)) // only a bad pattern
	}
	sources := make([]*ast.Source, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(fmt.Sprintf("schema: %v", err)) // cannot happen, since the file is part of the program
		}
		sources[i] = &ast.Source{Name: name, Input: string(text)}
	}
	return sources
}

// Load is the schema that the files make together, with the types and directives that every schema
// has, except those that the server does not support. Returns the mistakes in the files, which a test
// excludes.
func Load() (*ast.Schema, error) {
	s, err := gqlparser.LoadSchema(Sources()...)
	if err != nil {
		return nil, fmt.Errorf("load schema: %w", err)
	}
	for _, name := range beyondUs {
		delete(s.Directives, name)
	}
	for name, types := range s.PossibleTypes {
		s.PossibleTypes[name] = slices.DeleteFunc(types, isInterface)
	}
	return s, nil
}

// isInterface tells interfaces that implement another one. gqlparser counts them among its possible
// types, which are objects by the specification, and clients would read so by introspection.
func isInterface(d *ast.Definition) bool { return d.Kind == ast.Interface }

// MustLoad is Load for the program, whose files a test has checked. It reads them once. Callers must
// not change the schema, which they share.
func MustLoad() *ast.Schema { return read() }

var read = sync.OnceValue(func() *ast.Schema {
	s, err := Load()
	if err != nil {
		panic(err)
	}
	return s
})

// beyondUs are directives that gqlparser adds to every schema and the server does not support. An
// answer to @defer comes in parts, which no transport here sends, so fields would be missing without
// an error.
var beyondUs = []string{"defer"}
