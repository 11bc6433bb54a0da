package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every key of a fault has a text in both languages, and every text of a fault is used. So nobody
// reads a bare key, and the catalogs have no dead lines.
func TestFaultKeysHaveTexts(t *testing.T) {
	t.Parallel()
	used := faultKeys(t, "../..")
	if len(used) < 50 {
		t.Fatalf("only %d keys found: the walk of the code finds too little", len(used))
	}
	for key, at := range used {
		for _, l := range Languages {
			if !Has(l, key) {
				t.Errorf("%s: %q has no text in %s", at, key, l)
			}
		}
	}
	for _, key := range Keys(Danish) {
		if _, ok := used[key]; !ok && !isNotice(key) {
			t.Errorf("no code uses the text %q", key)
		}
	}
}

// The walk finds keys in small pieces of code: a fault written out, the constructors, a function
// that passes a key on, and a key that it cannot follow.
func TestFaultKeysAreFound(t *testing.T) {
	t.Parallel()
	w := newKeyWalk()
	w.parse(t, "fault/fault.go", `package fault
		type Error struct{ Key, Field string }
		func Invalid(field, key string) *Error { return &Error{Key: key, Field: field} }
		func BadID() *Error { return &Error{Key: "id.bad"} }`)
	w.parse(t, "other/other.go", `package other
		func refuse(status int, key string) { _ = fault.Invalid("", key) }
		func f() {
			refuse(400, "request.batch")
			_ = &fault.Error{Key: "not_found"}
			_ = fault.Invalid("input.name", "text."+"empty")
			_ = bson.D{{Key: "_id"}}
			_ = fault.Invalid("input.name", "text.long").With("Max", 3)
		}`)
	w.parse(t, "third/third.go", `package third
		func f() { refuse(1, "of another package") }`)
	var got []string
	for key := range w.collect() {
		got = append(got, key)
	}
	slices.Sort(got)
	if want := []string{"id.bad", "not_found", "request.batch", "text.long"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if len(w.lost) != 1 || !strings.HasPrefix(w.lost[0], "other/other.go:6") {
		t.Errorf("keys that cannot be followed: %q, want the one of other.go, line 6", w.lost)
	}
}

func faultKeys(t *testing.T, root string) map[string]string {
	t.Helper()
	w := newKeyWalk()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			w.parse(t, path, nil)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	keys := w.collect()
	for _, at := range w.lost {
		t.Errorf("%s: the key of a fault is no string literal, so no test can find its text", at)
	}
	return keys
}

// passer is a function that makes a fault with a key it is given.
type passer struct {
	dir  string // the package's folder
	name string
}

type keyWalk struct {
	files   *token.FileSet
	parsed  map[string]*ast.File // by path
	passers map[passer]int       // which argument is the key
	lost    []string             // where a key is neither a literal nor passed on
}

func newKeyWalk() *keyWalk {
	return &keyWalk{files: token.NewFileSet(), parsed: map[string]*ast.File{}, passers: map[passer]int{}}
}

func (w *keyWalk) parse(t *testing.T, path string, src any) {
	t.Helper()
	f, err := parser.ParseFile(w.files, path, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	w.parsed[path] = f
}

// collect finds the keys and where each is used. It repeats until no further
// function turns out to pass a key on.
func (w *keyWalk) collect() map[string]string {
	for {
		before := len(w.passers)
		keys := map[string]string{}
		w.lost = nil
		for path, f := range w.parsed {
			for _, decl := range f.Decls {
				w.visit(path, decl, keys)
			}
		}
		if len(w.passers) == before {
			return keys
		}
	}
}

func (w *keyWalk) visit(path string, decl ast.Decl, keys map[string]string) {
	dir := filepath.Base(filepath.Dir(path))
	ast.Inspect(decl, func(n ast.Node) bool {
		key := w.keyOf(dir, n)
		if key == nil {
			return true
		}
		at := w.files.Position(key.Pos()).String()
		if lit, ok := key.(*ast.BasicLit); ok {
			text, _ := strconv.Unquote(lit.Value)
			keys[text] = at
		} else if i := parameter(decl, key); i >= 0 {
			w.passers[passer{dir, decl.(*ast.FuncDecl).Name.Name}] = i
		} else {
			w.lost = append(w.lost, at)
		}
		return true
	})
}

// keyOf is the key a node makes a fault with; nil if it makes none.
func (w *keyWalk) keyOf(dir string, n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if n.Type == nil || !isFault(dir, n.Type, "Error") {
			return nil
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "Key" {
				return kv.Value
			}
		}
	case *ast.CallExpr:
		for p, i := range w.passers {
			called, ok := n.Fun.(*ast.Ident)
			same := ok && p.dir == dir && called.Name == p.name
			if (same || p.dir == "fault" && isFault(dir, n.Fun, p.name)) && i < len(n.Args) {
				return n.Args[i]
			}
		}
	}
	return nil
}

// isFault reports whether the expression names something of package fault.
func isFault(dir string, e ast.Expr, name string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return dir == "fault" && e.Name == name
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && x.Name == "fault" && e.Sel.Name == name
	}
	return false
}

// parameter is which parameter of the function the expression is; -1 if none.
func parameter(decl ast.Decl, e ast.Expr) int {
	f, ok := decl.(*ast.FuncDecl)
	id, isID := e.(*ast.Ident)
	if !ok || !isID {
		return -1
	}
	i := 0
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			if name.Name == id.Name {
				return i
			}
			i++
		}
	}
	return -1
}
