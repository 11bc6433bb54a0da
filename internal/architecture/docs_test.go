package architecture

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faellesskab/internal/config"
)

var packageRow = regexp.MustCompile("(?m)^\\| `([a-z0-9/]+)` \\| (.+) \\|$")

// docs/ARCHITECTURE.md has a row for each package, and for nothing else.
func TestArchitectureNamesEveryPackage(t *testing.T) {
	rows := map[string]string{}
	for _, m := range packageRow.FindAllStringSubmatch(read(t, "docs/ARCHITECTURE.md"), -1) {
		if _, twice := rows[m[1]]; twice {
			t.Errorf("%s has two rows", m[1])
		}
		rows[m[1]] = m[2]
	}
	var dirs []string
	for _, s := range sources(t) {
		if !slices.Contains(dirs, s.dir()) {
			dirs = append(dirs, s.dir())
		}
	}
	for _, dir := range dirs {
		sentence, ok := rows[dir]
		delete(rows, dir)
		if !ok {
			t.Errorf("docs/ARCHITECTURE.md has no row for %s: | `%s` | What it is. |", dir, dir)
		} else if !strings.HasSuffix(sentence, ".") {
			t.Errorf("docs/ARCHITECTURE.md: what it says of %s is no sentence: %s", dir, sentence)
		}
	}
	for name := range rows {
		t.Errorf("docs/ARCHITECTURE.md has a row for %s, which is not there", name)
	}
}

// The README has the table of settings that the program makes.
func TestReadmeTellsTheSettings(t *testing.T) {
	if !strings.Contains(read(t, "README.md"), config.MarkdownTable()) {
		t.Errorf("README.md does not hold the table of settings, which is now:\n\n%s", config.MarkdownTable())
	}
}

// The README opens with two commands, for which .ci/run looks.
func TestReadmeOpensWithTwoCommands(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, "README.md"), "\n```")
	block, _, closed := strings.Cut(rest, "\n```")
	lines := strings.Split(block, "\n")
	for _, want := range []string{"go run ./server", "go test ./..."} {
		if !closed || !slices.ContainsFunc(lines, func(line string) bool { return line == want || strings.HasPrefix(line, want+" ") }) {
			t.Errorf("the first fenced block of README.md has no line %q", want)
		}
	}
}

func TestCheckCanBeRun(t *testing.T) {
	info, err := os.Stat(filepath.Join(root, ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode()&0o111 == 0 {
		t.Error(".ci/run is not executable")
	}
}
