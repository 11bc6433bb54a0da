package architecture

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The end-to-end tests in which .ci/race looks for races exist. go test does not complain about a name
// that fits no test.
func TestRacesAreLookedForInTestsThatAreThere(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, ".ci/race"), "\nsample=(\n")
	list, _, ok := strings.Cut(rest, "\n)\n")
	names := strings.Fields(list)
	if !ok || len(names) == 0 {
		t.Fatal(".ci/race has no sample")
	}
	files, err := filepath.Glob(filepath.Join(root, "server", "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		rel, err := filepath.Rel(root, f)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(read(t, rel))
	}
	for _, name := range names {
		if !regexp.MustCompile(`(?m)^func ` + name + `\(t \*testing\.T\)`).MatchString(all.String()) {
			t.Errorf("server has no %s", name)
		}
	}
}
