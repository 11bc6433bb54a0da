package testkit

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"faellesskab/internal/mongodb"
)

// servedFile names the file to which all tests of a run add the indexes that have served a query,
// so that TestEveryIndexHasServed in server finds those that have served none. `make indexes` sets it.
const servedFile = "INDEXES_SERVED"

func nameOf(i mongodb.Index) string { return fmt.Sprint(i.Collection, " ", i.Keys) }

// noteServed adds indexes to the file; each process of a run adds lines of its own.
func noteServed(t testing.TB, served map[string]bool) {
	t.Helper()
	path := os.Getenv(servedFile)
	if path == "" || len(served) == 0 {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(strings.Join(slices.Sorted(maps.Keys(served)), "\n") + "\n")
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Errorf("testkit: note which indexes have served: %v", err)
	}
}

// Idle are those of the indexes that no test of the run has needed. The test is skipped, and says so,
// if the run does not note them.
func Idle(t testing.TB, indexes []mongodb.Index) []string {
	t.Helper()
	path := os.Getenv(servedFile)
	if path == "" {
		t.Skipf("testkit: it takes a run of all tests to tell, and %s names no file of one: make indexes", servedFile)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return idle(indexes, string(raw))
}

func idle(indexes []mongodb.Index, served string) (names []string) {
	lines := strings.Split(served, "\n")
	for _, i := range indexes {
		if !slices.Contains(lines, nameOf(i)) {
			names = append(names, nameOf(i))
		}
	}
	return names
}
