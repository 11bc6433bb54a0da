package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
)

// draw is a call while it is being drawn.
type draw struct {
	*monkey
	of      string // the root field
	about   string // the id of what an errand is about
	persona string
	pair    string // the id of a relation whose parts are used as ids
	chosen  []choice
	now     time.Time
	latest  time.Time // the latest time in this input, after which the next one comes
	way     string
	ids     []string // the ids that were drawn
	signs   []string // noted by see

	mayBeBad, isBad, isNext bool
}

// choice is a type that was chosen for a slot, to learn from the outcome.
type choice struct{ slot, typ string }

// isOff reports whether to draw a value that the type does not have. That happens now and then, in
// some calls only.
func (d *draw) isOff() bool {
	if d.mayBeBad && d.rand.IntN(6) == 0 {
		d.isBad = true
		return true
	}
	return false
}

// value draws a value of a type for a slot, such as "JoinGroupInput.groupId". name is the name of the
// argument or field.
func (d *draw) value(t *ast.Type, slot, name string) any {
	if d.isOff() {
		return d.badValue(t)
	}
	if t.Elem != nil {
		list := []any{}
		for range []int{0, 1, 1, 1, 1, 1, 2, 2, 3}[d.rand.IntN(9)] {
			list = append(list, d.value(t.Elem, slot, name))
		}
		return list
	}
	def := theSchema().Types[t.NamedType]
	switch {
	case def.Kind == ast.Enum:
		d.chosen = append(d.chosen, choice{slot, d.chances.pick(d.rand, slot, "", enumsOfSchema()[def.Name])})
		return d.chosen[len(d.chosen)-1].typ
	case def.Kind == ast.InputObject:
		return d.object(def)
	}
	return d.scalar(def.Name, slot, name)
}

// object draws the required fields, and none, some or all of the others.
func (d *draw) object(def *ast.Definition) any {
	input := vars{}
	likely := []int{0, 0, 20, 40, 60, 95}[d.rand.IntN(6)]
	d.latest = d.now
	for _, f := range def.Fields {
		if mustBe := f.Type.NonNull && f.DefaultValue == nil; !mustBe && d.rand.IntN(100) >= likely {
			continue
		}
		switch f.Name {
		case "clientMutationId":
			if d.rand.IntN(2) > 0 {
				continue
			}
		case "expectedVersion":
			if d.rand.IntN(4) > 0 {
				if version, ok := d.versionOf(input); ok {
					input[f.Name] = version
				}
				continue
			}
		}
		if !f.Type.NonNull && d.mayBeBad && d.rand.IntN(4) == 0 {
			input[f.Name] = nil
			continue
		}
		input[f.Name] = d.value(f.Type, def.Name+"."+f.Name, f.Name)
	}
	return input
}

// versionOf is the last known version of the thing that the input names.
func (d *draw) versionOf(input vars) (int, bool) {
	for _, v := range input {
		if text, ok := v.(string); ok {
			if version, ok := d.memory.versions[text]; ok {
				return version, true
			}
		}
	}
	return 0, false
}

func (d *draw) scalar(typ, slot, name string) any {
	switch typ {
	case "ID":
		return d.id(slot, name)
	case "String":
		return d.text(slot, name)
	case "Boolean":
		return d.rand.IntN(2) == 0
	case "Int":
		n := d.chances.pick(d.rand, slot, "", []string{"0", "1", "2", "3", "4", "5", "9", "20"})
		d.chosen = append(d.chosen, choice{slot, n})
		number, _ := strconv.Atoi(n)
		return number
	case "Float":
		return float64(d.rand.IntN(1800))/10 - 90
	case "DateTime":
		return d.later().Format(time.RFC3339)
	case "LocalDateTime":
		return d.later().Format("2006-01-02T15:04:05")
	case "TimeZone":
		return []string{"Europe/Copenhagen", "Europe/Copenhagen", "America/Nuuk", "Pacific/Apia"}[d.rand.IntN(4)]
	case "TimeOfDay":
		return fmt.Sprintf("%02d:%02d", d.rand.IntN(24), d.rand.IntN(4)*15)
	}
	d.t.Fatalf("the monkey has no values for %s", typ)
	return nil
}

// later is a time after all times in this input: soon after, or some weeks.
func (d *draw) later() time.Time {
	by := time.Duration(1+d.rand.IntN(5)) * time.Hour
	if d.latest.Equal(d.now) {
		by = []time.Duration{2 * time.Hour, 5 * time.Hour, 30 * time.Hour, 3 * 24 * time.Hour, 40 * 24 * time.Hour}[d.rand.IntN(5)]
	}
	d.latest = d.latest.Add(by).Truncate(time.Minute)
	return d.latest
}

// phrases are texts that people write; none looks like the value of an enum.
var phrases = []string{"fest", "Fælles spisning i gården", "havedag med børn og bedsteforældre", "Åbent hus", "kor", "roning på fjorden",
	"ål og æbler", "Book club 📚", "vi mødes kl. 19", "a", "En længere beskrivelse af hvad vi skal lave sammen, skrevet af en som gerne vil have alle med."}

func (d *draw) text(slot, name string) string {
	if name == "clientMutationId" {
		if d.rand.IntN(3) == 0 && len(d.keys) > 0 {
			return d.keys[d.rand.IntN(len(d.keys))]
		}
		var raw [16]byte
		for i := range raw {
			raw[i] = byte(d.rand.IntN(256))
		}
		d.keys = append(d.keys, uuid.NewSHA1(uuid.NameSpaceOID, raw[:]).String())
		return d.keys[len(d.keys)-1]
	}
	rarely := 16
	if slices.Contains(freeTexts, name) {
		rarely = 4
	}
	if seen := d.heard(slot, name); seen != "" && d.rand.IntN(rarely) > 0 {
		return seen
	}
	switch d.rand.IntN(4) {
	case 0:
		return fmt.Sprintf("%s %d", phrases[d.rand.IntN(len(phrases))], d.rand.IntN(1000))
	case 1:
		return fmt.Sprintf("word-%d", d.rand.IntN(1000))
	}
	return phrases[d.rand.IntN(len(phrases))]
}

// heard is a text that an answer had under a fitting name: for reasonKey a key, and for after a
// cursor.
func (d *draw) heard(slot, name string) string {
	if name == "after" {
		name = []string{"cursor", "endCursor"}[d.rand.IntN(2)]
	}
	var lists []string
	for seen := range d.memory.words {
		isOpaque := name == seen && !slices.Contains(freeTexts, seen)
		if isOpaque || len(seen) > 2 && strings.HasSuffix(name, strings.ToUpper(seen[:1])+seen[1:]) {
			lists = append(lists, seen)
		}
	}
	slices.Sort(lists)
	if len(lists) == 0 {
		return ""
	}
	for _, id := range append([]string{d.pair}, d.ids...) {
		for _, seen := range lists {
			if texts := d.memory.beside[id][seen]; len(texts) > 0 {
				return d.likeliest(slot, texts)
			}
		}
	}
	return d.likeliest(slot, d.memory.words[lists[d.rand.IntN(len(lists))]])
}

// likeliest picks one of some texts. It prefers a shape that was accepted in this slot before: an
// id, a well-known word, or free text.
func (d *draw) likeliest(slot string, texts []string) string {
	by := map[string][]string{}
	for _, text := range texts {
		shape := "text"
		if looksLikeEnum.MatchString(text) {
			shape = "WORD"
		} else if kinds := kindOfID(text); kinds != "" {
			shape = kinds
		}
		by[shape] = append(by[shape], text)
	}
	shape := d.chances.pick(d.rand, slot, "", slices.Sorted(maps.Keys(by)))
	d.chosen = append(d.chosen, choice{slot, shape})
	return recent(d.rand, by[shape])
}

// freeTexts are the names of texts that people write, which need not have been seen before.
var freeTexts = []string{"title", "text", "name", "description", "reason", "displayName", "address"}

// id picks the id of a thing that the monkey has seen, of the type that the slot's name asks for, or of
// a type that has succeeded there.
func (d *draw) id(slot, name string) string {
	id := d.pickID(slot, name)
	d.ids = append(d.ids, id)
	return id
}

func (d *draw) pickID(slot, name string) string {
	types, isSure := d.typesNamed(name)
	if typ := d.memory.types[d.about]; !isSure && typ != "" {
		d.chosen = append(d.chosen, choice{slot, typ}, choice{name, typ})
		return d.about
	}
	if !isSure || d.mayBeBad && d.rand.IntN(20) == 0 {
		types = d.nodeTypes
	}
	typ := d.chances.pick(d.rand, slot, name, types)
	d.chosen = append(d.chosen, choice{slot, typ}, choice{name, typ})
	list := d.pool()[typ]
	if len(list) == 0 {
		list = d.memory.ids[typ]
	}
	if len(list) == 0 {
		return "grp_7zzzzzzzzzzzzzzzzzzzzzzzzz"
	}
	for _, part := range append(oneID.FindAllString(d.pair, -1), d.pair) {
		if part != "" && kindOfID(part) == kindOfID(list[0]) {
			return part
		}
	}
	if d.way != wayAny {
		me := d.people[d.persona]
		own := slices.DeleteFunc(slices.Clone(list), func(id string) bool {
			return d.memory.makers[id] != d.persona && (me == "" || !strings.Contains(id, me))
		})
		if len(own) > 0 {
			return d.best(own)
		}
	}
	return d.best(list)
}

// kindOfID are the prefixes of an id.
func kindOfID(id string) string {
	var kinds []string
	for _, part := range oneID.FindAllString(id, -1) {
		prefix, _, _ := strings.Cut(part, "_")
		kinds = append(kinds, prefix)
	}
	return strings.Join(kinds, ":")
}

// typesNamed are the types whose ids a slot wants by its name: groupId wants a Group, homeAreaId an
// Area, skillsWanted a Skill, and sessionId a CourseSession. If the name tells nothing, it is any type.
func (m *monkey) typesNamed(name string) (types []string, isSure bool) {
	base := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, "s"), "Id"))
	var part []string
	for _, typ := range m.nodeTypes {
		switch low := strings.ToLower(typ); {
		case base == low:
			return []string{typ}, true
		case strings.HasSuffix(base, low), strings.HasPrefix(base, low), len(base) > 3 && strings.HasSuffix(low, base):
			part = append(part, typ)
		}
	}
	if len(part) > 0 {
		return part, true
	}
	return m.nodeTypes, false
}

// badValue is a value that the type does not have: a wrong scalar or enum value, null, or an id without
// a thing.
func (d *draw) badValue(t *ast.Type) any {
	if d.rand.IntN(6) == 0 {
		return nil
	}
	name := t.Name()
	switch def := theSchema().Types[name]; {
	case def.Kind == ast.InputObject:
		return []any{vars{}, "x", vars{"nosuch": 1}, []any{}}[d.rand.IntN(4)]
	case def.Kind == ast.Enum:
		name = ""
	case name == "ID" && d.rand.IntN(2) == 0:
		return []any{"", "grp_7zzzzzzzzzzzzzzzzzzzzzzzzz", "grp_", "per_x:grp_y", "..", "GRP_00000000000000000000000001", strings.Repeat("a", 5000)}[d.rand.IntN(7)]
	case name == "String" && d.rand.IntN(2) == 0:
		return []any{"", " \u00a0 ", "a\nb", "a\u0007b", "\u202eb", strings.Repeat("å", 6000), "$where", "{}", "null", "\ufffd"}[d.rand.IntN(10)]
	case name == "Int" && d.rand.IntN(2) == 0:
		return []any{-1, 1 << 30, -(1 << 31), 100_001, 51}[d.rand.IntN(5)]
	case name == "LocalDateTime" && d.rand.IntN(2) == 0:
		return []any{"2999-12-31T23:59", "1900-01-01T00:00", "2027-03-28T02:30:00", "2026-10-25T02:30:00"}[d.rand.IntN(4)]
	}
	list := junkOf[name]
	return json.RawMessage(list[d.rand.IntN(len(list))].variable)
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 10)) }
