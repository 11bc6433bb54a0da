package booking

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table anew")

// Every act has exactly one step for a booking in each state, and none overwrites what a newer
// version has written.
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
			if !ok || st.changes() && (st.refuse != nil || !st.to.IsValid() || st.to == state) {
				t.Errorf("%s: of %q becomes %q, refused: %t, known: %t", a.name, state, st.to, st.refuse != nil, ok)
			}
			if st.because != "" != ((st.to == Cancelled || st.to == Declined) && a.by != oneself) {
				t.Errorf("%s: of %q becomes %q because of %q", a.name, state, st.to, st.because)
			}
		}
		if len(a.from) != len(States) {
			t.Errorf("%s knows %d states", a.name, len(a.from))
		}
		if a.newer.changes() || a.by == oneself && a.newer.refuse == nil {
			t.Errorf("%s overwrites what a newer version has written", a.name)
		}
	}
}

// The table is printed for people to read.
func TestTheTableReadsAsPrinted(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, a := range acts {
		fmt.Fprintf(&b, "%s (by %s)\n", a.name, a.by)
		for _, state := range append(slices.Clone(States), "of a newer version") {
			fmt.Fprintf(&b, "  %-18s %s\n", cmp.Or(string(state), "none"), a.reads(state))
		}
	}
	const golden = "testdata/booking.golden"
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

// reads is one step in words.
func (a act) reads(s State) string {
	st, err := a.on(s)
	if err != nil {
		return "refused: " + st.refuse().Key
	}
	words := []string{cmp.Or(string(st.to), "stays")}
	if st.because != "" {
		words = append(words, "because of "+string(st.because))
	}
	switch {
	case st.frees():
		words = append(words, "its seats go to the line")
	case st.looks:
		words = append(words, "the line is looked at")
	case st.to.Holds() && !s.Holds():
		words = append(words, "takes seats")
	}
	if st.tell != "" {
		words = append(words, "telling: "+string(st.tell))
	}
	return strings.Join(words, ", ")
}

// Every state is reached by some act and left by some act, except that none is reached.
func TestWhatEveryStateIsLeftBy(t *testing.T) {
	t.Parallel()
	reached, left := map[State]bool{}, map[State]bool{}
	for _, a := range acts {
		for from, st := range a.from {
			if st.changes() {
				reached[st.to], left[from] = true, true
			}
		}
	}
	for _, s := range States {
		if reached[s] == (s == stateNone) || !left[s] {
			t.Errorf("%q is reached: %t, left: %t", s, reached[s], left[s])
		}
	}
}

// What is said of a state fits what the acts do with it, and the queries that look for people
// in line.
func TestTheStatesAgreeWithTheActs(t *testing.T) {
	t.Parallel()
	for _, s := range States[1:] {
		if s.IsSignedUp() != (s.Holds() || s.isHeld()) || actTake.refuses(s) != actJoin.refuses(s) {
			t.Errorf("%s: is signed up %t, has seats %t, will be used %t, may join the line %t", s, s.IsSignedUp(), s.Holds(), s.isHeld(), !actJoin.refuses(s))
		}
		for _, a := range []act{actGrant, actOffer, actPassOver, actMisfit} {
			if a.from[s].changes() != (s == Waitlisted) {
				t.Errorf("%s changes %s, and people in line are looked for as WAITLISTED", a.name, s)
			}
		}
	}
}
