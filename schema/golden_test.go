package schema_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

var update = flag.Bool("update", false, "write testdata/schema.golden.graphql anew")

const golden = "testdata/schema.golden.graphql"

// The golden file has the whole contract, so that a change of it shows in review. After an intended
// change: go test ./schema -update.
func TestSchemaIsTheGoldenOne(t *testing.T) {
	var b bytes.Buffer
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(load(t))
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the schema has changed; if that is meant: go test ./schema -update\n%s", diff)
	}
}

// The test names changes that break apps on people's phones. If a change is intended, because no app
// asks for the field any more, renew the golden file.
func TestSchemaDoesNotBreakApps(t *testing.T) {
	if *update {
		t.Log("the golden file is being renewed: nothing to compare with")
		return
	}
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	before, err := gqlparser.LoadSchema(&ast.Source{Name: golden, Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range breaking(before, load(t)) {
		t.Errorf("breaks apps: %s", change)
	}
}

// breaking names the changes that make a valid document invalid, or let an answer hold something that
// the app does not expect.
func breaking(before, after *ast.Schema) []string {
	var changes []string
	for name, old := range before.Types {
		if old.BuiltIn {
			continue
		}
		now := after.Types[name]
		switch {
		case now == nil:
			changes = append(changes, name+" is gone")
		case now.Kind != old.Kind:
			changes = append(changes, name+" has become "+string(now.Kind))
		case old.Kind == ast.InputObject:
			changes = append(changes, brokenInput(old, now)...)
		default:
			changes = append(changes, brokenOutput(old, now)...)
		}
	}
	for name, old := range before.Directives {
		if old.Position != nil && !old.Position.Src.BuiltIn && after.Directives[name] == nil {
			changes = append(changes, "@"+name+" is gone")
		}
	}
	slices.Sort(changes)
	return changes
}

func brokenOutput(old, now *ast.Definition) []string {
	var changes []string
	for _, v := range old.EnumValues {
		if now.EnumValues.ForName(v.Name) == nil {
			changes = append(changes, old.Name+"."+v.Name+" is gone")
		}
	}
	for _, member := range old.Types {
		if !slices.Contains(now.Types, member) {
			changes = append(changes, old.Name+" no longer holds "+member)
		}
	}
	for _, i := range old.Interfaces {
		if !slices.Contains(now.Interfaces, i) {
			changes = append(changes, old.Name+" no longer implements "+i)
		}
	}
	for _, f := range old.Fields {
		at := old.Name + "." + f.Name
		g := now.Fields.ForName(f.Name)
		if g == nil {
			changes = append(changes, at+" is gone")
			continue
		}
		if !covers(f.Type, g.Type) {
			changes = append(changes, at+" was "+f.Type.String()+" and is "+g.Type.String())
		}
		changes = append(changes, brokenArguments(at, f.Arguments, g.Arguments)...)
	}
	return changes
}

func brokenArguments(at string, old, now ast.ArgumentDefinitionList) []string {
	var changes []string
	for _, a := range old {
		at := at + "(" + a.Name + ":)"
		b := now.ForName(a.Name)
		switch {
		case b == nil:
			changes = append(changes, at+" is gone")
		case narrowed(a.Type, b.Type, b.DefaultValue):
			changes = append(changes, at+" was "+a.Type.String()+" and is "+b.Type.String())
		}
	}
	for _, b := range now {
		if old.ForName(b.Name) == nil && isRequired(b.Type, b.DefaultValue) {
			changes = append(changes, at+"("+b.Name+":) is new and required")
		}
	}
	return changes
}

func brokenInput(old, now *ast.Definition) []string {
	var changes []string
	for _, f := range old.Fields {
		at := old.Name + "." + f.Name
		g := now.Fields.ForName(f.Name)
		switch {
		case g == nil:
			changes = append(changes, at+" is gone")
		case narrowed(f.Type, g.Type, g.DefaultValue):
			changes = append(changes, at+" was "+f.Type.String()+" and is "+g.Type.String())
		}
	}
	for _, g := range now.Fields {
		if old.Fields.ForName(g.Name) == nil && isRequired(g.Type, g.DefaultValue) {
			changes = append(changes, now.Name+"."+g.Name+" is new and required")
		}
	}
	return changes
}

func isRequired(t *ast.Type, byDefault *ast.Value) bool { return t.NonNull && byDefault == nil }

// narrowed reports whether an input no longer accepts a value that it accepted. A default does not
// help, since apps have variables of the old type in their documents.
func narrowed(old, now *ast.Type, byDefault *ast.Value) bool {
	if byDefault != nil && now.NonNull && !old.NonNull {
		// A nullable variable may stand where a default is.
		relaxed := *now
		relaxed.NonNull = false
		now = &relaxed
	}
	return !covers(now, old)
}

// covers reports whether every value of type b is one of type a.
func covers(a, b *ast.Type) bool {
	if a.NonNull && !b.NonNull {
		return false
	}
	if (a.Elem == nil) != (b.Elem == nil) {
		return false
	}
	if a.Elem != nil {
		return covers(a.Elem, b.Elem)
	}
	return a.NamedType == b.NamedType
}
