package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// finds decides as the database does: all terms of the query must be in the array.
func finds(document []string, typed string) bool {
	terms := Query(typed)
	if len(terms) == 0 {
		return false
	}
	for _, term := range terms {
		if !slices.Contains(document, term) {
			return false
		}
	}
	return true
}

func TestFinds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, document, typed string
		want                  bool
	}{
		{"the word", "Fællesspisning", "fællesspisning", true},
		{"in other case", "Fællesspisning på SKOLEN", "FÆLLESSPISNING Skolen", true},
		{"its beginning", "Fællesspisning", "fæll", true},
		{"two characters", "Fællesspisning", "fæ", true},
		{"a longer beginning than is kept", "Generalforsamling", "generalforsaml", true},
		{"a long last word in another form", "Generalforsamling", "generalforsamlingerne", true},
		{"a long first word in another form", "Generalforsamling i Tuse", "generalforsamlingen tuse", true},
		{"not its middle", "Fællesspisning", "spisning", false},
		{"what follows the twelfth character does not count", "Fællesspisning", "fællesspisnisse", true},
		{"another word", "Fællesspisning", "fodbold", false},
		{"one of two words", "Fællesspisning i Vipperød", "fællesspisning tuse", false},
		{"words in another order", "Fællesspisning i Vipperød", "vipperød fælles", true},
		{"across texts and signs", "Kaffe, te & kage (gratis)", "kage-kaffe", true},
		{"a number", "Generalforsamling 2027", "2027", true},

		{"kurserne finds kurser", "Vores kurser", "kurserne", true},
		{"kurserne finds kurset", "Om kurset", "kurserne", true},
		{"kurserne finds kursus", "Et kursus", "kurserne", true},
		{"kursus finds kursusbevis", "Dit kursusbevis", "kursus", true},
		{"kursus does not find kurser", "Vores kurser", "kursus", false}, // the stemmer keeps "kursus"
		{"first word in another form", "Børn og haver", "børnene haver", true},
		{"a form within", "Forældregruppe i Jyderup", "forældregrupperne jyderup", true},
		{"arrangementerne finds arrangement", "Arrangement", "arrangementerne", true},

		{"æ is not ae", "Æblefest", "aeblefest", false},
		{"ø is not o", "Ørslev", "orslev", false},
		{"å is not a", "Åben dør", "aben", false},
		{"å in two parts", norm.NFD.String("Åben dør på Ågerup"), "ågerup åben", true},
		{"typed in two parts", "Ågerup", norm.NFD.String("ågerup"), true},
		{"accents may be left out", "Repair Café på Sofie Allé", "cafe alle", true},
		{"accents may be added", "Repair Cafe", "café", true},

		{"nothing", "Ågerup", "", false},
		{"only signs", "Ågerup", " .*$^{} ", false},
		{"a pattern is no pattern", "Ågerup", ".*", false},
		{"only one character", "Å", "å", false},
		{"one character beside a word", "Børn i byen", "børn i byen", true},
		{"one character that is not there", "Børn i byen", "børn å byen", true},
		{"invalid bytes", "Ågerup", "\xff\xfeågerup\xff", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := finds(Terms(tc.document), tc.typed); got != tc.want {
				t.Errorf("%q finds %q: %v, want %v (%q in %q)", tc.typed, tc.document, got, tc.want, Query(tc.typed), Terms(tc.document))
			}
		})
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		texts []string
		want  []string
	}{
		{nil, nil},
		{[]string{"", "Å !"}, nil},
		{[]string{"Tuse"}, []string{"tu", "tus", "tuse"}},
		{[]string{"På ø-tur", "tur"}, []string{"på", "tu", "tur"}},
		{[]string{"Fællesspisning"}, []string{"fæ", "fæl", "fæll", "fælle", "fælles", "fælless", "fællessp", "fællesspi", "fællesspis", "fællesspisn", "fællesspisni"}},
	} {
		if diff := cmp.Diff(tc.want, Terms(tc.texts...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.texts, diff)
		}
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		typed string
		want  []string
	}{
		{"", nil},
		{"å ø", nil},
		{"... --- {$gt: 1}", []string{"gt"}},
		{"Tuse tuse TUSE", []string{"tus"}},
		{"byen børnene", []string{"byen", "børn"}},
		{"generalforsamlingen", []string{"generalforsa"}},
		{"generalforsamlingen tuse", []string{"generalforsa", "tus"}},
		{"a b aa bb cc dd ee ff gg hh", []string{"aa", "bb", "cc", "dd", "ee", "ff"}},
	} {
		if diff := cmp.Diff(tc.want, Query(tc.typed)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.typed, diff)
		}
	}
}

// A long description does not push out the name, whatever letter the name begins with.
func TestTermsOfLongTexts(t *testing.T) {
	t.Parallel()
	var long strings.Builder
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			long.WriteString(strings.Repeat(string(a), 5) + string(b) + "ord ")
		}
	}
	terms := Terms("Ågerup Ældreråd", long.String())
	if len(terms) != maxTerms {
		t.Errorf("%d terms, want %d", len(terms), maxTerms)
	}
	if !slices.IsSorted(terms) {
		t.Error("the terms are not sorted")
	}
	if !finds(terms, "ågerup ældreråd") {
		t.Error("the name is not found")
	}
}

// Every word finds its text, and so does each beginning of the word, because a stem is a beginning.
func TestEachWordFindsItsText(t *testing.T) {
	t.Parallel()
	letters := []rune("aeiouyæøåbdfgklmnprstvé")
	endings := []string{"", "erne", "ernes", "ene", "ende", "igst", "løst", "else", "heder", "tt", "gd"}
	chance := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		var b strings.Builder
		for range 1 + chance.IntN(14) {
			b.WriteRune(letters[chance.IntN(len(letters))])
		}
		text := b.String() + endings[chance.IntN(len(endings))]
		terms := Terms(text)
		runes := []rune(text)
		for n := minPrefix; n <= len(runes); n++ {
			if begun := string(runes[:n]); !finds(terms, begun) {
				t.Fatalf("%q does not find %q", begun, text)
			}
		}
	}
}
