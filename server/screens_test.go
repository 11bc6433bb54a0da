package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/gqlhttp"
	"faellesskab/internal/testkit"
	"faellesskab/schema"
)

// The screens are what an app opens first, each one query. testdata/screens has them as the app sends
// them, beside the expected answers, and the typed client of conformance is made from them. Their first
// lines are those of the API goldens, and one that names each command which the database gets, also for
// the sign-in of an app that has called a moment ago:
//
//	# commands: find bookings, find events, find groups
//
// -update writes the answers anew and leaves the commands alone: one more is something to explain, in
// the guide.

const (
	screensFolder = "testdata/screens"
	screensAtOnce = 50
)

func TestScreens(t *testing.T) {
	t.Parallel()
	named := &testkit.Counter{Only: ofRequests, Named: true}
	s := newStage(t, testkit.WithPatience(), testkit.WithCounter(named))
	s.seed(filepath.Join(screensFolder, "seed.json"))
	for _, c := range readCases(t, screensFolder) {
		if c.persona != "anonymous" {
			s.personID(personas[c.persona]) // an app that is open has just been recognised
		}
		named.Reset()
		answer := s.answer(c.persona, c.language, c.document, c.variables)
		got := named.Commands()
		slices.Sort(got)
		if diff := cmp.Diff(strings.Split(c.commands, ", "), got); diff != "" {
			t.Errorf("%s: other commands than its first lines say (-said +sent):\n%s", c.path, diff)
		}
		if answer["errors"] != nil {
			t.Errorf("%s: %v", c.path, answer["errors"])
		}
		s.compare(c, answer)
		t.Logf("%s: %d commands, %d bytes asked, %d answered", c.name(), len(got), len(c.document), bytesOf(t, answer))
		named.Reset()
		if refused := s.atOnce(c); refused > 0 || named.Count() != screensAtOnce*len(got) {
			t.Errorf("%s: %d at once send other commands than so many times %v; %d are refused: %v", c.path, screensAtOnce, got, refused, tally(named.Commands()))
		}
	}
}

// tally is how often each is there.
func tally(names []string) map[string]int {
	times := map[string]int{}
	for _, name := range names {
		times[name]++
	}
	return times
}

// bytesOf is how long an answer is.
func bytesOf(t *testing.T, answer map[string]any) int {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		t.Fatal(err)
	}
	return text.Len()
}

// atOnce sends a screen many times at once, and counts the answers that are refused or have errors.
func (s *stage) atOnce(c goldenCase) (refused int) {
	s.t.Helper()
	body, err := json.Marshal(vars{"query": c.document, "variables": s.resolve(c.variables)})
	if err != nil {
		s.t.Fatal(err)
	}
	var calls sync.WaitGroup
	var mu sync.Mutex
	for range screensAtOnce {
		calls.Go(func() {
			status, answer := s.post(c.persona, c.language, body)
			mu.Lock()
			defer mu.Unlock()
			if status != http.StatusOK || answer["errors"] != nil {
				refused++
			}
		})
	}
	calls.Wait()
	return refused
}

const guide = "../docs/SCHEMA_GUIDE.md"

// The guide says of each screen how much of the limits it takes.
func TestTheGuideSaysWhatScreensTake(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for _, c := range readCases(t, screensFolder) {
		took, err := gqlhttp.Measure(schema.MustLoad(), c.document, c.variables)
		if err != nil {
			t.Fatalf("%s: %v", c.path, err)
		}
		fmt.Fprintf(&rows, "| [%s](../server/%s.graphql) | %d | %d | %d | %d | %d |\n", c.name(), c.path,
			len(strings.Split(c.commands, ", ")), took.Cost, took.Depth, took.Aliases, took.RootFields)
	}
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	above, below, _ := strings.Cut(string(text), "| Screen |")
	head, below, _ := strings.Cut(below, "---|\n")
	said, rest, found := strings.Cut(below, "| *limit* |")
	if !found {
		t.Fatalf("%s has no table of the screens that ends in their limits", guide)
	}
	if *update {
		if err := os.WriteFile(guide, []byte(above+"| Screen |"+head+"---|\n"+rows.String()+"| *limit* |"+rest), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(said, rows.String()); diff != "" {
		t.Errorf("%s says something else of the screens; run with -update (-guide +now):\n%s", guide, diff)
	}
}
