package person

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// readers are what may be done with the collection of people outside of store.write. No pipeline of Sums writes.
var readers = []string{"Get", "ByIDs", "All", "SalvageByIDs", "Find", "FindOne", "Sums"}

// A write that does not go through store.write would leave a viewer in use who is no longer so.

func TestPeopleAreWrittenThroughOneFunction(t *testing.T) {
	t.Parallel()
	names, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, entry := range names {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name != "write" {
				seen += onlyReads(t, f)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d uses of the collection were found", seen)
	}
}

// onlyReads checks that a function uses the collection of people in calls that read, and counts them.
func onlyReads(t *testing.T, f *ast.FuncDecl) (uses int) {
	t.Helper()
	var allowed []ast.Node
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if name, x := called(call); slices.Contains(readers, name) {
			for _, part := range append([]ast.Expr{x}, call.Args...) {
				if isPeople(part) {
					allowed = append(allowed, part)
				}
			}
		}
		if isPeople(call) {
			if uses++; !slices.Contains(allowed, ast.Node(call)) {
				t.Errorf("%s uses the collection of people in another way than to read it: write through store.write", f.Name.Name)
			}
		}
		return true
	})
	return uses
}

// isPeople reports whether an expression is the collection of people.
func isPeople(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	name, _ := called(call)
	arg, isName := call.Args[0].(*ast.Ident)
	return isName && arg.Name == "collection" && (name == "Collection" || name == "Owned")
}

func called(call *ast.CallExpr) (name string, of ast.Expr) {
	fun := call.Fun
	if generic, ok := fun.(*ast.IndexExpr); ok {
		fun = generic.X
	}
	if selector, ok := fun.(*ast.SelectorExpr); ok {
		return selector.Sel.Name, selector.X
	}
	return "", nil
}
