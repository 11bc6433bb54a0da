package notify

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// What this version can say it knows: a kind that were left out would be taken for
// one of a newer version, and stay untold.
func TestEveryKindIsKnown(t *testing.T) {
	t.Parallel()
	declared := func(file, pattern string) []string {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, found := range regexp.MustCompile(pattern).FindAllSubmatch(source, -1) {
			list = append(list, string(found[1]))
		}
		return list
	}
	kinds := declared("cause.go", `\bKind\w+\s+Kind = "(\w+)"`)
	for _, k := range kinds {
		if !Kind(k).IsKnown() || !slices.Contains(Kinds, Kind(k)) {
			t.Errorf("news %s is not known", k)
		}
	}
	reasons := declared("reason.go", `\bReason\w+\s+ReasonKind = "(\w+)"`)
	for _, k := range reasons {
		if !(Reason{Kind: ReasonKind(k)}).IsKnown() {
			t.Errorf("reason %s is not known", k)
		}
	}
	rules := declared("decide.go", `\bRule\w+\s+Rule = "(\w+)"`)
	for _, r := range rules {
		if !slices.Contains(Rules, Rule(r)) {
			t.Errorf("rule %s is not known", r)
		}
	}
	if len(kinds) != len(Kinds) || len(reasons) < 9 || len(rules) != len(Rules) {
		t.Errorf("%d kinds, %d reasons, %d rules", len(kinds), len(reasons), len(rules))
	}
}
