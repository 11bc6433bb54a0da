package group

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table anew")

// Every act has exactly one step for a membership in each state.
func TestTheTableOfStatesIsComplete(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, a := range acts {
		if names[a.name] || a.by == "" {
			t.Errorf("%q twice, or by nobody", a.name)
		}
		names[a.name] = true
		for _, state := range States {
			st, ok := a.from[state]
			if !ok || st.to != "" && (st.refuse != nil || !st.to.IsValid()) {
				t.Errorf("%s: of %q becomes %q, refused: %t, known: %t", a.name, state, st.to, st.refuse != nil, ok)
			}
			if st.to == state && state != stateNone {
				t.Errorf("%s: %q becomes itself", a.name, state)
			}
		}
		if len(a.from) != len(States) {
			t.Errorf("%s knows %d states", a.name, len(a.from))
		}
		if a.newer.to != "" || a.by != program && a.newer.refuse == nil {
			t.Errorf("%s overwrites what a newer version has written", a.name)
		}
	}
}

// The table is printed for people to read.
func TestTheTableReadsAsPrinted(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, a := range acts {
		fmt.Fprintf(&b, "%s (by %s", a.name, a.by)
		if a.notOneself {
			b.WriteString(", not to oneself")
		}
		if a.ends {
			b.WriteString("; ends what is held")
		}
		b.WriteString(")\n")
		for _, state := range append(States[:len(States):len(States)], "of a newer version") {
			st, ok := a.from[state]
			if !ok {
				st = a.newer
			}
			what := cmp.Or(string(st.to), "stays")
			if st.refuse != nil {
				what = "refused: " + st.refuse().Key
			}
			if st.tell != "" {
				what += ", telling: " + string(st.tell)
			}
			fmt.Fprintf(&b, "  %-18s %s\n", cmp.Or(string(state), "none"), what)
		}
	}
	const golden = "testdata/membership.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != b.String() {
		t.Errorf("the table is not as printed (%v): look at it, and run this test with -update\n%s", err, b.String())
	}
}

// Nobody becomes or stops being a member except by an act that says so.
func TestWhatEveryStateIsLeftBy(t *testing.T) {
	t.Parallel()
	reached, left := map[MembershipState]bool{}, map[MembershipState]bool{}
	for _, a := range acts {
		for from, st := range a.from {
			if st.to != "" {
				reached[st.to], left[from] = true, true
			}
		}
	}
	for _, state := range States {
		if state != stateNone && !reached[state] || !left[state] {
			t.Errorf("%q is reached: %t, left: %t", state, reached[state], left[state])
		}
	}
}
