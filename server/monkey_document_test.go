package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// call is one thing that the monkey does: it sends an operation as a persona, or lets time
// pass.
type call struct {
	persona string // empty: nobody
	kind    string // query, mutation, subscription
	root    *selected
	passes  time.Duration
}

// selected is a field of a document, or with on set an inline fragment on one type.
type selected struct {
	name string
	on   string
	args []argument
	kids []*selected
}

type argument struct {
	name  string
	typ   *ast.Type
	value any // as in JSON
}

// document is the operation with its values as variables.
func (c *call) document() (string, vars) {
	values, declared := vars{}, []string{}
	body := c.root.text(func(a argument) string {
		name := "v" + strconv.Itoa(len(values))
		values[name] = a.value
		declared = append(declared, "$"+name+": "+a.typ.String())
		return "$" + name
	})
	if len(declared) > 0 {
		return c.kind + "(" + strings.Join(declared, ", ") + ") { " + body + " }", values
	}
	return c.kind + " { " + body + " }", values
}

func (s *selected) text(value func(argument) string) string {
	var b strings.Builder
	if s.on != "" {
		b.WriteString("... on " + s.on)
	}
	b.WriteString(s.name)
	for i, a := range s.args {
		b.WriteString(map[bool]string{true: "(", false: ", "}[i == 0] + a.name + ": " + value(a))
	}
	if len(s.args) > 0 {
		b.WriteString(")")
	}
	if len(s.kids) > 0 {
		b.WriteString(" { ")
		for _, k := range s.kids {
			b.WriteString(k.text(value) + " ")
		}
		b.WriteString("}")
	}
	return b.String()
}

// String is the call as a person would type it, with its values in the document where possible.
func (c *call) String() string {
	if c.passes > 0 {
		return "# " + c.passes.String() + " pass"
	}
	who := c.persona
	if who == "" {
		who = "nobody"
	}
	document, values := c.document()
	isPlain := true
	inline := c.kind + " { " + c.root.text(func(a argument) string {
		text, ok := literal(a.typ, a.value)
		isPlain = isPlain && ok
		return text
	}) + " }"
	if isPlain {
		return "# as " + who + "\n" + inline
	}
	raw, err := json.Marshal(values)
	if err != nil {
		raw = fmt.Appendf(nil, "%v", values)
	}
	return "# as " + who + "\n" + document + "\n" + string(raw)
}

// isEnum tells enums from texts.
func isEnum(name string) bool {
	_, ok := enumsOfSchema()[name]
	return ok
}

// literal writes a value as a literal of a document; false if it cannot be one.
func literal(t *ast.Type, v any) (string, bool) {
	switch v := v.(type) {
	case map[string]any:
		var fields []string
		good := true
		for _, name := range slices.Sorted(maps.Keys(v)) {
			text, ok := literal(fieldType(t, name), v[name])
			good = good && ok
			fields = append(fields, name+": "+text)
		}
		return "{" + strings.Join(fields, ", ") + "}", good
	case []any:
		var items []string
		good := true
		for _, item := range v {
			elem := t
			if t != nil && t.Elem != nil {
				elem = t.Elem
			}
			text, ok := literal(elem, item)
			good = good && ok
			items = append(items, text)
		}
		return "[" + strings.Join(items, ", ") + "]", good
	case string:
		if t != nil && isEnum(t.NamedType) {
			return v, slices.Contains(enumsOfSchema()[t.NamedType], v)
		}
	}
	raw, err := json.Marshal(v)
	return string(raw), err == nil
}

// fieldType is the type of an input's field; nil if there is no such field.
func fieldType(t *ast.Type, name string) *ast.Type {
	if t == nil || t.Elem != nil {
		return nil
	}
	if d := theSchema().Types[t.NamedType]; d != nil {
		if f := d.Fields.ForName(name); f != nil {
			return f.Type
		}
	}
	return nil
}

// texts are all texts in the values of a call.
func (c *call) texts() []string {
	var all []string
	if c.root != nil {
		c.root.eachValue(func(v any) any {
			if text, ok := v.(string); ok {
				all = append(all, text)
			}
			return v
		})
	}
	return all
}

// eachValue replaces every value that is neither a list nor an object.
func (s *selected) eachValue(replace func(any) any) {
	for i := range s.args {
		s.args[i].value = replaced(s.args[i].value, replace)
	}
	for _, k := range s.kids {
		k.eachValue(replace)
	}
}

func replaced(v any, replace func(any) any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			out[name] = replaced(item, replace)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = replaced(item, replace)
		}
		return out
	}
	return replace(v)
}

func (c *call) clone() *call {
	again := *c
	if c.root != nil {
		again.root = c.root.clone()
	}
	return &again
}

func (s *selected) clone() *selected {
	again := *s
	again.args, again.kids = slices.Clone(s.args), make([]*selected, len(s.kids))
	for i, a := range s.args {
		again.args[i].value = replaced(a.value, func(v any) any { return v })
	}
	for i, k := range s.kids {
		again.kids[i] = k.clone()
	}
	return &again
}
