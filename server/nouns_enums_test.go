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
	for document, fields := range code.fields {
		if !slices.ContainsFunc(fields, func(f enumField) bool { return slices.Equal(f.path, []string{"_id"}) }) {
			continue // it is a part of documents
		}
		code.each([]string{document}, nil, func(path []string, values []string) {
			if field := strings.Join(path, "."); field != "_id" && !isDeclared(stored, field, values) {
				t.Errorf("%s: a field %q holds one of %v: no row of a noun's stored says so", document, field, values)
			}
		})
	}
}

// isDeclared reports whether a row ends in this path and has all of the values, or all that the
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

// storedEnums are the enums in the code, and the types of documents and of what is in them.
type storedEnums struct {
	values map[string][]string    // by package.Type
	fields map[string][]enumField // by package.Type
	lists  map[string]string      // what types hold that are lists or maps with a name
}

// enumField is a field as it is stored. Its path is empty if its own fields stand beside it, and ends in a star if it is a map.
type enumField struct {
	path []string
	of   string
}

// each calls do with every enum that the last of these types holds, by the path that leads there. The others hold it; what is in
// itself once more has been seen.
func (e *storedEnums) each(types, path []string, do func(path, values []string)) {
	name := types[len(types)-1]
	if of, isList := e.lists[name]; isList {
		name = of
	}
	if values := e.values[name]; len(path) > 0 && len(values) > 1 {
		do(path, values)
	}
	for _, f := range e.fields[name] {
		if !slices.Contains(types, f.of) {
			e.each(append(slices.Clone(types), f.of), slices.Concat(path, f.path), do)
		}
	}
}

func readStoredEnums(t *testing.T) *storedEnums {
	t.Helper()
	code := &storedEnums{map[string][]string{}, map[string][]enumField{}, map[string]string{}}
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
	case *ast.TypeSpec:
		name := pkg + "." + n.Name.Name
		switch of := n.Type.(type) {
		case *ast.StructType:
			for _, f := range of.Fields.List {
				e.readField(pkg, name, f)
			}
		case *ast.ArrayType, *ast.MapType:
			e.lists[name] = typeName(pkg, of)
		}
	}
}

func (e *storedEnums) readField(pkg, document string, f *ast.Field) {
	if f.Tag == nil {
		return
	}
	tag, _ := strconv.Unquote(f.Tag.Value)
	name, options, _ := strings.Cut(reflect.StructTag(tag).Get("bson"), ",")
	field := enumField{of: typeName(pkg, f.Type)}
	switch _, isMap := f.Type.(*ast.MapType); {
	case name == "-" || name == "" && !strings.Contains(options, "inline"):
		return
	case isMap:
		field.path = []string{name, "*"}
	case name != "":
		field.path = []string{name}
	}
	e.fields[document] = append(e.fields[document], field)
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
