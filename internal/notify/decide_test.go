package notify_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
)

var update = flag.Bool("update", false, "write the golden files")

// The whole table: what each kind of news becomes for each sort of person, and
// by which rule. Whoever changes a line says so to the people who get pushes.
func TestDecideTable(t *testing.T) {
	t.Parallel()
	plain := notify.Recipient{Admitted: true, Groups: map[string]notify.GroupPreference{"g": {}}}
	muted := notify.Recipient{Admitted: true, Groups: map[string]notify.GroupPreference{"g": {Muted: true}}}
	left := notify.Recipient{Admitted: true}
	off, mutedOff, banned := plain, muted, muted
	off.PushOff, mutedOff.PushOff = true, true
	banned.Admitted, banned.PushOff = false, true
	people := []struct {
		name string
		r    notify.Recipient
	}{{"member", plain}, {"push off", off}, {"group muted", muted}, {"muted and off", mutedOff}, {"has left", left}, {"banned", banned}}

	var b strings.Builder
	fmt.Fprintf(&b, "%-22s %-14s %-7s %s\n", "kind", "person", "channel", "rule")
	for _, kind := range notify.Kinds {
		for _, p := range people {
			v := notify.Decide(kind, p.r, "g")
			fmt.Fprintf(&b, "%-22s %-14s %-7s %s\n", kind, p.name, v.Channel, v.Rule)
		}
	}
	path := filepath.Join("testdata", "decide.golden.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), b.String()); diff != "" {
		t.Errorf("the table has changed (-golden +now); -update writes it:\n%s", diff)
	}
}

func TestEveryKindHasTraits(t *testing.T) {
	t.Parallel()
	if len(notify.TraitsOf) != len(notify.Kinds) {
		t.Errorf("%d kinds, %d with traits", len(notify.Kinds), len(notify.TraitsOf))
	}
	for _, kind := range notify.Kinds {
		if notify.TraitsOf[kind].Default == "" {
			t.Errorf("%s has no default", kind)
		}
	}
}

func TestTextsOfEveryKindInEveryLanguage(t *testing.T) {
	t.Parallel()
	full := map[string]string{"Title": "Fællesspisning", "Group": "Haven", "StartsAt": "2026-05-02T18:00:00", "Place": "Salen",
		"Reason": "Regn.", "Answer": "ACTIVE", "Title_DA": "Hjertestart", "Title_EN": "First aid"}
	seen := map[string]bool{}
	least := map[string]string{"StartsAt": full["StartsAt"], "DeadlineAt": full["StartsAt"], "Title": "t", "Text": "x", "Subjects": "y", "Count": "2"}
	declined := maps.Clone(least)
	declined["Answer"] = "DECLINED"
	maps.Copy(full, map[string]string{"Text": "x", "Subjects": "y", "Count": "1", "DeadlineAt": full["StartsAt"]})
	for _, words := range []map[string]string{full, least, declined} {
		for _, kind := range notify.Kinds {
			for _, l := range i18n.Languages {
				title, body := notify.Render(kind, words, l)
				for _, text := range []string{title, body} {
					if text == "" || strings.Contains(text, "{{") || strings.Contains(text, "<no value>") || strings.HasPrefix(text, "notice.") {
						t.Errorf("%s in %s reads %q", kind, l, text)
					}
				}
				seen[title+body+string(kind)] = true
			}
		}
	}
	if len(seen) < 2*len(notify.Kinds) {
		t.Errorf("only %d different texts", len(seen))
	}
	delete(full, "Title") // a course has a title for each language
	for _, l := range i18n.Languages {
		title, _ := notify.Render(notify.KindCoursePublished, full, l)
		if want := map[i18n.Language]string{"DA": "Hjertestart", "EN": "First aid"}[l]; !strings.Contains(title, want) {
			t.Errorf("in %s the course is called %q", l, title)
		}
	}
}
