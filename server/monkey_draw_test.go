package main

import (
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// fieldsPerCall is about how many fields a document has, and levels how deep it is. Both are
// within the limits for unvetted documents.
const (
	fieldsPerCall = 40
	levels        = 7
)

// draw draws the next call, and returns it with the choices that were made.
func (m *monkey) draw() (*call, *draw) {
	if m.rand.IntN(200) == 0 {
		return &call{passes: []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 26 * time.Hour}[m.rand.IntN(4)]}, nil
	}
	kind, of := "mutation", theSchema().Mutation
	switch n := m.rand.IntN(100); {
	case n == 0:
		kind, of = "subscription", theSchema().Subscription
	case n < 40:
		kind, of = "query", theSchema().Query
	}
	field := m.rarest(fieldsOf(of))
	mayBeBad := m.rand.IntN(8) == 0
	c, d := m.drawField(kind, field, mayBeBad)
	for range m.rand.IntN(candidates) {
		if other, how := m.drawField(kind, field, mayBeBad); m.promise(field, how) > m.promise(field, d) {
			c, d = other, how
		}
	}
	return c, d
}

// promise estimates how likely a call is to succeed: by whether its persona may call the field,
// and by its signs.
func (m *monkey) promise(f *ast.FieldDefinition, d *draw) float64 {
	isLetIn := m.chances.rate(f.Name, d.persona, m.chances.rate(openTo(f), d.persona, 0.5))
	return isLetIn * isLetIn * m.chances.lift(f.Name, d.signs)
}

// candidates is how many calls of a field are drawn at most, of which the most promising is
// chosen.
const candidates = 16

// rarest picks a field. Of two fields it prefers the one that has succeeded less often.
func (m *monkey) rarest(fields []*ast.FieldDefinition) *ast.FieldDefinition {
	one, other := fields[m.rand.IntN(len(fields))], fields[m.rand.IntN(len(fields))]
	_, ok := m.chances.sum(one.Name + " in all")
	if _, otherOK := m.chances.sum(other.Name + " in all"); otherOK < ok && m.rand.IntN(3) > 0 {
		return other
	}
	return one
}

func (m *monkey) drawField(kind string, field *ast.FieldDefinition, mayBeBad bool) (*call, *draw) {
	d := &draw{monkey: m, now: m.clock.Now(), persona: m.chances.pick(m.rand, field.Name, openTo(field), m.personas)}
	d.latest, d.mayBeBad, d.isNext = d.now, mayBeBad, m.rand.IntN(2) == 0
	d.way = m.chances.pick(m.rand, field.Name+" by way of", "", ways)
	d.pair = d.pairFor(field)
	left := fieldsPerCall
	c := &call{kind: kind, root: d.field(field, "", 0, &left)}
	if maker := d.maker(c); maker != "" && d.way == wayMaker {
		d.persona = maker
	}
	c.persona = d.persona
	d.see()
	return c, d
}

// see notes the signs of a call by which its success may be estimated: the caller, their relation
// to the things it names, and the last known states of these.
func (d *draw) see() {
	d.signs = []string{"as " + d.persona}
	me := d.people[d.persona]
	for _, id := range append(slices.Clone(d.ids), d.pair) {
		kind := kindOfID(id)
		switch {
		case id == "":
			continue
		case me != "" && strings.Contains(id, me):
			d.signs = append(d.signs, kind+" of the caller")
		case d.memory.makers[id] == d.persona:
			d.signs = append(d.signs, kind+" made by the caller")
		default:
			d.signs = append(d.signs, kind+" of others")
		}
		for _, s := range append(slices.Clone(d.memory.states[id]), d.memory.states[id+" "+d.persona]...) {
			d.signs = append(d.signs, kind+" "+s)
		}
	}
	slices.Sort(d.signs)
	d.signs = slices.Compact(d.signs)
}

// pool has the ids to choose from. Half of the calls use only ids of things that were changed
// lately.
func (d *draw) pool() map[string][]string {
	if d.isNext {
		return d.memory.changed
	}
	return d.memory.ids
}

// The ways to choose ids: things that belong to the caller, things that the caller made, and
// anything.
const (
	wayOwn   = "own"
	wayMaker = "maker"
	wayAny   = "any"
)

var ways = []string{wayOwn, wayMaker, wayAny}

// pairFor is the id of a relation between things of the types that the field wants.
func (d *draw) pairFor(f *ast.FieldDefinition) string {
	var wanted []string
	for _, a := range f.Arguments {
		for _, in := range theSchema().Types[a.Type.Name()].Fields {
			if types, isSure := d.typesNamed(in.Name); in.Type.Name() == "ID" && isSure && len(d.memory.ids[types[0]]) > 0 {
				wanted = append(wanted, kindOfID(d.memory.ids[types[0]][0]))
			}
		}
	}
	me := d.people[d.persona]
	pairs := slices.DeleteFunc(pairs(d.pool()), func(id string) bool {
		kinds := kindOfID(id)
		lacks := slices.ContainsFunc(wanted, func(kind string) bool { return !strings.Contains(kinds, kind) })
		return lacks || d.way == wayOwn && (me == "" || !strings.Contains(id, me))
	})
	if d.way == wayAny && d.rand.IntN(2) == 0 {
		return ""
	}
	return recent(d.rand, pairs)
}

// openTo says who may use a field, by its directive in the schema.
func openTo(f *ast.FieldDefinition) string {
	var says []string
	for _, d := range f.Directives {
		says = append(says, d.Name)
		for _, a := range d.Arguments {
			says = append(says, a.Value.String())
		}
	}
	return strings.Join(says, " ")
}

// maker is the persona that made the thing that a call is about.
func (d *draw) maker(c *call) string {
	for _, text := range c.texts() {
		if maker := d.memory.makers[text]; maker != "" {
			return maker
		}
	}
	return ""
}

// field draws a field with arguments and a selection.
func (d *draw) field(f *ast.FieldDefinition, of string, level int, left *int) *selected {
	*left--
	s := &selected{name: f.Name}
	for _, a := range f.Arguments {
		mustBe := a.Type.NonNull && a.DefaultValue == nil
		switch {
		case a.Name == "first" && !d.isOff():
			if level > 0 || d.rand.IntN(3) > 0 {
				s.args = append(s.args, argument{a.Name, a.Type, 1 + d.rand.IntN(4)})
			}
		case a.Name == "after" && d.rand.IntN(8) > 0:
		case mustBe || d.rand.IntN(2) == 0:
			name := a.Name
			if (name == "id" || name == "ids") && f.Type.Name() != "Node" {
				name = f.Type.Name() + "Id"
			}
			s.args = append(s.args, argument{a.Name, a.Type, d.value(a.Type, of+"."+f.Name+"."+a.Name, name)})
		}
	}
	s.kids = d.selection(theSchema().Types[f.Type.Name()], level+1, left)
	return s
}

func (d *draw) selection(def *ast.Definition, level int, left *int) []*selected {
	switch def.Kind {
	case ast.Object:
		return append([]*selected{{name: "__typename"}}, d.fields(def, level, left, map[string]bool{})...)
	case ast.Interface, ast.Union:
		return d.fragments(def, level, left)
	}
	return nil
}

// fields draws fields of a type, without those that were asked for before.
func (d *draw) fields(def *ast.Definition, level int, left *int, before map[string]bool) []*selected {
	var list []*selected
	for _, f := range fieldsOf(def) {
		if before[f.Name] || !d.wants(f, level, *left) {
			continue
		}
		before[f.Name] = true
		list = append(list, d.field(f, def.Name, level, left))
	}
	return list
}

// wants reports whether to select a field: always if it leads to ids, and now and then otherwise.
func (d *draw) wants(f *ast.FieldDefinition, level, left int) bool {
	switch kind := theSchema().Types[f.Type.Name()].Kind; {
	case f.Name == "id":
		return d.rand.IntN(10) > 0
	case kind == ast.Scalar || kind == ast.Enum:
		return d.rand.IntN(2) == 0
	case level >= levels || left <= 0:
		return false
	case f.Name == "edges" || f.Name == "node" || level == 1:
		return true
	}
	return d.rand.IntN(level+1) == 0
}

// fragments selects all fields of one type, and of another type those that do not collide with
// them.
func (d *draw) fragments(def *ast.Definition, level int, left *int) []*selected {
	list := []*selected{{name: "__typename"}}
	types := slices.Clone(theSchema().GetPossibleTypes(def))
	d.rand.Shuffle(len(types), func(i, j int) { types[i], types[j] = types[j], types[i] })
	likely := slices.IndexFunc(types, func(t *ast.Definition) bool {
		return len(d.chosen) > 0 && t.Name == d.chosen[len(d.chosen)-1].typ
	})
	if likely > 0 {
		types[0], types[likely] = types[likely], types[0]
	}
	before := map[string]bool{}
	if def.Fields.ForName("id") != nil {
		before["id"] = true
		list = append(list, &selected{name: "id"})
	}
	for _, t := range types[:min(2, len(types))] {
		if kids := d.fields(t, level, left, before); len(kids) > 0 {
			list = append(list, &selected{on: t.Name, kids: kids})
		}
	}
	return list
}
