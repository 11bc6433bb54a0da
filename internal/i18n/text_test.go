package i18n

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

func TestTextClean(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		in     Text
		limits text.Limits
		want   Text
		faults []string
	}{
		{"nothing", nil, text.Line, nil, []string{"input.title text.empty"}},
		{"nothing, which may be", Text{}, text.Paragraph, Text{}, nil},
		{"Danish first", Text{{English, " Tea "}, {Danish, " Te "}}, text.Line, Text{{Danish, "Te"}, {English, "Tea"}}, nil},
		{"Danish first already", Text{{Danish, "Te"}, {English, "Tea"}}, text.Line, Text{{Danish, "Te"}, {English, "Tea"}}, nil},
		{"only English", Text{{English, "Tea"}}, text.Line, Text{{English, "Tea"}}, []string{"input.title text.danish"}},
		{"only English, which need not be", Text{{English, "Tea"}}, text.Paragraph, Text{{English, "Tea"}}, []string{"input.title text.danish"}},
		{"blank, which may be", Text{{English, " "}, {Danish, ""}}, text.Paragraph, Text{}, nil},
		{"blank in English", Text{{English, " "}, {Danish, "Te"}}, text.Paragraph, Text{{Danish, "Te"}}, nil},
		{"blank in Danish", Text{{English, "Tea"}, {Danish, " "}}, text.Paragraph, Text{{English, "Tea"}}, []string{"input.title text.danish"}},
		{"one language twice", Text{{Danish, "Te"}, {English, "Tea"}, {Danish, "Kaffe"}}, text.Line, Text{{Danish, "Te"}, {English, "Tea"}},
			[]string{"input.title.2.language text.language_twice"}},
		{"no language of ours", Text{{"SV", "Te"}}, text.Line, Text{}, []string{"input.title.0.language text.language_twice"}},
		{"problems of both", Text{{English, "\x00"}, {Danish, ""}}, text.Line, Text{{Danish, ""}, {English, "\x00"}},
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

// A title and its text are in the same languages, or there is no text.
func TestSameLanguages(t *testing.T) {
	t.Parallel()
	te, both := Text{{Danish, "Te"}}, Text{{Danish, "Te"}, {English, "Tea"}}
	for name, tc := range map[string]struct {
		title, text Text
		want        string
	}{
		"the same":         {both, both, ""},
		"Danish":           {te, te, ""},
		"no text":          {both, nil, ""},
		"an empty text":    {both, Text{}, ""},
		"no title":         {nil, both, ""},
		"no English text":  {both, te, "text text.languages"},
		"no English title": {te, both, "title text.languages"},
	} {
		var p fault.Problems
		SameLanguages(&p, "title", tc.title, "text", tc.text)
		var got string
		for _, e := range p {
			got += e.Field + " " + e.Key
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
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
