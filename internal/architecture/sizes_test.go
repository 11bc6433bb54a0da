package architecture

import (
	"path"
	"slices"
	"strings"
	"testing"
)

const maxLines = 500

func TestFilesEnd(t *testing.T) {
	for _, s := range sources(t) {
		if !s.generated && s.lines > maxLines {
			t.Errorf("%s has %d lines: %d is the end", s.path, s.lines, maxLines)
		}
	}
}

// Packages with names that say nothing become drawers for everything.
func TestNoPackageIsADrawer(t *testing.T) {
	refused := []string{"util", "utils", "common", "helper", "helpers", "types", "base", "shared", "misc"}
	for _, s := range sources(t) {
		file := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
		if slices.Contains(refused, file) || slices.Contains(refused, path.Base(s.dir())) {
			t.Errorf("%s: the name says nothing of what is in it", s.path)
		}
	}
}
