package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// askedOf is a call of a root field for some fields.
func askedOf(name string, kids ...*selected) *call {
	return &call{kind: "query", root: &selected{name: name, kids: append([]*selected{{name: "__typename"}}, kids...)}}
}

// The monkey finds bad answers, and finds nothing wrong with good ones.
func TestTheMonkeyJudges(t *testing.T) {
	t.Parallel()
	group := askedOf("group", &selected{name: "id"}, &selected{name: "kind"}, &selected{name: "createdAt"}, &selected{name: "memberCount"}, &selected{name: "area", kids: []*selected{{name: "__typename"}, {name: "slug"}}})
	const (
		id    = `"grp_01m8acwgq9fdvbx05s2v1029jb"`
		start = `{"data":{"group":{"__typename":"Group","id":` + id
		rest  = `,"kind":"HOUSING","createdAt":"2026-12-01T12:00:00Z","memberCount":3,"area":null}}}`
	)
	for answer, want := range map[string]string{
		start + rest: "",
		`{"data":{"group":null},"errors":[{"message":"Nej","extensions":{"code":"NOT_FOUND"}}]}`: "",
		`{"data":{"group":null},"errors":[{"message":"Av","extensions":{"code":"INTERNAL"}}]}`:   "INTERNAL in group",
		`{"data":{"group":null},"errors":[{"message":"","extensions":{"code":"NOT_FOUND"}}]}`:    "an error without a word in group",
		`{}`: "neither data nor errors",
		strings.Replace(start+rest, `HOUSING`, `HOUSE`, 1):                            "of another type: .Query.group.Group.kind",
		strings.Replace(start+rest, `12:00:00Z`, `13:00:00+01:00`, 1):                 "of another type: .Query.group.Group.createdAt",
		strings.Replace(start+rest, `:3,`, `:3.5,`, 1):                                "of another type: .Query.group.Group.memberCount",
		strings.Replace(start+rest, `"memberCount":3`, `"memberCount":null`, 1):       "of another type: .Query.group.Group.memberCount",
		strings.Replace(start+rest, `"memberCount":3,`, ``, 1):                        "of another type: .Query.group",
		strings.Replace(start+rest, `"memberCount":3`, `"memberCount":3,"x":1`, 1):    "of another type: .Query.group",
		strings.Replace(start+rest, id, `"17"`, 1):                                    "of another type: .Query.group.Group.id",
		strings.Replace(start+rest, `grp_`, `evt_`, 1):                                "of another type: .Query.group",
		strings.Replace(start+rest, `"Group"`, `"Event"`, 1):                          "of another type: .Query.group",
		strings.Replace(start+rest, `:null}`, `:{"__typename":"Area","slug":[]}}`, 1): "of another type: .Query.group.Group.area.Area.slug",
		strings.Replace(start+rest, `:null}`, `:[]}`, 1):                              "of another type: .Query.group.Group.area",
	} {
		got := answered{}
		if err := json.Unmarshal([]byte(answer), &got.reply); err != nil {
			t.Fatal(err)
		}
		class := ""
		if found := judge(group, got, map[string]string{"Group": "grp"}); found != nil {
			class = found.class
		}
		if class != want {
			t.Errorf("%s\n\tis judged %q, want %q", answer, class, want)
		}
	}
	late := answered{reply: reply{Data: vars{"group": nil}}, took: time.Minute, may: time.Minute - 1}
	if found := judge(group, late, nil); found == nil || found.class != "late: group" {
		t.Errorf("a late answer is judged %v", found)
	}
}

// Of many steps only those remain that show a finding, and of their documents only the parts that
// do.
func TestTheMonkeyShrinks(t *testing.T) {
	t.Parallel()
	str := ast.NonNullNamedType("CreateGroupInput", nil)
	var steps []*monkeyStep
	for i := range 40 {
		kids := []*selected{{name: "__typename"}, {name: "group", kids: []*selected{{name: "__typename"}, {name: "id"}, {name: "name"}}}}
		steps = append(steps, &monkeyStep{call: &call{persona: "leader-1", kind: "mutation", root: &selected{name: "createGroup", kids: kids,
			args: []argument{{"input", str, map[string]any{"name": "fest", "kind": "HOUSING", "n": i, "more": []any{1, 2, 3}}}}}}})
	}
	steps = append(steps[:20], append([]*monkeyStep{{call: &call{passes: time.Hour}}}, steps[20:]...)...)
	shows := func(steps []*monkeyStep) bool {
		made, passed := 0, false
		for _, s := range steps {
			if passed = passed || s.call.passes > 0; s.call.passes > 0 {
				continue
			}
			input := s.call.root.args[0].value.(map[string]any)
			if n, _ := input["n"].(int); n == 7 || n == 31 && passed && strings.Contains(s.call.String(), " name }") {
				made++
			}
		}
		return made == 2
	}
	got := shrink(steps, shows)
	m := &monkey{accessWorld: &accessWorld{}, memory: newMemory()}
	want := `# as leader-1
mutation { createGroup(input: {n: 7}) { __typename } }
# 1h0m0s pass
# as leader-1
mutation { createGroup(input: {n: 31}) { group { name } } }
`
	if script := m.script(got); script != want {
		t.Errorf("%s\nwant\n%s", script, want)
	}
}

// A seed repeats the draws of a run.
func TestTheMonkeyDrawsTheSameAgain(t *testing.T) {
	t.Parallel()
	script := func() string {
		m := &monkey{t: t, rand: newRand(7), clock: &monkeyClock{}, memory: newMemory(), chances: chances{}, people: map[string]string{}, personas: []string{"", "leader-1"}, nodeTypes: []string{"Event", "Group"}}
		m.memory.see("leader-1", 0, "", map[string]any{"__typename": "Group", "id": "grp_01m8acwgq9fdvbx05s2v1029jb"})
		var b strings.Builder
		for range 200 {
			c, _ := m.draw()
			if c.passes > 0 {
				continue
			}
			document, _ := c.document() // without the values, since times in them come from the clock
			b.WriteString(c.persona + document + "\n")
		}
		return b.String()
	}
	if first, second := script(), script(); first != second {
		t.Error("two runs of one seed differ")
	}
}
