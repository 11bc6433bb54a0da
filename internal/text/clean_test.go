package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/fault"
)

func TestClean(t *testing.T) {
	t.Parallel()
	five := Limits{Min: 2, Max: 5}
	lines := Limits{Max: 20, Lines: true}
	for _, tc := range []struct {
		name, in string
		limits   Limits
		want     string
		key      string
	}{
		{"as it is", "hej", five, "hej", ""},
		{"blanks at both ends", " \u00a0hej\u2003 ", five, "hej", ""},
		{"blanks do not count", "     hejsa     ", five, "hejsa", ""},
		{"composed", "A\u030age", five, "Åge", ""},
		{"parts count as one", strings.Repeat("a\u030a", 5), five, "ååååå", ""},
		{"characters, not bytes", "æøåæø", five, "æøåæø", ""},
		{"a family in parts", "👩\u200d👧", five, "👩\u200d👧", ""},
		{"too long", "æøåæøå", five, "æøåæøå", "text.long"},
		{"too short", "å", five, "å", "text.short"},
		{"empty", "", five, "", "text.empty"},
		{"only blanks", " \u00a0 ", five, "", "text.empty"},
		{"nothing to be seen", "\u200b\u200d", five, "\u200b\u200d", "text.empty"},
		{"only soft hyphens", "\u00ad\ufeff\u2060", five, "\u00ad\ufeff\u2060", "text.empty"},
		{"fillers that are letters", "\u3164\u2800\u115f", five, "\u3164\u2800\u115f", "text.empty"},
		{"accents of nothing", "\u0301\ufe0f", five, "\u0301\ufe0f", "text.empty"},
		{"one letter among them", "\u200ba", five, "\u200ba", ""},
		{"a sign and a number", "❤\ufe0f1", five, "❤\ufe0f1", ""},
		{"nothing to be seen may be", "\u200b", Limits{Max: 5}, "\u200b", ""},
		{"empty may be", "", Limits{Max: 5}, "", ""},
		{"a line's end where lines may be", "a\nb\r\n\tc", lines, "a\nb\r\n\tc", ""},
		{"a line's end", "a\nb", five, "a\nb", "text.characters"},
		{"a carriage return", "a\rb", five, "a\rb", "text.characters"},
		{"a tab", "a\tb", five, "a\tb", "text.characters"},
		{"a line's end at the end", "hej\n", five, "hej\n", "text.characters"},
		{"null", "a\x00b", lines, "a\x00b", "text.characters"},
		{"escape", "a\x1bb", lines, "a\x1bb", "text.characters"},
		{"delete", "a\x7fb", lines, "a\x7fb", "text.characters"},
		{"a control character beyond ASCII", "a\u0085b", lines, "a\u0085b", "text.characters"},
		{"what a lone surrogate becomes", "a\ufffdb", lines, "a\ufffdb", "text.characters"},
		{"invalid UTF-8", "a\xffb", lines, "a\xffb", "text.characters"},
		{"a surrogate in UTF-8", "a\xed\xa0\x80b", lines, "a\xed\xa0\x80b", "text.characters"},
		{"first embedding", "a\u202ab", lines, "a\u202ab", "text.characters"},
		{"right-to-left override", "a\u202eb", lines, "a\u202eb", "text.characters"},
		{"first isolate", "a\u2066b", lines, "a\u2066b", "text.characters"},
		{"last isolate", "a\u2069b", lines, "a\u2069b", "text.characters"},
		{"text from right to left", "שלום", five, "שלום", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var p fault.Problems
			if got := Clean(&p, "input.name", tc.in, tc.limits); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			var keys []string
			for _, e := range p {
				if e.Field != "input.name" || e.Kind != fault.KindInvalid {
					t.Errorf("problem %v is not Invalid at input.name", e)
				}
				keys = append(keys, e.Key)
			}
			if got := strings.Join(keys, " "); got != tc.key {
				t.Errorf("problems %q, want %q", got, tc.key)
			}
		})
	}
}

func TestCleanSaysTheLimit(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	Clean(&p, "f", "abcdef", Limits{Min: 2, Max: 5})
	Clean(&p, "f", "a", Limits{Min: 2, Max: 5})
	if diff := cmp.Diff([]fault.Args{{"Max": 5}, {"Min": 2}}, []fault.Args{p[0].Args, p[1].Args}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
