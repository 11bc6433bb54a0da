package architecture

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const decisions = "docs/adr"

var mentionOfDecision = regexp.MustCompile(`ADR ([0-9]+)`)

// docs/adr/README.md lists each decision by its number and title, and nothing else. What is mentioned
// anywhere as "ADR 33" is there.
func TestEveryDecisionIsListed(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, decisions, "[0-9]*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no decisions: %v", err)
	}
	index, known := read(t, decisions+"/README.md"), map[string]string{}
	for _, path := range files {
		name := filepath.Base(path)
		title, _, _ := strings.Cut(strings.TrimPrefix(read(t, decisions+"/"+name), "# "), "\n")
		number, words, _ := strings.Cut(title, ". ")
		if digits, _, _ := strings.Cut(name, "-"); strings.TrimLeft(digits, "0") != number {
			t.Errorf("%s calls itself %s", name, number)
		}
		if other, twice := known[number]; twice {
			t.Errorf("%s and %s have the same number", other, name)
		}
		known[number] = name
		if line := fmt.Sprintf("- [%s](%s): %s\n", number, name, words); !strings.Contains(index, line) {
			t.Errorf("%s/README.md has no line\n%s", decisions, line)
		}
	}
	if lines := strings.Count(index, "\n- ["); lines != len(files) {
		t.Errorf("%s/README.md has %d lines for %d decisions", decisions, lines, len(files))
	}
	for at, text := range textsThatMention(t) {
		for _, m := range mentionOfDecision.FindAllStringSubmatch(text, -1) {
			if known[m[1]] == "" {
				t.Errorf("%s mentions ADR %s, which is not there", at, m[1])
			}
		}
	}
}

// textsThatMention are the texts that may mention decisions: the sources, the schema and the documents.
func textsThatMention(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, s := range sources(t) {
		texts[s.path] = read(t, s.path)
	}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "schema/*.graphqls"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts[path] = string(raw)
		}
	}
	return texts
}
