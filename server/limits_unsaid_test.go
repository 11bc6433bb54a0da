package main

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/schema"
)

// ofAForm are texts that have a form instead of a limit, or whose limits their neighbour says.
var ofAForm = map[string]string{
	"clientMutationId": "a UUID",
	"after":            "a cursor that the server has given",
	"kinds":            "as many as there are kinds",
	"phone":            "E.164",
	"code":             "a code that the server has given",
	"rule":             "an RRULE",
	"guestAgeBands":    "as many as there are guests",
	"text":             "the limits of a translation are those of the field that takes the list",
}

// What an input's description does not limit has no limit: a text of the greatest length that any text may
// have and one character more, a list of a thousand, and numbers far from zero are not refused there.
func TestWhatHasNoLimitSaysNone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.seed("testdata/api/seeds/bad-input.json")
	w := &limitsWalk{stage: s, schema: schema.MustLoad(), tried: map[string]bool{}, unsaid: true}
	w.everything()
	if len(w.tried) < 30 {
		t.Errorf("only %d were tried", len(w.tried))
	}
}

// noLimits tries values beyond any limit where a description says none.
func (w *limitsWalk) noLimits(c limitedCall, path, text string, typ *ast.Type) {
	last := path[strings.LastIndex(path, ".")+1:]
	def := w.schema.Types[typ.Name()]
	key := c.field.Name + " " + path
	if ofAForm[last] != "" || w.tried[key] {
		return
	}
	try := func(value any, n int) {
		w.tried[key] = true
		w.judge(c, path, path, value, n, true)
	}
	switch {
	case typ.Elem != nil && !listLimits.MatchString(textLimits.ReplaceAllString(text, "")):
		try(w.listOf(typ.Elem, path, 1000), 1000)
	case typ.Elem == nil && def.Name == "String" && !textLimits.MatchString(text):
		try(strings.Repeat("a", 5001), 5001)
	case typ.Elem == nil && def.Name == "Int" && !numberLimits.MatchString(text):
		try(1_000_001, 1_000_001)
	}
}
