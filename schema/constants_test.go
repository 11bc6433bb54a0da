package schema_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// value is a constant of the program: a number (durations in nanoseconds) or a text.
type value struct {
	number int64
	text   string
}

// constants are the constants of the packages in internal, also those that are not exported, by package
// and name. They are read from the sources, so that no package has to show them for a test.
func constants(t *testing.T) map[string]value {
	t.Helper()
	read, err := readConstants()
	if err != nil {
		t.Fatal(err)
	}
	return read
}

var readConstants = sync.OnceValues(func() (map[string]value, error) {
	folders, err := os.ReadDir("../internal")
	if err != nil {
		return nil, err
	}
	all := map[string]value{}
	for _, folder := range folders {
		paths, err := filepath.Glob("../internal/" + folder.Name() + "/*.go")
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return nil, err
			}
			for name, v := range constantsIn(file) {
				all[folder.Name()+"."+name] = v
			}
		}
	}
	return all, nil
})

func constantsIn(file *ast.File) map[string]value {
	found := map[string]value{}
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if ok && group.Tok == token.VAR {
			maps.Copy(found, fieldsIn(group))
		}
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, s := range group.Specs {
			spec := s.(*ast.ValueSpec) //nolint:forcetypeassert // constants have no other specs
			for i, name := range spec.Names {
				if i >= len(spec.Values) {
					continue
				}
				if v, ok := evaluated(spec.Values[i], found); ok {
					found[name.Name] = v
				}
			}
		}
	}
	return found
}

// fieldsIn are the fields of variables that hold limits, such as DefaultLimits.RootFields.
func fieldsIn(group *ast.GenDecl) map[string]value {
	found := map[string]value{}
	for _, s := range group.Specs {
		spec := s.(*ast.ValueSpec) //nolint:forcetypeassert // variables have no other specs
		if len(spec.Names) != 1 || len(spec.Values) != 1 {
			continue
		}
		literal, ok := spec.Values[0].(*ast.CompositeLit)
		if !ok {
			continue
		}
		for _, e := range literal.Elts {
			field, _ := e.(*ast.KeyValueExpr)
			if field == nil {
				continue
			}
			if name, ok := field.Key.(*ast.Ident); ok {
				if v, ok := evaluated(field.Value, found); ok {
					found[spec.Names[0].Name+"."+name.Name] = v
				}
			}
		}
	}
	return found
}

// evaluated is the value of the expressions by which limits are written: literals, products, names of the
// same file and units of time.
func evaluated(e ast.Expr, known map[string]value) (value, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return value{text: text}, err == nil
		}
		n, err := strconv.ParseInt(e.Value, 0, 64)
		return value{number: n}, err == nil
	case *ast.Ident:
		v, ok := known[e.Name]
		return v, ok
	case *ast.SelectorExpr:
		unit, ok := units[e.Sel.Name]
		return value{number: int64(unit)}, ok
	case *ast.BinaryExpr:
		x, okX := evaluated(e.X, known)
		y, okY := evaluated(e.Y, known)
		return value{number: x.number * y.number}, okX && okY && e.Op == token.MUL
	}
	return value{}, false
}

var units = map[string]time.Duration{"Second": time.Second, "Minute": time.Minute, "Hour": time.Hour}
