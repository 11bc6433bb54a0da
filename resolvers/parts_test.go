package resolvers

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"faellesskab/schema"
)

// An object that is shown as an interface or union is known by the name of its Go type.
func TestObjectsOfAbstractTypesAreKnownByTheirGoTypes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../graph/*.generated.go")
	if err != nil {
		t.Fatal(err)
	}
	shown, found := regexp.MustCompile(`case \*?(\w+)\.(\w+):\n(?:\t\tif obj == nil \{\n\t\t\treturn graphql\.Null\n\t\t\}\n)?\t\treturn ec\._(\w+)\(`), 0
	known := NewParts(schema.MustLoad())
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range shown.FindAllStringSubmatch(string(text), -1) {
			found++
			if object := known.ObjectOf(m[1], m[2]); object != m[3] {
				t.Errorf("%s: %s.%s is a %s, not a %s: what it leads to is not counted", name, m[1], m[2], m[3], object)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d were found", found)
	}
}

// The fields that begin together are those with a resolver, and the others begin one after the other.
// Each mutation of a request is counted by itself.
func TestFieldsBeginAsTheyAreCounted(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../graph/*.generated.go")
	if err != nil {
		t.Fatal(err)
	}
	object := regexp.MustCompile(`(?s)\nfunc \(ec \*executionContext\) _(\w+)\(ctx context\.Context, sel ast\.SelectionSet(.*?)\n}\n`)
	field := regexp.MustCompile(`case "(\w+)":\n\t\t\tout\.(ResolveConcurrently|Values)`)
	known, found := NewParts(schema.MustLoad()), 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range object.FindAllStringSubmatch(string(text), -1) {
			if o[1] == "Mutation" {
				continue
			}
			for _, f := range field.FindAllStringSubmatch(o[2], -1) {
				if !known.HasResolver(o[1], f[1]) && !known.Leads(o[1], f[1]) {
					continue
				}
				found++
				if together := strings.HasPrefix(f[2], "Resolve"); together != known.HasResolver(o[1], f[1]) {
					t.Errorf("%s.%s begins beside others: %v, but it has a resolver: %v", o[1], f[1], together, known.HasResolver(o[1], f[1]))
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d were found", found)
	}
}
