package i18n

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// avoided are words that texts do not say, and what they say instead: one word for one thing, and none
// that only a programmer knows. A word may be part of those in but.
var avoided = map[Language][]struct{ word, instead, but string }{
	Danish: {
		{"push", "notifikation, and push-tjenesten for what brings it", "push-tjenesten"},
		{"firebase", "push-tjenesten", ""},
		{"samling", "opsamling", "opsamling|forsamling"},
		{"i kø", "på venteliste", ""},
		{"færdighed", "kompetence", ""},
		{"imens", "i mellemtiden", ""},
		{"udelukket", "spærret, of an account", "udelukket fra gruppen"},
		{"session", "kursusgang", ""},
		{"fællesskaber", "fælles-skaber", ""},
		{"tages", "fjernes", ""},
	},
	English: {
		{"push", "notification, and push service for what brings it", "push service"},
		{"firebase", "push service", ""},
		{"in line", "on the waiting list", ""},
		{"enrolled in", "enrolled on", ""},
		{"lokalforum", "local forum", ""},
		{"mute", "no notifications from", ""},
		{"color", "colour", ""}, //nolint:misspell // it is looked for
		{"canceled", "cancelled", ""},
	},
}

// saysAvoided reports whether a text says an avoided word other than as part of what is allowed.
func saysAvoided(text, word, but string) bool {
	text = strings.ToLower(actions.ReplaceAllString(text, " "))
	if but != "" {
		text = regexp.MustCompile(but).ReplaceAllString(text, "")
	}
	return strings.Contains(text, word)
}

func TestTextsSayOneWordForOneThing(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		for key, text := range raw(t, l) {
			for _, a := range avoided[l] {
				if saysAvoided(text, a.word, a.but) {
					t.Errorf("%s in %s says %q, and not %s:\n%s", key, l, a.word, a.instead, text)
				}
			}
		}
	}
	for text, want := range map[string]bool{
		"Vælg push eller indbakken.": true, "Push-tjenesten svarer ikke.": false, "{{if .Push}}Ja{{end}}": false, "Push-tjenesten sender en push.": true,
	} {
		if got := saysAvoided(text, "push", "push-tjenesten"); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

var (
	reasons    = regexp.MustCompile(`^why\.(stop\.)?[a-z_]+$`)
	examples   = regexp.MustCompile(`"[^"]*"`)
	manyDigits = regexp.MustCompile(`\d{4,}`)
)

// saysOfCertificates are sentences on the page of a certificate.
var saysOfCertificates = regexp.MustCompile(`^page\.certificate\.(state\..+|about|attended)$`)

// isLabel reports whether a text stands alone, and has no full stop: titles, buttons, names, reasons and
// what stops them.
func isLabel(key string) bool {
	return strings.HasSuffix(key, ".title") || strings.HasSuffix(key, "hidden_group") || strings.HasPrefix(key, "action.") || strings.HasPrefix(key, "role.") ||
		strings.HasPrefix(key, "why.phone.setting.") || key == "lokalforum.name" || reasons.MatchString(key) ||
		pageTexts.MatchString(key) && key != "page.cancelled" && !saysOfCertificates.MatchString(key)
}

// endsIn is how the text of every branch ends: a template that ends in a value ends as that does.
func endsIn(text string) string {
	for strings.HasSuffix(text, "{{end}}") {
		text = strings.TrimSuffix(text, "{{end}}")
	}
	if strings.HasSuffix(text, "}}") {
		return ""
	}
	r, _ := utf8.DecodeLastRuneInString(text)
	return string(r)
}

// Errors and explanations are sentences, with a capital letter and a full stop. Labels have no full stop.
// Long numbers have separators.
func TestTextsAreWrittenAlike(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		for key, text := range raw(t, l) {
			key, _, _ = strings.Cut(key, "#")
			switch end := endsIn(text); {
			case isLabel(key) && end == ".":
				t.Errorf("%s in %s is a label with a full stop: %q", key, l, text)
			case !isLabel(key) && !strings.HasSuffix(key, ".body") && !strings.Contains(".?!", end):
				t.Errorf("%s in %s is no sentence: it ends in %q: %q", key, l, end, text)
			}
			first, _ := utf8.DecodeRuneInString(text)
			goesOn := key == "page.certificate.completed" // a name stands before it
			if !unicode.IsUpper(first) && first != '{' && !goesOn && !strings.HasPrefix(key, "role.") && !strings.HasPrefix(text, "clientMutationId") {
				t.Errorf("%s in %s begins with a small letter: %q", key, l, text)
			}
			if n := manyDigits.FindString(examples.ReplaceAllString(actions.ReplaceAllString(text, ""), "")); n != "" {
				t.Errorf("%s in %s has the long number %s without separators: %q", key, l, n, text)
			}
			if strings.Contains(text, "  ") || strings.TrimSpace(text) != text || strings.ContainsAny(text, "”“„»«") {
				t.Errorf("%s in %s has blanks too many, or other quotes than the rest: %q", key, l, text)
			}
		}
	}
}

// maxOwnWords is how many characters of its own a title may have in a row, so that a lock screen, which
// shows about 40, has room for the name of a group or an event.
const maxOwnWords = 32

func TestTitlesLeaveRoomForNames(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		for key, text := range raw(t, l) {
			if !strings.HasSuffix(key, ".title") {
				continue
			}
			for _, own := range actions.Split(text, -1) {
				if n := utf8.RuneCountInString(strings.TrimSpace(own)); n > maxOwnWords {
					t.Errorf("%s in %s has %d characters of its own: %q", key, l, n, own)
				}
			}
		}
	}
}

// A text that mentions a count has a form for one and a form for more, or decides itself.
func TestCountsHaveTheirForms(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		texts := raw(t, l)
		for key, text := range texts {
			base, form, hasForms := strings.Cut(key, "#")
			if strings.Contains(text, ".Count") && !hasForms {
				t.Errorf("%s in %s has one form for one and for many: %q", key, l, text)
			}
			for _, needed := range []string{"one", "other"} {
				if hasForms && texts[base+"#"+needed] == "" {
					t.Errorf("%s in %s has a form %s and none for %s", base, l, form, needed)
				}
			}
		}
	}
	for more, want := range map[string]string{"": "a", "1": "a og 1 mere", "2": "a og 2 flere", "12": "a og 12 flere"} {
		if got := Translate(Danish, "notice.summary.body", map[string]any{"Subjects": "a", "More": more}); got != want {
			t.Errorf("%q more: %q, want %q", more, got, want)
		}
	}
}

// Every reason says why and how to stop it, and the action says what will not come any more.
func TestReasonsSayWhyAndWhatStops(t *testing.T) {
	t.Parallel()
	begins := map[Language][2]string{Danish: {"Fordi ", "Ingen "}, English: {"Because ", "No "}}
	for _, l := range Languages {
		var found int
		for key, text := range raw(t, l) {
			if !reasons.MatchString(key) || key == "why.undo" || strings.Contains(key, "summary") && strings.HasPrefix(key, "why.rule") {
				continue
			}
			i := 0
			if strings.HasPrefix(key, "why.stop.") {
				i, found = 1, found+1
			}
			if !strings.HasPrefix(text, begins[l][i]) {
				t.Errorf("%s in %s does not begin with %q: %q", key, l, begins[l][i], text)
			}
			if other := strings.Replace(key, "why.", "why.stop.", 1); i == 0 && !slices.Contains(Keys(l), other) {
				t.Errorf("%s in %s cannot be stopped", key, l)
			}
		}
		if found < 10 {
			t.Errorf("only %d actions found in %s", found, l)
		}
	}
}
