package i18n

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/fault"
)

func TestCleanText(t *testing.T) {
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
			if got := CleanText(&p, "input.name", tc.in, tc.limits); got != tc.want {
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

func TestCleanTextSaysTheLimit(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	CleanText(&p, "f", "abcdef", Limits{Min: 2, Max: 5})
	CleanText(&p, "f", "a", Limits{Min: 2, Max: 5})
	if diff := cmp.Diff([]fault.Args{{"Max": 5}, {"Min": 2}}, []fault.Args{p[0].Args, p[1].Args}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTextClean(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		in     Text
		limits Limits
		want   Text
		faults []string
	}{
		{"nothing", nil, Line, nil, []string{"input.title text.empty"}},
		{"nothing, which may be", Text{}, Paragraph, Text{}, nil},
		{"Danish first", Text{{English, " Tea "}, {Danish, " Te "}}, Line, Text{{Danish, "Te"}, {English, "Tea"}}, nil},
		{"Danish first already", Text{{Danish, "Te"}, {English, "Tea"}}, Line, Text{{Danish, "Te"}, {English, "Tea"}}, nil},
		{"only English", Text{{English, "Tea"}}, Line, Text{{English, "Tea"}}, nil},
		{"one language twice", Text{{Danish, "Te"}, {English, "Tea"}, {Danish, "Kaffe"}}, Line, Text{{Danish, "Te"}, {English, "Tea"}},
			[]string{"input.title.2.language text.language_twice"}},
		{"no language of ours", Text{{"SV", "Te"}}, Line, Text{}, []string{"input.title.0.language text.language_twice"}},
		{"problems of both", Text{{English, "\x00"}, {Danish, ""}}, Line, Text{{Danish, ""}, {English, "\x00"}},
			[]string{"input.title.0.text text.characters", "input.title.1.text text.empty"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			before := slices.Clone(tc.in)
			var p fault.Problems
			got := tc.in.Clean(&p, "input.title", tc.limits)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			var faults []string
			for _, e := range p {
				faults = append(faults, e.Field+" "+e.Key)
			}
			if diff := cmp.Diff(tc.faults, faults); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, tc.in); diff != "" {
				t.Errorf("the input was changed:\n%s", diff)
			}
		})
	}
}

func TestTextIn(t *testing.T) {
	t.Parallel()
	both := Text{{Danish, "Te"}, {English, "Tea"}}
	for _, tc := range []struct {
		name     string
		text     Text
		language Language
		want     string
	}{
		{"Danish", both, Danish, "Te"},
		{"English", both, English, "Tea"},
		{"Danish for want of English", both[:1], English, "Te"},
		{"English for want of Danish", both[1:], Danish, "Tea"},
		{"another language", both, "SV", "Te"},
		{"nothing", nil, Danish, ""},
	} {
		if got := tc.text.In(tc.language); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
	if diff := cmp.Diff([]string{"Te", "Tea"}, both.All()); diff != "" {
		t.Errorf("All (-want +got):\n%s", diff)
	}
}

func TestSortKey(t *testing.T) {
	t.Parallel()
	// aa sorts as å, but each stays where a Dane looks for it.
	want := []string{"Andelslandsby", "Butterup", "Gislinge", "Holbæk By", "Jyderup", "Tuse", "Tuse Næs", "Undløse",
		"Vipperød", "Zebra", "Æblegård", "Ørslev", "Ågerup", "Aarup"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	for _, pair := range [][2]string{{"ØRSLEV", "ørslev"}, {"Ågerup", "A\u030agerup"}} {
		if SortKey(pair[0]) != SortKey(pair[1]) {
			t.Errorf("%q and %q have different keys", pair[0], pair[1])
		}
	}
	if SortKey("Tuse") == SortKey("Tusa") {
		t.Error("different names have the same key")
	}
}
