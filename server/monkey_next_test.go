package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// errand is a call that makes sense after a change: a mutation about a thing that is new
// or has changed.
type errand struct {
	field *ast.FieldDefinition
	id    string
	actor string // who changed it, if that is known
}

// errandsKept is how many errands wait at most. The oldest are forgotten.
const errandsKept = 12

// plan notes an errand for each thing. It prefers mutations that speak of the thing's
// present state, and those that have never succeeded.
func (m *monkey) plan(ids []string, actor string) {
	for _, id := range ids {
		var fields []*ast.FieldDefinition
		for _, f := range fieldsOf(theSchema().Mutation) {
			of := m.memory.states[id]
			isAbout := m.isAbout(f, id)
			if isAbout {
				of = m.memory.statesOf(id)
			}
			speaks := slices.ContainsFunc(of, func(s string) bool { return speaksOf(s, f.Name) })
			if !isAbout && !(speaks && len(m.kindsWanted(f)) == 0) {
				continue
			}
			times := 1
			if speaks {
				times += 6
			}
			if m.isNew(f) {
				times += 3
			}
			fields = append(fields, slices.Repeat([]*ast.FieldDefinition{f}, times)...)
		}
		if len(fields) > 0 {
			m.errands = append(m.errands, errand{fields[m.rand.IntN(len(fields))], id, actor})
		}
	}
	m.errands = m.errands[max(0, len(m.errands)-errandsKept):]
}

// speaking is an errand about a thing whose state speaks of the field. If there is none, it
// is about a thing with which somebody may do it, or has no id.
func (m *monkey) speaking(f *ast.FieldDefinition) errand {
	var waiting, allowed []errand
	for _, of := range slices.Sorted(maps.Keys(m.memory.states)) {
		id, who, _ := strings.Cut(of, " ")
		if !slices.ContainsFunc(m.memory.states[of], func(s string) bool { return speaksOf(s, f.Name) }) {
			continue
		}
		switch isAbout := m.isAbout(f, id); {
		case who == "" && (isAbout || len(m.kindsWanted(f)) == 0):
			waiting = append(waiting, errand{field: f, id: id})
		case who != "" && isAbout:
			allowed = append(allowed, errand{f, id, who})
		}
	}
	list := append(allowed, errand{field: f})
	if len(waiting) > 0 {
		list = waiting
	}
	return list[m.rand.IntN(len(list))]
}

// isNew reports whether a field has never succeeded.
func (m *monkey) isNew(f *ast.FieldDefinition) bool {
	_, ok := m.chances.sum(f.Name + " in all")
	return ok == 0
}

// isAbout reports whether a mutation's input names things of an id's type. For the id of a
// relation, the input must name all things that it connects.
func (m *monkey) isAbout(f *ast.FieldDefinition, id string) bool {
	kinds := m.kindsWanted(f)
	if slices.Contains(kinds, kindOfID(id)) {
		return len(kinds) == 1 || m.namesOf[id] == "" // too many mutations name people
	}
	parts := strings.Split(kindOfID(id), ":")
	return len(parts) > 1 && !slices.ContainsFunc(parts, func(kind string) bool { return !slices.Contains(kinds, kind) })
}

// kindsWanted are the kinds of the ids that a field's input asks for by name.
func (m *monkey) kindsWanted(f *ast.FieldDefinition) (kinds []string) {
	for _, a := range f.Arguments {
		for _, in := range theSchema().Types[a.Type.Name()].Fields {
			if types, isSure := m.typesNamed(in.Name); in.Type.Name() == "ID" && isSure && len(m.memory.ids[types[0]]) > 0 {
				kinds = append(kinds, kindOfID(m.memory.ids[types[0]][0]))
			}
		}
	}
	return kinds
}

// whose is a type of things and the persona who looks at them.
type whose struct{ typ, persona string }

func (w whose) compare(other whose) int {
	return cmp.Or(strings.Compare(w.typ, other.typ), strings.Compare(w.persona, other.persona))
}

// lookAgain reads things that have to do with a change, as the people they belong to, and
// plans errands about them. A seat that one person leaves may go to another, and the answer
// does not tell that.
func (m *monkey) lookAgain(changed []*drawn) {
	var ids []string
	for _, d := range changed {
		for _, text := range append(d.call.texts(), textsIn(d.got.Data)...) {
			ids = append(ids, oneID.FindAllString(text, -1)...)
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return m.namesOf[id] != "" })
	for range looksAfter {
		m.lookAtSome(ids)
	}
	for _, d := range changed {
		if made := d.got.things(); len(made) > 0 {
			m.plan(made[m.rand.IntN(len(made)):][:1], d.call.persona)
		}
	}
	m.plan(m.memory.turned, "")
	m.memory.turned = nil
}

// things are the ids in an answer.
func (a answered) things() []string {
	into := map[string][]string{}
	gatherTexts(a.Data, into)
	return slices.Sorted(slices.Values(into["id"]))
}

// looksAfter is how many queries follow a round of changes, and looksAtOnce is how many
// things each of them reads.
const (
	looksAfter  = 2
	looksAtOnce = 20
)

func (m *monkey) lookAtSome(ids []string) {
	if len(ids) == 0 {
		return
	}
	at := ids[m.rand.IntN(len(ids))]
	things := m.thingsOf(func(id string) bool { return strings.Contains(id, at) })
	if len(things) == 0 {
		return
	}
	who := slices.SortedFunc(maps.Keys(things), whose.compare)[m.rand.IntN(len(things))]
	if !strings.Contains(things[who][0], ":") && m.rand.IntN(2) == 0 {
		m.lookAt(whose{who.typ, m.personas[m.rand.IntN(len(m.personas))]}, things[who]) // others may do something with it too
		return
	}
	m.lookAt(who, things[who])
}

// thingsOf are the wanted ids, by type and owner.
func (m *monkey) thingsOf(want func(id string) bool) map[whose][]string {
	things := map[whose][]string{}
	for _, typ := range m.nodeTypes {
		for _, id := range m.memory.ids[typ] {
			if want(id) {
				who := whose{typ, m.ownerOf(id)}
				things[who] = append(things[who], id)
			}
		}
	}
	return things
}

// lookAt reads the states of the newest of some things, and what may be done with them.
func (m *monkey) lookAt(who whose, things []string) {
	asked := "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on " + who.typ + " { id"
	for _, f := range fieldsOf(theSchema().Types[who.typ]) {
		of := theSchema().Types[f.Type.Name()]
		switch {
		case len(f.Arguments) > 0:
		case of.Kind == ast.Enum || f.Name == "version":
			asked += " " + f.Name
		case of.Fields.ForName("key") != nil: // by which mutations name what has no id
			asked += " " + f.Name + " { key }"
		}
	}
	things = things[max(0, len(things)-looksAtOnce):]
	m.memory.see(who.persona, -1, "", m.do(who.persona, asked+" } } }", vars{"ids": things}).Data)
}

// ownerOf is the person whom a relation belongs to, or who made the thing.
func (m *monkey) ownerOf(id string) string {
	for _, part := range oneID.FindAllString(id, -1) {
		if name := m.namesOf[part]; name != "" {
			return name
		}
	}
	return m.memory.makers[id]
}

// makerOf is the person who made the thing that a relation leads to, such as the group of a
// membership.
func (m *monkey) makerOf(id string) string {
	parts := oneID.FindAllString(id, -1)
	if len(parts) == 0 {
		return ""
	}
	return m.memory.makers[parts[0]]
}

// textsIn are all texts in an answer.
func textsIn(v any) []string {
	into := map[string][]string{}
	gatherTexts(v, into)
	return slices.Concat(slices.Collect(maps.Values(into))...)
}

// neverWell are the mutations that have never succeeded.
func neverWell(tally chances) (names []string) {
	for _, f := range fieldsOf(theSchema().Mutation) {
		if n := tally["mutation "+f.Name]["ok"]; n == nil {
			names = append(names, f.Name)
		}
	}
	return names
}
