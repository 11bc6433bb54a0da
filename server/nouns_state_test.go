package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/community"
	"faellesskab/internal/testkit"
	"faellesskab/schema"
)

// stateAt is what the invariants look at, at an instant. It leaves out what waits for a
// later hour, since that need not be done yet.
func stateAt(t testing.TB, snapshot testkit.Snapshot, now time.Time) crashState {
	t.Helper()
	s := crashState{}
	for _, name := range snapshot.Collections() {
		s[name] = slices.DeleteFunc(slices.Clone(snapshot.Docs(t, name)), func(doc map[string]any) bool {
			waits, ok := doc["notBefore"].(time.Time)
			return ok && waits.After(now)
		})
	}
	return s
}

// complaintsAbout are what the nouns' invariants say of a state at an instant.
func complaintsAbout(t testing.TB, snapshot testkit.Snapshot, now time.Time) []string {
	t.Helper()
	s := stateAt(t, snapshot, now)
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for _, check := range rowsOf(func(n noun) []invariant { return n.invariants }) {
		check(s, say)
	}
	s.checkEnums(say)
	slices.Sort(wrong)
	return wrong
}

// repairing mends what a noun counts, and returns what was wrong.
type repairing func(ctx context.Context, c *community.Community) (wrong []string, err error)

// repairsOf makes what a repair has found readable.
func repairsOf[D any](found []D, err error) ([]string, error) {
	var wrong []string
	for _, d := range found {
		wrong = append(wrong, fmt.Sprintf("a repair was needed: %+v", d))
	}
	return wrong, err
}

// repairsOfAll are what the nouns' repairs find, in a state in which nothing is left to do.
func repairsOfAll(t testing.TB, c *community.Community) (wrong []string) {
	t.Helper()
	for _, n := range nouns() {
		if n.repair == nil {
			continue
		}
		found, err := n.repair(t.Context(), c)
		if err != nil {
			t.Logf("repair of %s: %v", n.name, err)
		}
		wrong = append(wrong, found...)
	}
	return wrong
}

// looksLikeEnum matches values of enums, and no other text that the tests store.
var looksLikeEnum = regexp.MustCompile(`^[A-Z]{2,}(_[A-Z]+)*$`)

// checkEnums checks that every collection has its row, and that a field of an enum holds one of
// its values. It complains about fields that hold such words and have no row.
func (s crashState) checkEnums(say complaint) {
	stored := rowsBy(func(n noun) map[string]enums { return n.stored })
	for name, docs := range s {
		fields, ok := stored[name]
		if !ok {
			say("no noun has a row for the collection %s", name)
		}
		for _, doc := range docs {
			fields.check(nil, doc, func(path []string, value string) {
				say("%s %v: %s is %q: no row says of which enum, or it is none of its values", name, doc["_id"], strings.Join(path, "."), value)
			})
		}
	}
}

// check looks at every text in a document.
func (e enums) check(path []string, v any, wrong func(path []string, value string)) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			e.check(append(slices.Clone(path), key), value, wrong)
		}
	case []any:
		for _, value := range v {
			e.check(path, value, wrong)
		}
	case string:
		if values := e.of(path); values == nil && looksLikeEnum.MatchString(v) || values != nil && !slices.ContainsFunc(values, fits(v)) {
			wrong(path, v)
		}
	}
}

// fits makes a test for one allowed value. If the text ends in a star, it says only how values
// begin.
func fits(text string) func(value string) bool {
	return func(value string) bool {
		begins, isOpen := strings.CutSuffix(value, "*")
		return value == text || isOpen && begins != "" && strings.HasPrefix(text, begins)
	}
}

// of are the values a field may have; nil if it holds no enum.
func (e enums) of(path []string) []string {
	for declared, enum := range e {
		parts := strings.Split(declared, ".")
		if len(parts) == len(path) && matches(parts, path) {
			return enumValues(enum)
		}
	}
	return nil
}

func matches(parts, path []string) bool {
	for i, part := range parts {
		if part != "*" && part != path[i] {
			return false
		}
	}
	return true
}

// enumValues are the values of an enum of the schema, or those the row names itself;
// with a question mark the field may be empty.
func enumValues(enum string) []string {
	name, mayBeEmpty := strings.CutSuffix(enum, "?")
	values := strings.Split(name, "|")
	if known, ok := enumsOfSchema()[name]; ok {
		values = slices.Clone(known)
	}
	if mayBeEmpty {
		values = append(values, "")
	}
	return values
}

var enumsOfSchema = sync.OnceValue(func() map[string][]string {
	s, err := schema.Load()
	if err != nil {
		panic(err)
	}
	all := map[string][]string{}
	for _, d := range s.Types {
		for _, v := range d.EnumValues {
			all[d.Name] = append(all[d.Name], v.Name)
		}
	}
	return all
})

// Every collection with an index has a row, and every row names an enum that exists.
func TestEveryCollectionHasItsRow(t *testing.T) {
	t.Parallel()
	stored := rowsBy(func(n noun) map[string]enums { return n.stored })
	for _, name := range collections() {
		if _, ok := stored[name]; !ok {
			t.Errorf("no noun has a row for the collection %s", name)
		}
	}
	for name, fields := range stored {
		for path, enum := range fields {
			if values := enumValues(enum); len(values) < 2 {
				t.Errorf("%s: %s is of %s, which has no values", name, path, enum)
			}
		}
	}
}

// A stored value that its enum does not have is found in every place.
func TestAStoredValueThatIsNoneOfItsEnumIsFound(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		doc   map[string]any
		wrong int
	}{
		"right":                {map[string]any{"state": "DRAFT", "offsets": []any{"DAY_BEFORE"}, "title": "Fest"}, 0},
		"another":              {map[string]any{"state": "CANCELED"}, 1},
		"in small letters":     {map[string]any{"state": "draft"}, 1},
		"in a list":            {map[string]any{"offsets": []any{"DAY_BEFORE", "YEAR_BEFORE"}}, 1},
		"where nobody said so": {map[string]any{"mood": map[string]any{"now": "VERY_GOOD"}}, 1},
	} {
		var found []string
		crashState{"events": {c.doc}}.checkEnums(func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) })
		if len(found) != c.wrong {
			t.Errorf("%s: %q", what, found)
		}
	}
}
