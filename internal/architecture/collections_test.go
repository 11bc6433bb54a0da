package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every collection that the program names stands in docs/PRIVACY.md, which is printed from
// the register of privacy. A collection is named where Collection is called and where an
// index, a claim or a reference names one, by a text or by a constant of the package.
func TestEveryCollectionInTheCodeIsInTheRegister(t *testing.T) {
	register := read(t, "docs/PRIVACY.md")
	found, said := 0, map[string]bool{}
	for dir, files := range packageFiles(t) {
		constants := map[string]string{}
		for _, f := range files {
			collectConstants(f, constants)
		}
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				name, ok := namedCollection(n, constants)
				if !ok {
					return true
				}
				found++
				if !strings.Contains(register, "\n## `"+name+"`\n") && !said[dir+name] {
					said[dir+name] = true
					t.Errorf("%s uses the collection %s, of which the register of privacy says nothing", dir, name)
				}
				return true
			})
		}
	}
	if found < 100 {
		t.Errorf("only %d places name a collection: the test looks past them", found)
	}
}

// Bookings have one home: no other package names their collection, neither where it asks
// the database nor anywhere else.
func TestBookingsHaveOneHome(t *testing.T) {
	named := map[string]bool{}
	for dir, files := range packageFiles(t) {
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok {
					text, _ := literal(l)
					named[dir] = named[dir] || text == "bookings"
				}
				return true
			})
		}
	}
	for dir, names := range named {
		if names != (dir == "internal/booking") {
			t.Errorf("%s names the collection of bookings: %t", dir, names)
		}
	}
}

// packageFiles are the parsed files of the domains and what they stand on, by folder.
func packageFiles(t *testing.T) map[string][]*ast.File {
	t.Helper()
	all := map[string][]*ast.File{}
	for _, s := range sources(t) {
		name := strings.TrimPrefix(s.dir(), "internal/")
		if name == s.dir() || s.isTest() || isForTests(name) || below(s, "internal/testkit", "internal/architecture", "internal/mongodb", "internal/embedded") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, s.path), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all[s.dir()] = append(all[s.dir()], f)
	}
	return all
}

// collectConstants finds the texts that a file gives names to.
func collectConstants(f *ast.File, constants map[string]string) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			for i := range min(len(v.Names), len(v.Values)) {
				if text, ok := literal(v.Values[i]); ok {
					constants[v.Names[i].Name] = text
				}
			}
		}
	}
}

// namedCollection is the collection that is named at a node: db.Collection(x) or
// Collection: x.
func namedCollection(n ast.Node, constants map[string]string) (string, bool) {
	var named ast.Expr
	switch n := n.(type) {
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Collection" && len(n.Args) == 1 {
			named = n.Args[0]
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Collection" {
			named = n.Value
		}
	}
	if text, ok := literal(named); ok {
		return text, true
	}
	if name, ok := named.(*ast.Ident); ok {
		text, isConstant := constants[name.Name]
		return text, isConstant
	}
	return "", false
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}
