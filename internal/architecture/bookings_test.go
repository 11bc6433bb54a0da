package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// stateWriters are the methods of collections that write.
var stateWriters = []string{"Update", "Insert", "Replace", "FindOneAnd", "BulkWrite"}

// Bookings get their states from the table of acts: no other file gives one a state, neither in
// the program nor in the database.
func TestOnlyTheTableGivesBookingsAState(t *testing.T) {
	states, asked := bookingStates(t), 0
	if len(states) != 8 {
		t.Fatalf("the states of bookings are %v", states)
	}
	for _, s := range sources(t) {
		name := strings.TrimPrefix(s.dir(), "internal/")
		if s.isTest() || isForTests(name) || s.path == "internal/booking/act.go" || s.path == "internal/booking/moves.go" {
			continue
		}
		f := parsed(t, s.path)
		ast.Inspect(f, func(n ast.Node) bool {
			if setsState(n, s.dir() == "internal/booking") {
				t.Errorf("%s gives a booking a state without asking the table", s.path)
			}
			if d, ok := n.(*ast.FuncDecl); ok && s.dir() == "internal/booking" && writes(d) {
				asked++
				if name := namesOneOf(d, states); name != "" {
					t.Errorf("%s: %s writes, and names %s, which only the table may say", s.path, d.Name.Name, name)
				}
			}
			return true
		})
	}
	if asked < 10 {
		t.Errorf("only %d functions write bookings: the test looks past them", asked)
	}
}

func parsed(t *testing.T, path string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// bookingStates are the names of the constants of the type State.
func bookingStates(t *testing.T) (names []string) {
	t.Helper()
	ast.Inspect(parsed(t, "internal/booking/booking.go"), func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && isNamed(v.Type, "State") {
			names = append(names, v.Names[0].Name)
		}
		return true
	})
	return names
}

func isNamed(e ast.Expr, name string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == name
	case *ast.SelectorExpr:
		return e.Sel.Name == name
	}
	return false
}

// setsState reports whether a node gives a booking a state: x.State = y, or Booking{State: y}.
// Outside of its package y must name the package, since other things have states too.
func setsState(n ast.Node, isHome bool) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == "State" {
				return isHome || len(n.Lhs) == len(n.Rhs) && isOfBooking(n.Rhs[i])
			}
		}
	case *ast.CompositeLit:
		return isNamed(n.Type, "Booking") && (isHome || isOfBooking(n.Type)) && slices.ContainsFunc(n.Elts, func(e ast.Expr) bool {
			pair, ok := e.(*ast.KeyValueExpr)
			return ok && isNamed(pair.Key, "State")
		})
	}
	return false
}

// isOfBooking reports whether an expression is booking.X.
func isOfBooking(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && isNamed(sel.X, "booking")
}

// writes reports whether a function writes to a collection.
func writes(d *ast.FuncDecl) (found bool) {
	ast.Inspect(d, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			sel, _ := call.Fun.(*ast.SelectorExpr)
			found = found || sel != nil && slices.ContainsFunc(stateWriters, func(w string) bool { return strings.HasPrefix(sel.Sel.Name, w) })
		}
		return true
	})
	return found
}

func namesOneOf(d *ast.FuncDecl, names []string) (found string) {
	ast.Inspect(d, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok && slices.Contains(names, name.Name) {
			found = name.Name
		}
		return true
	})
	return found
}
