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

// draw draws the next call, of any field or of an errand, and returns it with the choices that
// were made.
func (m *monkey) draw() (*call, *draw) {
	if m.rand.IntN(200) == 0 {
		return &call{passes: []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 26 * time.Hour}[m.rand.IntN(4)]}, nil
	}
	kind, of := "mutation", theSchema().Mutation
	switch n := m.rand.IntN(100); {
	case n == 0:
		kind, of = "subscription", theSchema().Subscription
	case n < 32:
		kind, of = "query", theSchema().Query
	}
	e, tries := errand{field: m.rarest(fieldsOf(of))}, 1+m.rand.IntN(candidates)
	if last := len(m.errands) - 1; kind == "mutation" && last >= 0 && m.rand.IntN(3) > 0 {
		e, tries, m.errands = m.errands[last], candidates, m.errands[:last]
	}
	if e.id == "" && kind == "mutation" && m.isNew(e.field) && m.rand.IntN(4) > 0 {
		e, tries = m.speaking(e.field), candidates
	}
	mayBeBad := e.id == "" && m.rand.IntN(8) == 0
	var c *call
	var d *draw
	for range tries {
		if other, how := m.drawRoot(kind, e, mayBeBad); d == nil || m.promise(e.field, how) > m.promise(e.field, d) {
			c, d = other, how
		}
	}
	d.ask(c.root, e.field)
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

// rarest picks a field. Now and then it picks one that has never succeeded; otherwise, of two
// fields it prefers the one that has succeeded less often.
func (m *monkey) rarest(fields []*ast.FieldDefinition) *ast.FieldDefinition {
	if m.rand.IntN(4) == 0 {
		if never := slices.DeleteFunc(slices.Clone(fields), func(f *ast.FieldDefinition) bool { return !m.isNew(f) }); len(never) > 0 {
			return never[m.rand.IntN(len(never))]
		}
	}
	one, other := fields[m.rand.IntN(len(fields))], fields[m.rand.IntN(len(fields))]
	_, ok := m.chances.sum(one.Name + " in all")
	if _, otherOK := m.chances.sum(other.Name + " in all"); otherOK < ok && m.rand.IntN(3) > 0 {
		return other
	}
	return one
}

// drawRoot draws the caller of a field and its arguments. If it is an errand, they concern the
// errand's thing. The selection is drawn later, by ask, for the call that is chosen.
func (m *monkey) drawRoot(kind string, e errand, mayBeBad bool) (*call, *draw) {
	field := e.field
	d := &draw{monkey: m, of: field.Name, about: e.id, now: m.clock.Now(), persona: m.chances.pick(m.rand, field.Name, openTo(field), m.personas)}
	d.latest, d.mayBeBad, d.isNext = d.now, mayBeBad, e.id != "" || m.rand.IntN(2) == 0
	d.way = m.chances.pick(m.rand, field.Name+" by way of", "", ways)
	if d.pair = e.id; e.id == "" {
		d.pair = d.pairFor(field)
	} else if who := []string{m.ownerOf(e.id), m.makerOf(e.id), e.actor, ""}[m.rand.IntN(4)]; who != "" {
		d.persona, d.way = who, wayAny
	}
	c := &call{kind: kind, root: &selected{name: field.Name, args: d.arguments(field, "", 0)}}
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
	for _, id := range append(slices.Clone(d.ids), d.pair, d.people[d.persona]) {
		d.signs = append(d.signs, d.signsOf(id)...)
	}
	slices.Sort(d.signs)
	d.signs = slices.Compact(d.signs)
}

// signsOf are the signs of one thing: its relation to the caller, and its last known states.
func (d *draw) signsOf(id string) []string {
	if id == "" {
		return nil
	}
	kind, me, signs := kindOfID(id), d.people[d.persona], []string(nil)
	switch {
	case me != "" && strings.Contains(id, me):
		kind += " of the caller"
	case d.memory.makers[id] == d.persona:
		kind += " made by the caller"
	default:
		kind += " of others"
	}
	signs = append(signs, kind)
	for _, s := range append(slices.Clone(d.memory.states[id]), d.memory.states[id+" "+d.persona]...) {
		signs = append(signs, kind+" "+s)
	}
	return signs
}

// best picks a few ids from a list, and returns the one with the most promising signs.
func (d *draw) best(list []string) (best string) {
	most := 0.0
	for range 1 + d.rand.IntN(4) {
		id := recent(d.rand, list)
		if promise := d.chances.lift(d.of, d.signsOf(id)); best == "" || promise > most {
			best, most = id, promise
		}
	}
	return best
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
	wanted := d.kindsWanted(f)
	me := d.people[d.persona]
	pairs := slices.DeleteFunc(pairs(d.pool()), func(id string) bool {
		kinds := kindOfID(id)
		lacks := slices.ContainsFunc(wanted, func(kind string) bool { return !strings.Contains(kinds, kind) })
		return lacks || d.way == wayOwn && (me == "" || !strings.Contains(id, me))
	})
	if d.way == wayAny && d.rand.IntN(2) == 0 {
		return ""
	}
	exact := slices.DeleteFunc(slices.Clone(pairs), func(id string) bool {
		return len(strings.Split(kindOfID(id), ":")) != len(wanted)
	})
	if len(exact) > 0 && d.rand.IntN(5) > 0 {
		pairs = exact
	}
	return d.best(pairs)
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

// ask draws the selection of a root field.
func (d *draw) ask(s *selected, f *ast.FieldDefinition) {
	left := fieldsPerCall - 1
	s.kids = d.selection(theSchema().Types[f.Type.Name()], 1, &left)
}

// field draws a field with arguments and a selection.
func (d *draw) field(f *ast.FieldDefinition, of string, level int, left *int) *selected {
	*left--
	s := &selected{name: f.Name, args: d.arguments(f, of, level)}
	s.kids = d.selection(theSchema().Types[f.Type.Name()], level+1, left)
	return s
}

func (d *draw) arguments(f *ast.FieldDefinition, of string, level int) (args []argument) {
	for _, a := range f.Arguments {
		mustBe := a.Type.NonNull && a.DefaultValue == nil
		switch {
		case a.Name == "first" && !d.isOff():
			if level > 0 || d.rand.IntN(3) > 0 {
				args = append(args, argument{a.Name, a.Type, 1 + d.rand.IntN(4)})
			}
		case a.Name == "after" && d.rand.IntN(8) > 0:
		case mustBe || d.rand.IntN(2) == 0:
			name := a.Name
			if (name == "id" || name == "ids") && f.Type.Name() != "Node" {
				name = f.Type.Name() + "Id"
			}
			args = append(args, argument{a.Name, a.Type, d.value(a.Type, of+"."+f.Name+"."+a.Name, name)})
		}
	}
	return args
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
	case f.Name == "state":
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
