package gqlhttp

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

func TestSoundJSON(t *testing.T) {
	for text, want := range map[string]bool{
		`"æøå 😀"`:              true,
		`"\ud83d\ude00"`:       true,
		`"\uD83D\uDE00\u00e6"`: true,
		`"\\ud800"`:            true,
		`"\\\ud800"`:           false,
		`"\ud800"`:             false,
		`"\ud800\ud800"`:       false,
		`"\ud800x\udc00"`:      false,
		`"\udc00"`:             false,
		`"\ude00\ud83d"`:       false,
		`"\ud800\ue000"`:       false,
		`{"\ud800":1}`:         false,
		`"\u0000"`:             false,
		`"\n\u0009"`:           true,
		`"\ufffd"`:             true,
		"\"\xff\"":             false,
		`"\ud800`:              false,
		`"\u12`:                true, // not JSON; the decoder says so
		`"\`:                   true,
	} {
		if got := isSoundJSON([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestSoundQuery(t *testing.T) {
	for query, want := range map[string]bool{
		`{echo(text:"\u00e6 \ud83d\ude00")}`:                 true,
		`{echo(text:"\ud800")}`:                              false,
		`{echo(text:"\\ud800")}`:                             true,
		`{echo(text:"""\ud800""")}`:                          true,
		`{echo(text:"""a \""" \ud800 """) b(text:"\ud800")}`: false,
		`{echo(text:"""a""""" b:"\ud800")}`:                  false,
		`{echo(text:"") b(text:"\ud800")}`:                   false,
		"{echo # \"\\ud800\n}":                               true,
		"{echo # \"\n(text:\"\\ud800\")}":                    false,
		`{echo(text:"# \ud800")}`:                            false,
		`{echo(text:"\u0000")}`:                              false,
		"{echo(text:\"\xc3\")}":                              false,
		`{echo(text:"`:                                       true, // the parser says so
		`{echo(text:"""`:                                     true,
		`{echo(text:"\`:                                      true,
	} {
		if got := isSoundQuery(query); got != want {
			t.Errorf("%s: %v", query, got)
		}
	}
}

// A sound JSON string decodes without replacement characters of the decoder's
// making, and an unsound one never decodes without.
func FuzzSoundJSON(f *testing.F) {
	for _, s := range []string{`"\ud83d\ude00"`, `"\ud800"`, `"\\ud800"`, `"a\udc00b"`, `"\u0000"`, "\"\xff\"", `"\"\ud800\n"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sound := isSoundJSON([]byte(text))
		var decoded string
		if json.Unmarshal([]byte(text), &decoded) != nil {
			return
		}
		lower := strings.ToLower(text)
		if strings.Contains(lower, `\ufffd`) || strings.ContainsRune(text, utf8.RuneError) && utf8.ValidString(text) {
			return // U+FFFD was sent
		}
		replaced := strings.ContainsRune(decoded, utf8.RuneError) || strings.ContainsRune(decoded, 0)
		if sound == replaced {
			t.Errorf("%q: sound %v, decoded %q", text, sound, decoded)
		}
	})
}

// The same for the string literals of a document.
func FuzzSoundQuery(f *testing.F) {
	for _, s := range []string{`{a(b:"\ud83d\ude00")}`, `{a(b:"\ud800")}`, `{a(b:"""\ud800""" c:"x")}`, "{a #\"\n}", `{a(b:"\\ud800" c:"\udc00")}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if !isSoundQuery(query) || strings.ContainsRune(query, utf8.RuneError) ||
			strings.Contains(strings.ToLower(query), "fffd") || strings.Contains(query, `\u{`) {
			return
		}
		doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, 1000)
		if err != nil || len(doc.Operations) == 0 {
			return
		}
		for _, sel := range doc.Operations[0].SelectionSet {
			field, ok := sel.(*ast.Field)
			if !ok {
				continue
			}
			for _, arg := range field.Arguments {
				if strings.ContainsRune(arg.Value.Raw, utf8.RuneError) {
					t.Errorf("%q holds %q", query, arg.Value.Raw)
				}
			}
		}
	})
}
