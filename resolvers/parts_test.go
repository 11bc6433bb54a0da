package resolvers

import (
	"os"
	"path/filepath"
	"regexp"
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
			if object := known.objectOf(m[1], m[2]); object != m[3] {
				t.Errorf("%s: %s.%s is a %s, not a %s: what it leads to is not counted", name, m[1], m[2], m[3], object)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d were found", found)
	}
}
