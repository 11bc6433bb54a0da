package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	maxBody    = 12
	medianBody = 3
)

// Resolvers are a table of contents. Code that takes more lines, a loop or the time is a rule, and
// rules live in the domain.
func TestResolversAreThin(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "resolvers", "*.resolvers.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var sizes []int
	for _, name := range files {
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if p, _ := strconv.Unquote(spec.Path.Value); p == "log/slog" || p == "log" || strings.HasPrefix(p, "go.mongodb.org/") {
				t.Errorf("%s imports %s", filepath.Base(name), p)
			}
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil || isConstructor(f) {
				continue
			}
			at := filepath.Base(name) + ": " + f.Name.Name
			n := bodyLines(set, f.Body)
			sizes = append(sizes, n)
			if n > maxBody {
				t.Errorf("%s has %d lines, at most %d", at, n, maxBody)
			}
			for _, what := range refusedIn(f.Body) {
				t.Errorf("%s: %s", at, what)
			}
		}
	}
	if len(sizes) == 0 {
		t.Fatal("there are no resolvers")
	}
	slices.Sort(sizes)
	if m := sizes[len(sizes)/2]; m > medianBody {
		t.Errorf("the median of %d resolvers is %d lines, at most %d", len(sizes), m, medianBody)
	}
}

// isConstructor reports whether gqlgen gets the resolvers of a type by the method: func (r *Resolver)
// Event() graph.EventResolver.
func isConstructor(f *ast.FuncDecl) bool {
	star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := star.X.(*ast.Ident)
	return ok && name.Name == "Resolver"
}

func bodyLines(set *token.FileSet, body *ast.BlockStmt) int {
	return max(1, set.Position(body.Rbrace).Line-set.Position(body.Lbrace).Line-1)
}

func refusedIn(body *ast.BlockStmt) []string {
	var found []string
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			found = append(found, "a loop")
		case *ast.GoStmt:
			found = append(found, "a goroutine")
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "panic" {
				found = append(found, "panics: gqlgen has made it, and nobody has filled it in")
			}
		case *ast.SelectorExpr:
			if p, ok := n.X.(*ast.Ident); ok && p.Name == "time" && n.Sel.Name == "Now" {
				found = append(found, "asks what time it is")
			}
		}
		return true
	})
	return found
}
