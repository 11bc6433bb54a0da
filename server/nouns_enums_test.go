package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every field of a document that holds an enum has its row. The states that tests make by chance do
// not hold every field; the types do.
func TestEveryStoredEnumHasItsRow(t *testing.T) {
	t.Parallel()
	code := readStoredEnums(t)
	if len(code.values) < 20 || len(code.fields) < 20 {
		t.Fatalf("%d enums and %d fields were found: this reads the wrong code", len(code.values), len(code.fields))
	}
	stored := rowsBy(func(n noun) map[string]enums { return n.stored })
	for _, f := range code.fields {
		values := code.values[f.enum]
		if len(values) > 1 && f.name != "_id" && !isDeclared(stored, f.name, values) {
			t.Errorf("%s: a field %q holds one of %v: no row of a noun's stored says so", f.in, f.name, values)
		}
	}
}

// isDeclared reports whether a row ends in this field and has all of the values, or all that the
// schema's enum for it lets people choose.
func isDeclared(stored map[string]enums, field string, values []string) bool {
	for _, fields := range stored {
		for path, enum := range fields {
			declared := enumValues(enum)
			_, isOfSchema := enumsOfSchema()[strings.TrimSuffix(enum, "?")]
			if strings.HasSuffix("."+path, "."+field) && (haveAll(declared, values) || isOfSchema && haveAll(values, declared)) {
				return true
			}
		}
	}
	return false
}

func haveAll(declared, values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !slices.ContainsFunc(declared, fits(v)) })
}

// storedEnums are the enums in the code, and the fields of documents with a named type.
type storedEnums struct {
	values map[string][]string // by package.Type
	fields []enumField
}

type enumField struct{ in, name, enum string }

func readStoredEnums(t *testing.T) *storedEnums {
	t.Helper()
	code := &storedEnums{values: map[string][]string{}}
	err := filepath.WalkDir("../internal", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool { code.read(file.Name.Name, n); return true })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (e *storedEnums) read(pkg string, n ast.Node) {
	switch n := n.(type) {
	case *ast.ValueSpec:
		for i, v := range n.Values {
			if text, ok := v.(*ast.BasicLit); ok && n.Type != nil && n.Names[i].IsExported() && text.Kind == token.STRING {
				if value, _ := strconv.Unquote(text.Value); looksLikeEnum.MatchString(value) {
					name := typeName(pkg, n.Type)
					e.values[name] = append(e.values[name], value)
				}
			}
		}
	case *ast.Field:
		if n.Tag == nil {
			return
		}
		tag, _ := strconv.Unquote(n.Tag.Value)
		name, _, _ := strings.Cut(reflect.StructTag(tag).Get("bson"), ",")
		if name != "" && name != "-" {
			if _, ok := n.Type.(*ast.MapType); ok {
				name += ".*"
			}
			e.fields = append(e.fields, enumField{pkg, name, typeName(pkg, n.Type)})
		}
	}
}

// typeName is the package.Type of what an expression holds in the end.
func typeName(pkg string, x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return pkg + "." + x.Name
	case *ast.SelectorExpr:
		return x.X.(*ast.Ident).Name + "." + x.Sel.Name
	case *ast.StarExpr:
		return typeName(pkg, x.X)
	case *ast.ArrayType:
		return typeName(pkg, x.Elt)
	case *ast.MapType:
		return typeName(pkg, x.Value)
	}
	return ""
}
