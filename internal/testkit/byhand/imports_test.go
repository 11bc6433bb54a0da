package byhand

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What is written by hand uses nothing of the program and none of its libraries for GraphQL.
func TestByHandKnowsNothingOfTheProgram(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*.go")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, theirs := range []string{"faellesskab/", "github.com/99designs/gqlgen", "github.com/vektah/gqlparser"} {
				if strings.HasPrefix(name, theirs) {
					t.Errorf("%s imports %s", path, name)
				}
			}
		}
	}
}
