package idempotency

import "testing"

type colour string

func (c colour) IsValid() bool { return c == "RED" }

type edit struct {
	value colour
	isSet bool
}

func (e edit) Value() colour { return e.value }
func (e edit) IsSet() bool   { return e.isSet }

func TestOnlyValuesOfTheirTypeAreHandedIn(t *testing.T) {
	t.Parallel()
	red, bad := colour("RED"), colour("BLUE")
	type in struct {
		Name    string
		Colour  colour
		Maybe   *colour
		Several []colour
		Inner   *struct{ Colour colour }
		Edit    edit
	}
	good := in{Colour: red, Maybe: &red, Several: []colour{red}, Inner: &struct{ Colour colour }{red}, Edit: edit{red, true}}
	for name, c := range map[string]struct {
		change func(*in)
		want   string
	}{
		"all good":         {func(*in) {}, ""},
		"left out":         {func(i *in) { i.Maybe, i.Several, i.Inner = nil, nil, nil }, ""},
		"empty":            {func(i *in) { i.Colour = "" }, "input.colour"},
		"unknown":          {func(i *in) { i.Colour = bad }, "input.colour"},
		"behind a pointer": {func(i *in) { i.Maybe = &bad }, "input.maybe"},
		"in a list":        {func(i *in) { i.Several = []colour{red, bad} }, "input.several"},
		"nested":           {func(i *in) { i.Inner.Colour = bad }, "input.inner.colour"},
		"in an edit":       {func(i *in) { i.Edit = edit{bad, true} }, "input.edit"},
	} {
		i := good
		inner := *good.Inner
		i.Inner = &inner
		c.change(&i)
		got := ""
		if wrong := checkValues(i); wrong != nil {
			got = wrong.Field
		}
		if got != c.want {
			t.Errorf("%s: refused at %q, want %q", name, got, c.want)
		}
	}
}
