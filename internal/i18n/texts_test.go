package i18n

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestUnmarshalTexts(t *testing.T) {
	t.Parallel()
	var got any
	err := unmarshalTexts([]byte("# a comment\n\n\"a.b\" = \"Sig \\\"hej\\\" # her = der\"\nplain = \"x\"\r\n[\"c.d\"]\none = \"1\"\nother = \"n\"\n"), &got)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"a.b": `Sig "hej" # her = der`, "plain": "x", "c.d": map[string]any{"one": "1", "other": "n"}}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestUnmarshalTextsRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, file, want string }{
		{"a key twice", "\"a\" = \"x\"\n\"a\" = \"y\"", "line 2: a comes twice"},
		{"a table twice", "[\"a\"]\none = \"1\"\n[\"a\"]", "line 3: a comes twice"},
		{"a table over a text", "\"a\" = \"x\"\n[\"a\"]", "line 2: a comes twice"},
		{"no text", "hello", "line 1: hello is no text"},
		{"a number", `"a" = 1`, "not in quotes"},
		{"single quotes", `"a" = 'x'`, "not in quotes"},
		{"an open text", `"a" = "x`, "text of a"},
		{"a text of several lines", "\"a\" = \"\"\"\nx\"\"\"", "text of a"},
		{"a comment behind", `"a" = "x" # why`, "text of a"},
		{"an open key", `"a = "x"`, "no quoted key"},
		{"an open head", `["a"`, "no head"},
		{"a bare head", `[a]`, "no quoted key"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got any
			err := unmarshalTexts([]byte(tc.file), &got)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v and %v, want an error with %q", got, err, tc.want)
			}
		})
	}
	if err := unmarshalTexts(nil, 3); err == nil {
		t.Error("a target that is no *any is taken")
	}
}

func TestLoadCatalogsRefuses(t *testing.T) {
	t.Parallel()
	good := &fstest.MapFile{Data: []byte(`"a" = "x"`)}
	for name, files := range map[string]fstest.MapFS{
		"a missing file": {"texts/da.toml": good},
		"a broken file":  {"texts/da.toml": good, "texts/en.toml": {Data: []byte("x")}},
	} {
		if _, err := loadCatalogs(files); err == nil || !strings.Contains(err.Error(), "texts/en.toml") {
			t.Errorf("%s: got %v, want an error that names it", name, err)
		}
	}
}
