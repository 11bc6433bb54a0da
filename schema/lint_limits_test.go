package schema_test

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// This file holds the rule that what is read says the limits of what is sent: an app that shows a title has to
// know how long it may be.

// limitsReturn checks that the fields of what a mutation returns say the limits that its input says.
func (l *linter) limitsReturn(f *ast.FieldDefinition) {
	in, payload := f.Arguments.ForName("input"), l.schema.Types[f.Type.Name()]
	if in == nil || payload == nil {
		return
	}
	for _, returned := range payload.Fields {
		l.sameLimits(l.schema.Types[in.Type.Name()], l.schema.Types[returned.Type.Name()])
	}
}

// limitsOfPart checks the same of a part of inputs (PlaceInput) and what it is when it is read (Place).
func (l *linter) limitsOfPart(d *ast.Definition) {
	if stem, ok := strings.CutSuffix(d.Name, "Input"); ok && d.Kind == ast.InputObject {
		l.sameLimits(d, l.schema.Types[stem])
	}
}

func (l *linter) sameLimits(in, out *ast.Definition) {
	if in == nil || out == nil || out.Kind != ast.Object {
		return
	}
	for _, sent := range in.Fields {
		read := out.Fields.ForName(sent.Name)
		if read == nil {
			continue
		}
		for _, limit := range inputForms.FindAllString(flat(sent.Description), -1) {
			if text := flat(read.Description); text != "" && !strings.Contains(text, limit) {
				l.complain(out.Name+"."+read.Name, "does not say %q, as %s.%s does", limit, in.Name, sent.Name)
			}
		}
	}
}

// isLimitOfAnInput reports whether an input has a field of that name (or of its last word: cancelReason and
// reason) with the same limit, so that TestInputsHaveTheLimitsTheySay tries it.
func isLimitOfAnInput(s *ast.Schema, at, limit string) bool {
	_, name, _ := strings.Cut(strings.ToLower(at), ".")
	for _, d := range s.Types {
		if d.Kind != ast.InputObject {
			continue
		}
		for _, f := range d.Fields {
			if strings.HasSuffix(name, strings.ToLower(f.Name)) && strings.Contains(flat(f.Description), strings.ToLower(limit)) {
				return true
			}
		}
	}
	return false
}
