package community_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/schema"
)

// Every kind of news that a noun brings has its texts, and the catalogs hold no texts
// of kinds that no noun brings.
func TestNoticesHaveTexts(t *testing.T) {
	t.Parallel()
	var want []string
	for _, kind := range ct.New(t).News.Kinds.Names() {
		key := "notice." + strings.ToLower(string(kind))
		want = append(want, key+".body", key+".title")
	}
	slices.Sort(want)
	for _, l := range i18n.Languages {
		var got []string
		for _, key := range i18n.Keys(l) {
			if strings.HasPrefix(key, "notice.") && (strings.HasSuffix(key, ".title") || strings.HasSuffix(key, ".body")) {
				got = append(got, key)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("texts of notices in %s (-kinds +catalog):\n%s", l, diff)
		}
	}
}

// maxLabel is how many characters a phone shows of a button.
const maxLabel = 20

// Every button has a label that fits it, the catalogs hold no others, and each names a mutation of the API.
func TestButtonsHaveLabels(t *testing.T) {
	t.Parallel()
	news := ct.New(t).News
	mutations := schema.MustLoad().Mutation.Fields
	want := map[string]bool{}
	for _, kind := range news.Kinds.Names() {
		for prefix := range news.Subjects {
			for _, a := range news.ActionsOn(notify.News{Kind: kind, Subject: id.New(prefix), GroupID: id.New(id.Group)}) {
				want[a.TextKey()] = true
				if mutations.ForName(a.Mutation) == nil {
					t.Errorf("%s of %s calls %q, which is no mutation", a.Name, kind, a.Mutation)
				}
			}
		}
	}
	for _, l := range i18n.Languages {
		for key := range want {
			if label := i18n.Translate(l, key, nil); label == key || utf8.RuneCountInString(label) > maxLabel {
				t.Errorf("the button %s in %s says %q", key, l, label)
			}
		}
		for _, key := range i18n.Keys(l) {
			if strings.HasPrefix(key, "action.") && !want[key] {
				t.Errorf("no button has the label %s in %s", key, l)
			}
		}
	}
}

// The schema names exactly the kinds of news that the nouns bring.
func TestTheSchemaNamesTheKindsOfNews(t *testing.T) {
	t.Parallel()
	var got, want []string
	for _, v := range schema.MustLoad().Types["NoticeKind"].EnumValues {
		got = append(got, v.Name)
	}
	for _, kind := range ct.New(t).News.Kinds.Names() {
		want = append(want, string(kind))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds of news (-nouns +schema):\n%s", diff)
	}
}

// Every audience that a noun brings tells its people why, and how to stop it.
func TestReasonsHaveTexts(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for kind, a := range ct.New(t).News.Audiences {
		why := notify.Reason{Kind: a.Reason, Subject: "x"}
		shown := why.Why("evt_x", nil)
		if a.Reason == "" || !why.IsKnown() || strings.HasPrefix(shown.Text(ctx), "why.") || strings.HasPrefix(shown.StopText(ctx), "why.") {
			t.Errorf("people of the audience %s read %q and %q", kind, shown.Text(ctx), shown.StopText(ctx))
		}
	}
}
