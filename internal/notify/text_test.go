package notify_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
)

// A word that is there in general and in the reader's language is read in that language, every time.
func TestAWordInTheReadersLanguageGoesFirst(t *testing.T) {
	t.Parallel()
	words := map[string]string{"Title": "Fest", "Title_DA": "Fest", "Title_EN": "Party", "Text": "Velkommen"}
	for range 100 {
		title, body := notify.Render("BROADCAST", words, i18n.Reader{Language: i18n.English, Zone: clock.Copenhagen, Now: time.Unix(0, 0)})
		if title != "Party" || body != "Velkommen" {
			t.Fatalf("got %q, %q", title, body)
		}
	}
}

// everything are all words and all moments for a text, whatever it mentions.
func everything(key string, words map[string]string, r i18n.Reader) map[string]any {
	args := map[string]any{}
	for _, name := range i18n.Mentioned(key) {
		if name != "Count" {
			args[name] = ""
		}
	}
	for name, word := range words {
		base, language, hasLanguage := strings.Cut(name, "_")
		if _, isInLanguage := words[name+"_"+string(r.Language)]; isInLanguage || hasLanguage && language != string(r.Language) {
			continue
		}
		args[base] = word
	}
	for name, word := range map[string]string{"StartsAt": "When", "EndsAt": "Ends", "DeadlineAt": "Deadline", "FromAt": "From", "AlsoAt": "Also", "GoneAt": "Gone"} {
		args[word] = r.All(clock.ParseMoves(words[name]))
	}
	args["Soon"] = ""
	if starts, ok := clock.ParseMoment(words["StartsAt"]); ok {
		args["Soon"] = r.Soon(starts)
	}
	if n, err := strconv.Atoi(words["Count"]); err == nil {
		args["Count"] = n
	}
	return args
}

// Only what a text mentions is looked at, and it reads as if everything had been.
func TestTextsMissNothingTheyDoNotMention(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // words
	moments := []string{"", "2026-11-27T18:00:00+01:00[Europe/Copenhagen]", "2026-12-01T12:00:00-05:00[America/New_York]", "2026-11-28T11:00:00Z 2026-11-29T11:00:00Z>2027-12-30T11:00:00Z", "no moment"}
	texts := []string{"", "1", "3", "many", "ACTIVE", "نادي", "Haven & <b>"}
	now := time.Date(2026, 11, 27, 4, 0, 0, 0, time.UTC)
	for _, key := range i18n.Keys(i18n.Danish) {
		name, isTitle := strings.CutSuffix(strings.TrimPrefix(key, "notice."), ".title")
		if !isTitle {
			continue
		}
		kind := notify.Kind(strings.ToUpper(name))
		for range 100 {
			words := map[string]string{}
			for _, known := range append(i18n.Mentioned("notice."+name+".title"), append(i18n.Mentioned("notice."+name+".body"), "Count", "When", "Other")...) {
				for _, l := range []string{"", "_DA", "_EN"} {
					if random.IntN(2) == 0 {
						words[known+l] = texts[random.IntN(len(texts))]
					}
				}
			}
			for _, moment := range []string{"StartsAt", "EndsAt", "DeadlineAt", "FromAt", "AlsoAt", "GoneAt"} {
				words[moment] = moments[random.IntN(len(moments))]
			}
			for _, l := range i18n.Languages {
				r := i18n.Reader{Language: l, Zone: clock.Copenhagen, Now: now}
				title, body := notify.Render(kind, words, r)
				if want := i18n.Translate(l, "notice."+name+".title", everything("notice."+name+".title", words, r)); title != want {
					t.Fatalf("the title of %s with %v is %q, want %q", kind, words, title, want)
				}
				if want := i18n.Translate(l, "notice."+name+".body", everything("notice."+name+".body", words, r)); body != want {
					t.Fatalf("the text of %s with %v is %q, want %q", kind, words, body, want)
				}
			}
		}
	}
}

// A title that says no time asks for none.
func TestATitleCostsNoMoments(t *testing.T) {
	const many = 20
	words := map[string]string{"Title": "Fest", "Group": "Haven", "Place": "Salen", "StartsAt": "2026-11-27T18:00:00+01:00[Europe/Copenhagen]", "EndsAt": "2026-11-27T21:00:00+01:00[Europe/Copenhagen]"}
	r := i18n.Reader{Language: i18n.Danish, Zone: clock.Copenhagen, Now: time.Unix(0, 0)}
	if n := testing.AllocsPerRun(100, func() { notify.Title("EVENT_PUBLISHED", words, r) }); n > many {
		t.Errorf("a title takes %v allocations, want at most %d", n, many)
	}
}
