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
		{"a family of one character", "👩\u200d👧", five, "👩\u200d👧", "text.short"},
		{"two families", "👩\u200d👧👩\u200d👧", five, "👩\u200d👧👩\u200d👧", ""},
		{"too long", "æøåæøå", five, "æøåæøå", "text.long"},
		{"too short", "å", five, "å", "text.short"},
		{"empty", "", five, "", "text.empty"},
		{"only blanks", " \u00a0 ", five, "", "text.empty"},
		{"nothing to be seen", "\u200b\u200d", five, "\u200b\u200d", "text.empty"},
		{"only soft hyphens", "\u00ad\ufeff\u2060", five, "\u00ad\ufeff\u2060", "text.empty"},
		{"fillers that are letters", "\u3164\u2800\u115f", five, "\u3164\u2800\u115f", "text.empty"},
		{"accents of nothing", "\u0301\ufe0f", five, "\u0301\ufe0f", "text.empty"},
		{"a blank note", "\U0001d159", five, "\U0001d159", "text.empty"},
		{"tags", "\U000e0041\U000e0042", five, "\U000e0041\U000e0042", "text.empty"},
		{"choosers of a form", "\ufe0f\ufe0e\U000e0100", five, "\ufe0f\ufe0e\U000e0100", "text.empty"},
		{"a Khmer vowel that is not seen", "\u17b4", five, "\u17b4", "text.empty"},
		{"a sign and a number", "❤\ufe0f1", five, "❤\ufe0f1", ""},
		{"nothing to be seen, which may be empty", "\u200b\u2800", Limits{Max: 5}, "", ""},
		{"empty may be", "", Limits{Max: 5}, "", ""},
		{"ends of lines where these may be", "a\nb\r\n\tc\rd\u2028e\u2029f", lines, "a\nb\n\tc\nd\ne\nf", ""},
		{"a line separator", "a\u2028b", five, "a\u2028b", "text.characters"},
		{"a paragraph separator", "a\u2029b", five, "a\u2029b", "text.characters"},
		{"a next line", "a\u0085b", five, "a\u0085b", "text.characters"},
		{"a vertical tab", "a\vb", lines, "a\vb", "text.characters"},
		{"a form feed", "a\fb", lines, "a\fb", "text.characters"},
		{"what a page brings along", "\ufeffor\u00addet\u200b her\u200f", lines, "ordet her", ""},
		{"only what a page brings along", "\u200b\u200e", Limits{Min: 1, Max: 9, Lines: true}, "", "text.empty"},
		{"tags behind a text", "abc\U000e0041\U000e0042", lines, "abc\U000e0041\U000e0042", "text.invisible"},
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
		{"first embedding", "a\u202ab", lines, "a\u202ab", "text.invisible"},
		{"right-to-left override", "a\u202eb", lines, "a\u202eb", "text.invisible"},
		{"first isolate", "a\u2066b", lines, "a\u2066b", "text.invisible"},
		{"last isolate", "a\u2069b", lines, "a\u2069b", "text.invisible"},
		{"private", "a\ue000b", lines, "a\ue000b", "text.characters"},
		{"private beyond", "a\U000f0000b", lines, "a\U000f0000b", "text.characters"},
		{"no character", "a\ufdd0b", lines, "a\ufdd0b", "text.characters"},
		{"no character beyond", "a\U0001ffffb", lines, "a\U0001ffffb", "text.characters"},
		{"not assigned", "a\u0378b", lines, "a\u0378b", "text.characters"},
		{"an object left behind", "a\ufffcb", lines, "a\ufffcb", "text.characters"},
		{"an annotation", "a\ufff9b", lines, "a\ufff9b", "text.characters"},
		{"the last that orders", "a\u206fb", lines, "a\u206fb", "text.invisible"},
		{"five marks", "a\u0301\u0302\u0303\u0304\u0306", five, "a\u0301\u0302\u0303\u0304\u0306", "text.characters"},
		{"four marks", "aq\u0301\u0302\u0303\u0304", five, "aq\u0301\u0302\u0303\u0304", ""},
		{"a mark before the first letter", "\u0301Ane", five, "\u0301Ane", "text.characters"},
		{"a vowel sign before the first letter", " \u0903Ane", five, "\u0903Ane", "text.characters"},
		{"marks with joiners between", "م\u064e\u0650\u0651\u0652\u200d\u064e", five, "م\u064e\u0650\u0651\u0652\u200d\u064e", "text.characters"},
		{"signs that take room, piled up", "क" + strings.Repeat("\u0903", 12), five, "क" + strings.Repeat("\u0903", 12), "text.characters"},
		{"Burmese marks", "မြို့", five, "မြို့", "text.short"},
		{"blanks between words", "a  \u2003 b", five, "a b", ""},
		{"a wide blank", "a\u3000b", five, "a b", ""},
		{"a blank at which no line ends", "1\u00a0kr", five, "1\u00a0kr", ""},
		{"blanks between words of a paragraph", "a   b", lines, "a   b", ""},
		{"marks of direction among Arabic letters", "\u200fأحمد\u200e!\u061c", five, "أحمد!", ""},
		{"a mark of direction among Hebrew letters", "דן\u200f (7)", Line, "דן (7)", ""},
		{"Egyptian without a sign", "\U00013441\U00013442", five, "\U00013441\U00013442", "text.empty"},
		{"a filler alone", "\U00016fe4", five, "\U00016fe4", "text.empty"},
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

// What shows nothing stays where a script or a picture needs it, and is refused everywhere else.
func TestInvisibleCharacters(t *testing.T) {
	t.Parallel()
	for name, kept := range map[string]string{
		"Persian":                          "می\u200cخواهم",
		"Persian with a vowel mark":        "مَ\u200cی",
		"Kurdish, at a word's end":         "ه\u200c ب",
		"Hindi":                            "क्\u200dष",
		"Bengali":                          "র\u200d্য",
		"Sinhala":                          "ශ්\u200dරී",
		"a family":                         "👩\u200d👩\u200d👧",
		"skin and work":                    "👩🏽\u200d⚕\ufe0f",
		"a heart on fire":                  "❤\ufe0f\u200d🔥",
		"a flag of two letters":            "🇩🇰",
		"a rainbow flag":                   "🏳\ufe0f\u200d🌈",
		"a flag of a country in a country": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
		"a key":                            "1\ufe0f\u20e3",
		"a form of a character":            "葛\U000e0100",
		"a form of Mongolian":              "ᠠ\u180b",
		"a picture newer than us":          "\U0001fae9",
		"a Syriac line over letters":       "\u070fܐܒ",
		"Egyptian, one above another":      "𓀀\U00013430𓀁",
	} {
		var p fault.Problems
		if got := Clean(&p, "f", "Ane "+kept+" Bo", Line); got != "Ane "+kept+" Bo" || len(p) > 0 {
			t.Errorf("%s: %q became %q, %v", name, kept, got, p)
		}
		if got := Clean(&p, "f", kept, Line); got != kept || len(p) > 0 {
			t.Errorf("%s alone: %q became %q, %v", name, kept, got, p)
		}
	}
	for name, stray := range map[string]string{
		"inside a word":              "Demo-gruppe\u200bleder",
		"at the beginning":           "\u200dAne",
		"at the end":                 "Ane\u200c",
		"between Danish letters":     "A\u200dne",
		"after a picture":            "👩\u200d",
		"between a picture and text": "👩\u200dAne",
		"two joiners":                "می\u200c\u200cخ",
		"a soft hyphen":              "Ane\u00adBo",
		"a word joiner":              "Ane\u2060Bo",
		"a byte order mark":          "\ufeffAne",
		"left to right":              "Ane\u200e",
		"right to left":              "Ane\u200f",
		"a form of a letter":         "A\ufe0fne",
		"a form of a Danish letter":  "A\U000e0100ne",
		"tags without a flag":        "Ane\U000e0067\U000e007f",
		"a flag without an end":      "🏴\U000e0067\U000e0062Ane",
		"a book in a flag":           "🏴\U000e0067\U000e0062\U000e0067\U000e0062\U000e0067\U000e0062\U000e0067\U000e007f",
		"a filler":                   "Ane\u3164Bo",
		"half a filler":              "Ane\uffa0Bo",
		"blank braille":              "Ane\u2800Bo",
		"a grapheme joiner":          "An\u034fe",
		"an invisible plus":          "Ane\u2064",
		"a vowel separator":          "Ane\u180e",
		"room in Egyptian":           "Ane\U00013441",
		"an order of Egyptian":       "Ane\U00013430Bo",
		"a Khitan filler":            "Ane\U00016fe4",
		"a Syriac line":              "Ane\u070fBo",
	} {
		var p fault.Problems
		if Clean(&p, "f", stray, Line); len(p) != 1 || p[0].Key != "text.invisible" {
			t.Errorf("%s: %q is taken: %v", name, stray, p)
		}
	}
}

// A length is what a reader counts, with an end.
func TestLengthIsWhatAReaderCounts(t *testing.T) {
	t.Parallel()
	family := "👩\u200d👩\u200d👧\u200d👦"
	for _, tc := range []struct {
		in, key string
	}{
		{strings.Repeat(family, 5), ""},
		{strings.Repeat(family, 6), "text.long"},
		{strings.Repeat("q\u0301", 5), ""},
		{strings.Repeat("🇩🇰", 5), ""},
		{strings.Repeat("👩\u200d", 40) + "👩", "text.characters"}, // one character for the counter, and no reader has seen it
	} {
		var p fault.Problems
		Clean(&p, "f", tc.in, Limits{Max: 5})
		if key := p.Err(); (key != nil) != (tc.key != "") || key != nil && p[0].Key != tc.key {
			t.Errorf("%q: %v, want %q", tc.in, p, tc.key)
		}
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
