//go:build !race

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/testkit/byhand"
)

// countsScreens makes the test below the process that counts.
const countsScreens = "FAELLESSKAB_TEST_SCREENS_COUNT"

// allocationsFile says how many allocations each screen takes.
var allocationsFile = filepath.Join(screensFolder, "allocations.txt")

// allocationsMay is by how much a screen may take more or fewer than the file says, in per cent.
const allocationsMay = 10

// The server answers the screens from the replay as it did from the database, with as many allocations
// as it took before. They are counted in a process in which nothing else happens, one call at a time.
// -update writes the file anew: a change says that the screens have become dearer or cheaper.
func TestAllocationsOfTheScreens(t *testing.T) {
	switch {
	case os.Getenv(runAsScreensWorld) != "":
		fillWorld(t)
		return
	case os.Getenv(countsScreens) != "":
		countScreens(t)
		return
	}
	t.Parallel()
	cmd, in := self(t, countsScreens, "-test.run=^TestAllocationsOfTheScreens$")
	defer in.Close()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var counted strings.Builder
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, countedAs) {
			counted.WriteString(strings.TrimPrefix(line, countedAs))
		}
	}
	holdByHand(t, perScreen(t, counted.String()))
	compareAllocations(t, counted.String())
}

// mostByHand is how many allocations each handler written by hand may take, which -update does not raise:
// a slow one must not make the server look fast.
var mostByHand = map[string]int{
	"event": 870, "feed": 4250, "group": 4580, "inbox": 10300, "leaders-event": 3750, "onboarding": 3850,
	"trivial": 495, "anonymous": 24, "signed-in": 358, "sign-up": 1250,
}

// holdByHand asserts that what is written by hand stays cheap.
func holdByHand(t *testing.T, counted map[string]int) {
	t.Helper()
	for name, n := range counted {
		if screen, isByHand := strings.CutSuffix(name, "/byhand"); isByHand && n > mostByHand[screen] {
			t.Errorf("%s takes %d allocations, and may take %d", name, n, mostByHand[screen])
		}
	}
}

// countedAs begins the lines in which the counting process says what it has counted.
const countedAs = "allocations: "

func compareAllocations(t *testing.T, counted string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(allocationsFile, []byte(counted), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(allocationsFile)
	if err != nil {
		t.Fatal(err)
	}
	was, is := perScreen(t, string(text)), perScreen(t, counted)
	for name, n := range is {
		if 100*n > (100+allocationsMay)*was[name] || 100*n < (100-allocationsMay)*was[name] {
			t.Errorf("%s takes %d allocations; %s says %d. If that is meant, run with -update", name, n, allocationsFile, was[name])
		}
	}
	if len(was) != len(is) {
		t.Errorf("%s has %d lines, and %d operations are measured; run with -update", allocationsFile, len(was), len(is))
	}
}

func perScreen(t *testing.T, text string) map[string]int {
	t.Helper()
	list := map[string]int{}
	for line := range strings.Lines(text) {
		var name string
		var n int
		if _, err := fmt.Sscanf(line, "%s %d", &name, &n); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		list[name] = n
	}
	return list
}

// countScreens is the process that counts.
func countScreens(t *testing.T) {
	w := beginWorld(t)
	app := w.open(t, w.connect(t))
	if diff := cmp.Diff(w.Answers, w.answers(t, app)); diff != "" {
		t.Errorf("the replay answers differently (-database +replay):\n%s", diff)
	}
	handler := w.byHand(t, app)
	for _, c := range w.Calls {
		server := caller{app.http.Handler, c.request(t, app), bodyOf(c)}
		fmt.Printf("%s%s %d\n", countedAs, c.Name, server.allocations())
		if byhand.Answers(c.Operation) {
			hand := server
			hand.handler = handler
			fmt.Printf("%s%s/byhand %d\n", countedAs, c.Name, hand.allocations())
		}
	}
}

// allocations is how many allocations a call takes, in the mean of many.
func (c caller) allocations() uint64 {
	const warm, many = 5, 40
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	w := &plainWriter{header: map[string][]string{}}
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // so that nothing is thrown away that is kept for reuse
	for range warm {
		c.call(w)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range many {
		c.call(w)
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs + many/2) / many
}
