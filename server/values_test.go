package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/schema"
)

// junk is a value that a type does not have, written as in a document and as JSON.
type junk struct{ inline, variable string }

// junkOf is junk for each scalar, and for all enums under "".
var junkOf = map[string][]junk{
	"":        {{`NOSUCH`, `"NOSUCH"`}, {`"DA"`, `""`}, {`5`, `5`}, {`true`, `true`}, {`{}`, `{}`}},
	"Int":     {{`"1"`, `"1"`}, {`1.5`, `1.5`}, {`99999999999`, `99999999999`}, {`true`, `true`}, {`ONE`, `[[1]]`}},
	"Float":   {{`"1"`, `"1"`}, {`"NaN"`, `"NaN"`}, {`NaN`, `1e999`}, {`true`, `true`}},
	"String":  {{`5`, `5`}, {`1.5`, `1.5`}, {`true`, `true`}, {`WORD`, `{}`}},
	"Boolean": {{`"true"`, `"true"`}, {`1`, `1`}, {`TRUE`, `[]`}},
	"ID":      {{`1.5`, `1.5`}, {`true`, `true`}, {`{}`, `{}`}, {`WORD`, `[["a"]]`}},
	"DateTime": {{`""`, `""`}, {`"2026-12-01"`, `"2026-12-01"`}, {`"2026-12-01T18:00:00+25:00"`, `"2026-12-01T24:00:00Z"`},
		{`5`, `1764612000`}, {`true`, `true`}, {`NOW`, `{}`}},
	"LocalDateTime": {{`""`, `""`}, {`"i morgen"`, `"0000-01-01T00:00:00"`}, {`5`, `5`}, {`true`, `true`}, {`NOW`, `{}`}},
	"TimeOfDay":     {{`""`, `""`}, {`"24:00"`, `"8:00"`}, {`18`, `18`}, {`true`, `true`}, {`NOON`, `{}`}},
	"TimeZone": {{`""`, `""`}, {`"Europe/Atlantis"`, `"right/Europe/Copenhagen"`}, {`"Local"`, `"../../etc/localtime"`},
		{`1`, `1`}, {`true`, `true`}, {`UTC`, `{}`}},
}

// samples are values that fit.
var samples = map[string]string{"Int": `1`, "Float": `1.5`, "String": `"a"`, "Boolean": `true`, "ID": `"a"`, "DateTime": `"2030-01-01T00:00:00Z"`,
	"LocalDateTime": `"2030-01-01T00:00:00"`, "TimeOfDay": `"18:00"`, "TimeZone": `"Europe/Copenhagen"`}

// slot is one place of the schema that takes a value.
type slot struct {
	path       string // "input.place.latitude"
	typ        *ast.Type
	hasDefault bool
}

// valuesWalk sends bad values to every place of the schema, and checks that they are refused
// there and nothing is executed.
type valuesWalk struct {
	t       *testing.T
	schema  *ast.Schema
	handler http.Handler
	sent    int
}

// Every scalar and enum refuses values that it does not have, in every place: inline and by
// variable, in lists, in nested inputs and in the arguments of nested fields. Null is refused
// wherever it may not stand, in whatever way it comes. The refusal is never INTERNAL, and leaves
// no ERROR in the log.
func TestWhatIsNoValueOfItsTypeIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	log := &errorLog{}
	h := newHarness(t, withoutDemo(), func(s *Setup) { s.Log = slog.New(log) })
	s, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &valuesWalk{t: t, schema: s, handler: h.app.newGraphQL()}
	for _, d := range s.Types {
		if d.Kind != ast.Object || strings.HasPrefix(d.Name, "__") {
			continue
		}
		for _, f := range d.Fields {
			if len(f.Arguments) > 0 && !strings.HasPrefix(f.Name, "__") {
				w.field(d, f)
			}
		}
	}
	if w.sent < 3000 {
		t.Errorf("only %d values were tried", w.sent)
	}
	if len(log.lines) > 0 {
		t.Errorf("the log has errors: %q", log.lines[:min(5, len(log.lines))])
	}
}

func (w *valuesWalk) field(d *ast.Definition, f *ast.FieldDefinition) {
	var slots []slot
	for _, a := range f.Arguments {
		slots = append(slots, w.slots(a.Type, a.Name, a.DefaultValue != nil)...)
	}
	for _, s := range slots {
		def := w.schema.Types[s.typ.NamedType]
		if s.typ.NonNull {
			w.nulls(d, f, s)
		}
		if s.typ.Elem != nil || def.Kind == ast.InputObject {
			continue
		}
		name := def.Name
		if def.Kind == ast.Enum {
			name = ""
		}
		if len(junkOf[name]) == 0 {
			w.t.Errorf("there is no junk for %s", def.Name)
		}
		for _, j := range junkOf[name] {
			w.refused(s.path, w.document(d, f, s.path, j.inline, ""), "")
			w.refused(s.path, w.document(d, f, s.path, "$v", "$v: "+s.typ.String()), j.variable)
		}
	}
}

// nulls tries every way in which null can come to a place.
func (w *valuesWalk) nulls(d *ast.Definition, f *ast.FieldDefinition, s slot) {
	nullable := *s.typ
	nullable.NonNull = false
	w.refused(s.path, w.document(d, f, s.path, "null", ""), "")
	w.refused(s.path, w.document(d, f, s.path, "$v", "$v: "+s.typ.String()), "null")
	w.refused(s.path, w.document(d, f, s.path, "$v", "$v: "+nullable.String()+" = "+w.sample(&nullable)), "null")
	if s.hasDefault {
		w.refused(s.path, w.document(d, f, s.path, "$v", "$v: "+nullable.String()), "null")
	}
}

// slots are the places in an argument of that type.
func (w *valuesWalk) slots(t *ast.Type, path string, hasDefault bool) []slot {
	list := []slot{{path, t, hasDefault}}
	if t.Elem != nil {
		return append(list, w.slots(t.Elem, path+".0", false)...)
	}
	if def := w.schema.Types[t.NamedType]; def.Kind == ast.InputObject {
		for _, f := range def.Fields {
			list = append(list, w.slots(f.Type, path+"."+f.Name, f.DefaultValue != nil)...)
		}
	}
	return list
}

// document calls a field with a value at one place, and with everything else it needs.
func (w *valuesWalk) document(d *ast.Definition, f *ast.FieldDefinition, at, value, declared string) string {
	var args []string
	for _, a := range f.Arguments {
		if a.Name == at || strings.HasPrefix(at, a.Name+".") || a.Type.NonNull && a.DefaultValue == nil {
			args = append(args, a.Name+": "+w.render(a.Type, a.Name, at, value))
		}
	}
	call := f.Name + "(" + strings.Join(args, ", ") + ")"
	if kind := w.schema.Types[f.Type.Name()].Kind; kind != ast.Scalar && kind != ast.Enum {
		call += " { __typename }"
	}
	operation := "query"
	switch {
	case d == w.schema.Query:
	case d == w.schema.Mutation, d == w.schema.Subscription:
		operation = strings.ToLower(d.Name)
	case d.Name == "Viewer":
		call = "viewer { " + call + " }"
	case d.Name == "AnnouncementCorrection":
		call = `node(id: "a") { ... on Announcement { correction { ` + call + " } } }"
	default:
		call = `node(id: "a") { ... on ` + d.Name + " { " + call + " } }"
	}
	if declared != "" {
		operation += " (" + declared + ")"
	}
	return operation + " { " + call + " }"
}

func (w *valuesWalk) render(t *ast.Type, path, at, value string) string {
	inside := strings.HasPrefix(at, path+".")
	switch {
	case path == at:
		return value
	case t.Elem != nil && inside:
		return "[" + w.render(t.Elem, path+".0", at, value) + "]"
	case t.Elem != nil:
		return "[]"
	}
	def := w.schema.Types[t.NamedType]
	if def.Kind != ast.InputObject {
		return w.sample(t)
	}
	var fields []string
	for _, f := range def.Fields {
		p := path + "." + f.Name
		if p == at || strings.HasPrefix(at, p+".") || f.Type.NonNull && f.DefaultValue == nil {
			fields = append(fields, f.Name+": "+w.render(f.Type, p, at, value))
		}
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

func (w *valuesWalk) sample(t *ast.Type) string {
	if t.Elem != nil {
		return "[]"
	}
	switch def := w.schema.Types[t.NamedType]; def.Kind {
	case ast.Enum:
		return def.EnumValues[0].Name
	case ast.InputObject:
		return w.render(t, "", "nowhere", "")
	default:
		return samples[t.NamedType]
	}
}

// refused sends a document and checks that it is refused as a whole, at that path. variable is
// the value of $v as JSON.
func (w *valuesWalk) refused(path, document, variable string) {
	w.t.Helper()
	w.sent++
	text, _ := json.Marshal(document) //nolint:errchkjson // a string
	body := fmt.Sprintf(`{"query":%s}`, text)
	if variable != "" {
		body = fmt.Sprintf(`{"query":%s,"variables":{"v":%s}}`, text, variable)
	}
	req := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, "/graphql", bytes.NewBufferString(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	res := httptest.NewRecorder()
	w.handler.ServeHTTP(res, req)
	var r reply
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil {
		w.t.Fatal(err)
	}
	if len(r.Errors) != 1 || r.code() != "BAD_USER_INPUT" || r.Errors[0].Extensions.Field != path || r.Errors[0].Message == "" || r.Data != nil {
		w.t.Errorf("%s with %s\n\twant it refused at %s and no more, got %+v", document, variable, path, r)
	}
}

// errorLog keeps the errors that are logged.
type errorLog struct {
	slog.Handler
	mu    sync.Mutex
	lines []string
}

func (l *errorLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (l *errorLog) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l *errorLog) WithGroup(string) slog.Handler                    { return l }
func (l *errorLog) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, r.Message)
	return nil
}
