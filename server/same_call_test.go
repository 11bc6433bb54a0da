package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// unrepeatable are mutations that cannot repeat their answer.
var unrepeatable = []string{"createInvitationLink"}

// inPlace is an argument as it stands in a document.
func inPlace(a argument) string {
	text, _ := literal(a.typ, a.value)
	return text
}

// A call is sent again by the same key in capitals, or with null instead of nothing, where that
// is no edit: then it is the same call. All its answer is of the types that the schema promises.
func TestASmallDifferenceMakesNoOtherCall(t *testing.T) {
	t.Parallel()
	r, tried, prefixes := newCrashRig(t), map[string]bool{}, map[string]string{}
	for _, c := range crashCases() {
		if tried[c.field()] || slices.Contains(unrepeatable, c.field()) {
			continue
		}
		tried[c.field()] = true
		m, key := r.arrangeCase(c), crashKey("as sent first")
		root := nothing.whole(theSchema().Mutation.Fields.ForName(m.field))
		m.want = ""
		for _, k := range root.kids {
			m.want += " " + k.text(inPlace)
		}
		for _, field := range append(withoutMeaning(c.field()), "") {
			if slices.Contains(eitherOr, field) && m.input[field] != nil {
				continue
			}
			r.from.Restore(r.t, r.db)
			r.clock.Advance(r.at.Sub(r.clock.Now()))
			again := crashCall{m.as, m.field, maps.Clone(m.input), m.want}
			delete(again.input, field)
			p := r.process(r.db)
			first := r.call(p, again, key)
			r.judged(root, first.data, prefixes)
			if field != "" {
				again.input[field] = nil
			}
			if second := r.call(p, again, strings.ToUpper(key)); first.code != "" || second != first {
				t.Errorf("%s: first it answers %+v, and sent again with capitals and %q null %+v", c.name, first, field, second)
			}
		}
	}
	if len(tried) < 40 {
		t.Errorf("only %d mutations", len(tried))
	}
}

// judged complains about what is not of its type in the answer to a mutation.
func (r *crashRig) judged(root *selected, data string, prefixes map[string]string) {
	r.t.Helper()
	got := answered{may: time.Hour}
	if err := json.Unmarshal([]byte(data), &got.Data); err != nil {
		r.t.Fatal(err)
	}
	if wrong := judge(&call{kind: "mutation", root: root}, got, prefixes); wrong != nil {
		r.t.Errorf("%s: %s: %s", root.name, wrong.class, wrong.detail)
	}
}

// eitherOr are fields of which an input holds exactly one: null in the other means nothing.
var eitherOr = []string{"occurrenceId", "courseId", "email", "phone", "personId", "guestName", "bookingId", "code"}

// withoutMeaning are the fields of a mutation's input for which null means the same as nothing.
func withoutMeaning(mutation string) []string {
	input := theSchema().Types[strings.Trim(inputTypes()[mutation], "!")]
	var fields []string
	for _, f := range input.Fields {
		if !f.Type.NonNull && f.Name != "clientMutationId" && (!isEdit(input.Name) || f.Name == "expectedVersion") {
			fields = append(fields, f.Name)
		}
	}
	return fields
}
