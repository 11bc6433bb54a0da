package optional_test

import (
	"encoding/json"
	"strings"
	"testing"

	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
)

type edit struct {
	Name     optional.Edit[string] `json:",omitzero"`
	Capacity optional.Edit[int]    `json:",omitzero"`
	Words    optional.List[string] `json:",omitzero"`
}

// A field that is left out leaves, null clears, and a value replaces.
func TestAbsentLeavesNullClears(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in       edit
		name     string
		capacity int // -1: none
		words    string
	}{
		"left out": {edit{}, "old", 5, "a b"},
		"null":     {edit{Name: optional.Null[string](), Capacity: optional.Null[int](), Words: optional.NoList[string]()}, "", -1, "nil"},
		"a value":  {edit{Name: optional.Of("new"), Capacity: optional.Of(0), Words: optional.ListOf("c")}, "new", 0, "c"},
		"no words": {edit{Words: optional.ListOf[string]()}, "old", 5, ""},
	} {
		title, capacity, words := "old", new(5), []string{"a", "b"}
		optional.Set(&title, c.in.Name)
		optional.Put(&capacity, c.in.Capacity)
		optional.Put(&words, c.in.Words)
		got := strings.Join(words, " ")
		if words == nil {
			got = "nil"
		}
		if title != c.name || (capacity == nil) != (c.capacity < 0) || capacity != nil && *capacity != c.capacity || got != c.words {
			t.Errorf("%s: %q, %v, %q", name, title, capacity, got)
		}
	}
}

// What is not the same input is not the same JSON, by which repeats are known.
func TestAbsentNullAndEmptyDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for name, in := range map[string]edit{
		"left out": {}, "null": {Capacity: optional.Null[int]()}, "zero": {Capacity: optional.Of(0)},
		"no list": {Words: optional.NoList[string]()}, "an empty list": {Words: optional.ListOf[string]()},
	} {
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		if other := seen[string(raw)]; other != "" {
			t.Errorf("%s and %s are both %s", name, other, raw)
		}
		seen[string(raw)] = name
	}
}

func TestNullIsRefusedWhereItMakesNoSense(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	for path, field := range map[string]optional.Edit[string]{"absent": {}, "value": optional.Of(""), "null": optional.Null[string]()} {
		optional.Refuse(&p, path, field)
	}
	for path, field := range map[string]optional.List[string]{"absents": {}, "values": optional.ListOf[string](), "nulls": optional.NoList[string]()} {
		optional.Refuse(&p, path, field)
	}
	if len(p) != 2 || p[0].Field != "null" || p[1].Field != "nulls" || p[0].Key != "value.null" {
		t.Errorf("refused: %v", p)
	}
}

func TestMapKeepsWhatIsNoValue(t *testing.T) {
	t.Parallel()
	upper := func(in optional.Edit[string]) optional.Edit[string] { return optional.Map(in, strings.ToUpper) }
	if upper(optional.Edit[string]{}).IsSet() {
		t.Error("a field that was left out is set")
	}
	if null := upper(optional.Null[string]()); !null.IsSet() || null.Value() != nil {
		t.Error("null has a value")
	}
	if v := upper(optional.Of("a")).Value(); v == nil || *v != "A" {
		t.Errorf("got %v", v)
	}
}
