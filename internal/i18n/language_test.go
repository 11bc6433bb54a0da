package i18n

import "testing"

func TestMatch(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Language{
		"":                         Danish,
		"da":                       Danish,
		"da-DK":                    Danish,
		"en":                       English,
		"en-GB,en;q=0.9":           English,
		"en-US":                    English,
		"EN":                       English,
		"da,en;q=0.8":              Danish,
		"en,da;q=0.8":              English,
		"en;q=0.2,da;q=0.8":        Danish,
		"fr,en;q=0.5":              English,
		"fr,da;q=0.5":              Danish,
		"fr":                       Danish,
		"ar,pl":                    Danish,
		"*":                        Danish,
		"nb":                       Danish,
		";;;":                      Danish,
		"en;q=x":                   Danish,
		"\x00":                     Danish,
		"en, this is no language!": Danish,
	} {
		if got := Match(header); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		if !l.IsValid() || Match(l.Tag().String()) != l {
			t.Errorf("%s is not found by its own tag %s", l, l.Tag())
		}
	}
	for _, l := range []Language{"", "da", "SV"} {
		if l.IsValid() {
			t.Errorf("%q is valid", l)
		}
	}
}
