package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	family = "👩\u200d👩\u200d👧\u200d👦"
	flag   = "🇩🇰"
	accent = "q\u0301"
)

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   string
		most int
		want string
	}{
		{"hej", 3, "hej"},
		{"hejsa", 4, "hej…"},
		{"æøåæøå", 6, "æøåæøå"},
		{"æøåæøå", 5, "æøåæ…"},
		{"en to tre fire", 10, "en to tre…"},
		{"en tooooooooooo", 10, "en tooooo…"},
		{"a" + family + family + family, 3, "a" + family + "…"},
		{flag + flag + flag, 2, flag + "…"},
		{accent + accent + accent, 2, accent + "…"},
		{"", 5, ""},
	} {
		if got := Shorten(tc.in, tc.most); got != tc.want {
			t.Errorf("%q in %d: %q, want %q", tc.in, tc.most, got, tc.want)
		}
	}
}

// However few bytes there are, the cut is between two characters as a reader sees them.
func TestFitBytesSplitsNothing(t *testing.T) {
	t.Parallel()
	parts := []string{"Fest ", family, flag, accent, "å", "👩🏽\u200d⚕\ufe0f"}
	whole := strings.Join(parts, "")
	prefixes := map[string]bool{"": true}
	for i := range parts {
		prefixes[strings.TrimRight(strings.Join(parts[:i+1], ""), " ")] = true
	}
	for _, r := range "Fest" {
		prefixes[whole[:strings.IndexRune(whole, r)+1]] = true
	}
	for most := range len(whole) + 1 {
		got := FitBytes(whole, most)
		if len(got) > most || !utf8.ValidString(got) || got != whole && !prefixes[strings.TrimSuffix(got, dots)] {
			t.Errorf("%d bytes: %q", most, got)
		}
	}
	if got := FitBytes(whole, len(whole)); got != whole {
		t.Errorf("a text that fits became %q", got)
	}
}
