package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The API goldens say what each operation answers to whom.
//
// A folder testdata/api/<noun>/<operation> has a seed.json, the documents that
// are run first (see golden_seed_test.go), and cases: <case>.graphql is a
// document whose first lines may be
//
//	# persona: leader
//	# language: en
//	# variables: {"id": "$group"}
//	# maxQueries: 3
//
// (anonymous and Danish if they are left out; maxQueries is for queries), and
// <case>.golden.json is the answer, without its requestId. The clock and ids are the test's
// own, so nothing else differs from run to run. The cases of a folder share one server. Those
// named success come last, because they may change what the others see. For a case that makes
// no sense there is a file <case>.na that says why.
//
// go test ./server -run TestAPI -update writes the answers anew. Read the diff then as a person
// with that phone would.

var update = flag.Bool("update", false, "write golden files anew")

const apiFolder = "testdata/api"

func TestAPI(t *testing.T) {
	t.Parallel()
	seeds, err := filepath.Glob(apiFolder + "/*/*/seed.json")
	if err != nil || len(seeds) == 0 {
		t.Fatalf("no operations in %s: %v", apiFolder, err)
	}
	for _, seed := range seeds {
		folder := filepath.Dir(seed)
		name, _ := strings.CutPrefix(filepath.ToSlash(folder), apiFolder+"/")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.seed(seed)
			for _, c := range readCases(t, folder) {
				s.play(c)
			}
		})
	}
}

// goldenCase is one document and the persona that sends it.
type goldenCase struct {
	path       string // without its extension
	persona    string
	language   string
	variables  vars
	maxQueries int    // 0: no limit is given
	commands   string // of a screen
	document   string
}

func (c goldenCase) name() string   { return filepath.Base(c.path) }
func (c goldenCase) succeeds() bool { return strings.HasPrefix(c.name(), "success") }
func (c goldenCase) golden() string { return c.path + ".golden.json" }
func (c goldenCase) isBefore() int  { return map[bool]int{false: 0, true: 1}[c.succeeds()] }
func (c goldenCase) compare(d goldenCase) int {
	if c.succeeds() != d.succeeds() {
		return c.isBefore() - d.isBefore()
	}
	return strings.Compare(c.name(), d.name())
}

func readCases(t testing.TB, folder string) []goldenCase {
	t.Helper()
	paths, err := filepath.Glob(folder + "/*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	var cases []goldenCase
	for _, path := range paths {
		cases = append(cases, readCase(t, path))
	}
	slices.SortFunc(cases, goldenCase.compare)
	return cases
}

func readCase(t testing.TB, path string) goldenCase {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := goldenCase{path: strings.TrimSuffix(path, ".graphql"), persona: "anonymous", document: string(text)}
	for line := range strings.Lines(c.document) {
		key, value, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), ": ")
		if !strings.HasPrefix(line, "#") || !ok {
			break
		}
		switch key {
		case "persona":
			c.persona = value
		case "language":
			c.language = value
		case "variables":
			if err := json.Unmarshal([]byte(value), &c.variables); err != nil {
				t.Fatalf("%s: the variables: %v", path, err)
			}
		case "commands":
			c.commands = value
		case "maxQueries":
			if c.maxQueries, err = strconv.Atoi(value); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		default:
			t.Fatalf("%s: nobody knows %q", path, key)
		}
	}
	return c
}

// play runs a case, and looks at its answer.
func (s *stage) play(c goldenCase) {
	s.t.Helper()
	got := s.answer(c.persona, c.language, c.document, c.variables)
	if c.maxQueries > 0 {
		sent := s.sent(func() { s.answer(c.persona, c.language, c.document, c.variables) })
		if len(sent) > c.maxQueries {
			s.t.Errorf("%s: %d commands, want at most %d: %v", c.path, len(sent), c.maxQueries, sent)
		}
	}
	s.checkKind(c, got)
	s.compare(c, got)
}

// compare compares an answer with the golden one.
func (s *stage) compare(c goldenCase, got map[string]any) {
	s.t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(got); err != nil {
		s.t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(c.golden(), text.Bytes(), 0o600); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(c.golden())
	if err != nil {
		s.t.Errorf("%v; run with -update", err)
		return
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		s.t.Errorf("%s: the answer differs (-golden +now):\n%s", c.path, diff)
	}
}

// checkKind checks that a case fits its name. A success has no errors. Any other case has at
// least one, and each has a text and a code that is not INTERNAL.
func (s *stage) checkKind(c goldenCase, got map[string]any) {
	s.t.Helper()
	list, _ := got["errors"].([]any)
	if c.succeeds() != (len(list) == 0) {
		s.t.Errorf("%s: the errors are %v", c.path, list)
	}
	for _, e := range list {
		problem, _ := e.(map[string]any)
		extensions, _ := problem["extensions"].(map[string]any)
		if problem["message"] == "" || extensions["code"] == nil || extensions["code"] == "INTERNAL" {
			s.t.Errorf("%s: nobody can act on %v", c.path, problem)
		}
	}
}
