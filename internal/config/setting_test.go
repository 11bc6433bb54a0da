package config

import (
	"reflect"
	"strings"
	"testing"
)

// Every field can be set in one way, is explained, and is in both texts.
func TestSettings(t *testing.T) {
	all := Settings()
	names := make(map[string]bool)
	for _, s := range all {
		switch {
		case (s.Env == "") == (s.Flag == ""):
			t.Errorf("%+v is not either a flag or a variable", s)
		case names[s.Name()]:
			t.Errorf("%s comes twice", s.Name())
		case s.Group == "":
			t.Errorf("%s is in no group", s.Name())
		case !strings.HasSuffix(s.Description, "."):
			t.Errorf("%s is not described in a sentence: %q", s.Name(), s.Description)
		}
		names[s.Name()] = true
		if !strings.Contains(Usage(), "\n  "+s.Name()) || !strings.Contains(Usage(), s.Description) {
			t.Errorf("-h does not explain %s", s.Name())
		}
		if !strings.Contains(MarkdownTable(), "\n| `"+s.Name()+"` | ") || !strings.Contains(MarkdownTable(), s.Description) {
			t.Errorf("the table does not explain %s", s.Name())
		}
	}
	exported := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		if f.IsExported() {
			exported++
		}
	}
	if len(all) != exported {
		t.Errorf("%d settings, %d fields", len(all), exported)
	}
}

// The defaults that are documented are those that Load gives.
func TestSettingsDefaults(t *testing.T) {
	c := load(t, nil)
	for _, s := range Settings() {
		if s.Default != "" && !strings.Contains(c.String(), s.Name()+"="+s.Default) {
			t.Errorf("%s is not %s: %s", s.Name(), s.Default, c)
		}
	}
}

func TestMarkdownTable(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(MarkdownTable(), "\n"), "\n")
	if len(lines) != 2+len(Settings()) {
		t.Errorf("%d lines for %d settings", len(lines), len(Settings()))
	}
	for _, line := range lines {
		if strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 4 {
			t.Errorf("not three columns: %s", line)
		}
	}
	if want := "| `-addr` | `127.0.0.1:8080` | Address to listen on, as host:port. |"; lines[2] != want {
		t.Errorf("got  %s\nwant %s", lines[2], want)
	}
}
