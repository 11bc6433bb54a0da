package i18n

import (
	"faellesskab/internal/clock"
	"github.com/BurntSushi/toml"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// raw are the texts of one language unchanged; plural forms have the key "key#form".
func raw(t *testing.T, l Language) map[string]string {
	t.Helper()
	data, err := textFiles.ReadFile("texts/" + l.Tag().String() + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	var read any
	if err := toml.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for key, v := range read.(map[string]any) {
		switch v := v.(type) {
		case string:
			texts[key] = v
		case map[string]any:
			for form, text := range v {
				texts[key+"#"+form] = text.(string)
			}
		}
	}
	return texts
}

var (
	actions      = regexp.MustCompile(`\{\{.*?\}\}`)
	noticeTexts  = regexp.MustCompile(`^notice\.\w+\.(title|body)$|^notice\.(\w+\.)?hidden_group$|^notice\.now\.|^action\.|^why\.|^role\.|^lokalforum\.`)
	placeholders = regexp.MustCompile(`\.[A-Z]\w*`)
)

// isNotice reports whether a text belongs to no fault, but to notices, which find theirs by kind, or
// to things that the program itself makes.
func isNotice(key string) bool { return noticeTexts.MatchString(key) || pageTexts.MatchString(key) }

// pageTexts are what pages and calendars say besides the organiser's words.
var pageTexts = regexp.MustCompile(`^(page\.(when|where|about|file|app|cancelled|list\.[A-Za-z0-9_.]+|certificate\.[a-z_.]+)|calendar\.own)$`)

func placeholdersOf(text string) []string {
	found := placeholders.FindAllString(strings.Join(actions.FindAllString(text, -1), " "), -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestCatalogsAreAlike(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(Keys(Danish), Keys(English)); diff != "" {
		t.Errorf("keys (-Danish +English):\n%s", diff)
	}
	danish, english := raw(t, Danish), raw(t, English)
	for key, da := range danish {
		en := english[key]
		if strings.TrimSpace(da) == "" || strings.TrimSpace(en) == "" {
			t.Errorf("%s is empty in one language: %q, %q", key, da, en)
		}
		if diff := cmp.Diff(placeholdersOf(da), placeholdersOf(en)); diff != "" {
			t.Errorf("placeholders of %s (-Danish +English):\n%s", key, diff)
		}
	}
}

func TestPlaceholdersOf(t *testing.T) {
	t.Parallel()
	got := placeholdersOf(`{{if eq .Answer "ACTIVE"}}Vi ses.Altid{{end}} {{.When}}{{if .Place}} · {{.Place}}{{end}}`)
	if diff := cmp.Diff([]string{".Answer", ".Place", ".When"}, got); diff != "" {
		t.Error(diff)
	}
}

// A fault's text mentions only values that the code hands over, and nothing that people wrote.
// Examples come from the schema.
func TestFaultTextsMentionLimitsOnly(t *testing.T) {
	t.Parallel()
	for key, text := range raw(t, Danish) {
		key, _, _ = strings.Cut(key, "#") // a form of the plural
		if isNotice(key) {
			continue
		}
		for _, p := range placeholdersOf(text) {
			if !slices.Contains([]string{".Max", ".Min", ".Limit", ".Example", ".Nearest", ".Number", ".At"}, p) {
				t.Errorf("%s mentions %s", key, p)
			}
		}
	}
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	event := map[string]any{"Group": "Lokalforum Vipperød", "Title": "Åben aften", "When": "tirsdag den 1. december kl. 18.00"}
	with := func(name, value string) map[string]any {
		args := map[string]any{name: value}
		for k, v := range event {
			args[k] = v
		}
		return args
	}
	for _, tc := range []struct {
		name     string
		language Language
		key      string
		args     map[string]any
		want     string
	}{
		{"danish", Danish, "text.long", map[string]any{"Max": 120}, "Skriv højst 120 tegn."},
		{"many in danish", Danish, "booking.capacity", map[string]any{"Max": 100000}, "Antallet af pladser skal være mellem 0 og 100.000."},
		{"many in english", English, "booking.capacity", map[string]any{"Max": 100000}, "The number of seats must be between 0 and 100,000."},
		{"bytes", Danish, "request.body.too_large", map[string]any{"Limit": int64(65536)}, "Anmodningen er for stor. Den må højst fylde 65.536 byte."},
		{"english", English, "text.long", map[string]any{"Max": 120}, "Write at most 120 characters."},
		{"unknown language", "FO", "list.empty", nil, "Vælg mindst én."},
		{"unknown key", English, "no.such.key", nil, "no.such.key"},
		{"title", Danish, "notice.event_published.title", event, "Lokalforum Vipperød: Åben aften"},
		{"without place", Danish, "notice.event_published.body", event, "tirsdag den 1. december kl. 18.00"},
		{"empty place", Danish, "notice.event_published.body", with("Place", ""), "tirsdag den 1. december kl. 18.00"},
		{"with place", Danish, "notice.event_published.body", with("Place", "Kulturhuset"), "tirsdag den 1. december kl. 18.00 · Kulturhuset"},
		{"without reason", English, "notice.event_cancelled.body", event, "It was to be on tirsdag den 1. december kl. 18.00."},
		{"with reason", Danish, "notice.event_cancelled.body", with("Reason", "Sne."), "Skulle have været tirsdag den 1. december kl. 18.00. Sne."},
		{"accepted", Danish, "notice.join_request_answered.body", with("Answer", "ACTIVE"), "Velkommen! Du er nu medlem."},
		{"declined", English, "notice.join_request_answered.body", with("Answer", "DECLINED"), "You did not become a member this time."},
		{"a value is no template", Danish, "why.group_member", map[string]any{"Group": "{{.Title}} <b>&"}, "Fordi du er medlem af {{.Title}} <b>&"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Translate(tc.language, tc.key, tc.args); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// A name from right to left turns neither the sentence nor what stands beside it.
func TestTextsOfTwoDirections(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		key, want string
		args      map[string]any
	}{
		{"notice.join_requested.title", "Havegruppen: \u2068أحمد\u2069 vil gerne være med", map[string]any{"Group": "Havegruppen", "Name": "أحمد"}},
		{"notice.event_published.title", "\u2068نادي\u2069: \u2068יריד 2\u2069", map[string]any{"Group": "نادي", "Title": "יריד 2"}},
		{"notice.broadcast.title", "يوم مفتوح", map[string]any{"Title": "يوم مفتوح"}},
		{"notice.broadcast.title", "Åbent hus", map[string]any{"Title": "Åbent hus"}},
	} {
		if got := Translate(Danish, tc.key, tc.args); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.key, got, tc.want)
		}
	}
}

// With all values that it may mention, no text has a hole.
func TestTextsHaveNoHoles(t *testing.T) {
	t.Parallel()
	args := map[string]any{"Max": 1, "Min": 1, "Limit": 1, "Number": 1, "At": "a", "Example": "DA", "Nearest": []clock.Local{"2026-09-01T19:00:00"}, "Group": "g", "Title": "t", "Heading": "h", "When": "w", "Soon": "w", "Place": "p", "Name": "n", "Role": "o",
		"Reason": "r", "Answer": "ACTIVE", "Skill": "s", "Area": "a", "Text": "x", "Subjects": "y", "Deadline": "d", "Count": 2, "More": "3", "Ends": "e", "NewEnd": "1", "Fewer": "1",
		"IsRunning": "", "HasBegun": "", "Also": "d", "AlsoMore": "1", "From": "d", "Gone": "d", "GoneMore": "1", "Added": "", "NewTitle": "1", "NewTime": "1", "NewPlace": "1", "Skills": "k", "Several": "1", "People": "1", "Minimum": "2", "Until": "u", "OldTitle": "ot",
		"Attended": 3, "Sessions": 4, "Hours": "6", "Day": "d", "URL": "u", "Wish": "ø", "Reply": "", "Interest": "i"}
	for _, l := range Languages {
		for _, key := range Keys(l) {
			if got := Translate(l, key, args); got == key || strings.Contains(got, "<no value>") || strings.Contains(got, "{{") {
				t.Errorf("%s in %s is %q", key, l, got)
			}
		}
	}
}

func TestFallbackAndPlural(t *testing.T) {
	t.Parallel()
	all, err := loadCatalogs(fstest.MapFS{
		"texts/da.toml": {Data: []byte("\"only\" = \"Kun dansk {{.X}}\"\n\"broken\" = \"Hel\"\n[\"seats\"]\none = \"{{.Count}} plads\"\nother = \"{{.Count}} pladser\"\n")},
		"texts/en.toml": {Data: []byte("\"broken\" = \"{{.X.Y}}\"\n[\"seats\"]\none = \"{{.Count}} seat\"\nother = \"{{.Count}} seats\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		language Language
		key      string
		args     map[string]any
		want     string
	}{
		{English, "only", map[string]any{"X": 1}, "Kun dansk 1"},
		{English, "broken", map[string]any{"X": 1}, "Hel"},
		{English, "none", nil, "none"},
		{Danish, "seats", map[string]any{"Count": 1}, "1 plads"},
		{Danish, "seats", map[string]any{"Count": 0}, "0 pladser"},
		{Danish, "seats", map[string]any{"Count": 7}, "7 pladser"},
		{English, "seats", map[string]any{"Count": 1}, "1 seat"},
		{English, "seats", map[string]any{"Count": 0}, "0 seats"},
		{English, "seats", map[string]any{"Count": []int{}}, "seats"},
	} {
		if got := translate(all, tc.language, tc.key, tc.args); got != tc.want {
			t.Errorf("%s %s %v: got %q, want %q", tc.language, tc.key, tc.args, got, tc.want)
		}
	}
}

// A text says itself which values it mentions, in conditions too.
func TestWhatTextsMention(t *testing.T) {
	t.Parallel()
	for key, want := range map[string][]string{
		"notice.event_published.body": {"Place", "When"},
		"notice.booking_ended.title":  {"Because", "Line", "Title"},
		"why.group_member":            {"Group"},
		"why.summary":                 nil,
		"no.such.text":                nil,
	} {
		if got := Mentioned(key); !slices.Equal(got, want) {
			t.Errorf("%s mentions %v, want %v", key, got, want)
		}
	}
	for _, l := range Languages {
		for key, text := range raw(t, l) {
			key, _, _ = strings.Cut(key, "#")
			for _, name := range placeholdersOf(text) {
				if !slices.Contains(Mentioned(key), name[1:]) {
					t.Errorf("%s in %s mentions %s unnoticed", key, l, name)
				}
			}
		}
	}
}
