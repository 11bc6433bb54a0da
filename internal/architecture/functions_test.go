package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

const (
	maxFunction   = 50 // the lines of a body
	maxParameters = 5  // including the context
)

// eachFile parses each file that people write for the program.
func eachFile(t *testing.T, look func(s source, set *token.FileSet, file *ast.File)) {
	t.Helper()
	for _, s := range sources(t) {
		if s.generated || s.isTest() {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join(root, s.path), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		look(s, set, file)
	}
}

// A function that does not fit on a screen should be two, unless it is one flat table.
func TestFunctionsEnd(t *testing.T) {
	t.Parallel()
	eachFile(t, func(s source, set *token.FileSet, file *ast.File) {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil || isTable(f.Body) {
				continue
			}
			if n := bodyLines(set, f.Body); n > maxFunction {
				t.Errorf("%s: %s has %d lines: %d is the end", s.path, f.Name.Name, n, maxFunction)
			}
		}
	})
}

// isTable reports whether a function only returns what it lists.
func isTable(body *ast.BlockStmt) bool {
	if len(body.List) != 1 {
		return false
	}
	r, ok := body.List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return false
	}
	_, ok = r.Results[0].(*ast.CompositeLit)
	return ok
}

// Nobody remembers the order of many parameters, so those that belong together get a type.
func TestParameterListsAreShort(t *testing.T) {
	t.Parallel()
	eachFile(t, func(s source, set *token.FileSet, file *ast.File) {
		if strings.HasSuffix(s.path, ".resolvers.go") {
			return // the parameters of resolvers are the arguments of the schema's fields
		}
		ast.Inspect(file, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncType)
			if !ok {
				return true
			}
			if n := f.Params.NumFields(); n > maxParameters {
				t.Errorf("%s:%d: %d parameters, at most %d", s.path, set.Position(f.Pos()).Line, n, maxParameters)
			}
			return true
		})
	})
}
