package main

import (
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oneID matches an id. The id of a relation is several ids, joined by colons.
var oneID = regexp.MustCompile(`[a-z]{3,4}_[0-9a-z]{26}`)

// remembered is how many values of a sort the monkey keeps. The oldest go first.
const remembered = 200

// memory has what the monkey has seen in answers: ids by the type of the thing, and other texts by
// the names of their fields.
type memory struct {
	ids      map[string][]string
	changed  map[string][]string // ids in the answers of mutations
	words    map[string][]string
	types    map[string]string              // by id
	versions map[string]int                 // by id
	makers   map[string]string              // by id, the persona that saw it first
	beside   map[string]map[string][]string // by id, the texts that stood beside it, by the names of their fields
	states   map[string][]string            // by id, the last known enums of the thing, and by id and person what they may do
	origins  map[string]origin
	turned   []string // ids of what was seen in another state than before, since it was last looked at
}

// origin is where a value first stood: the step, and the path in its answer.
type origin struct {
	step int
	path string
}

func newMemory() *memory {
	return &memory{ids: map[string][]string{}, changed: map[string][]string{}, words: map[string][]string{}, types: map[string]string{}, versions: map[string]int{}, makers: map[string]string{},
		beside: map[string]map[string][]string{}, states: map[string][]string{}, origins: map[string]origin{}}
}

// seeChanged remembers the things in the answer of a mutation, since things that have just changed
// are good for further calls.
func (m *memory) seeChanged(v any) {
	switch v := v.(type) {
	case map[string]any:
		typ, _ := v["__typename"].(string)
		if value, ok := v["id"].(string); ok && typ != "" {
			m.changed[typ] = kept(m.changed[typ], value)
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			m.seeChanged(v[name])
		}
	case []any:
		for _, item := range v {
			m.seeChanged(item)
		}
	}
}

// see remembers the answer of a step.
func (m *memory) see(persona string, step int, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		typ, _ := v["__typename"].(string)
		if value, ok := v["id"].(string); ok && typ != "" {
			m.ids[typ] = kept(m.ids[typ], value)
			if version, ok := v["version"].(float64); ok {
				m.versions[value] = int(version)
			}
			if m.makers[value] == "" {
				m.makers[value] = persona
			}
			m.types[value] = typ
			m.seeBeside(value, v)
			if m.seeStates(persona, value, v) {
				m.changed[typ] = kept(m.changed[typ], value)
				m.turned = append(m.turned, value)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			at := path + "." + name
			if text, ok := v[name].(string); ok && name != "__typename" {
				m.words[name] = kept(m.words[name], text)
				m.note(text, step, at)
			}
			m.see(persona, step, at, v[name])
		}
	case []any:
		for i, item := range v {
			m.see(persona, step, path+"."+strconv.Itoa(i), item)
		}
	}
}

// seeBeside remembers the texts of a thing by the names of their fields. Fields that were not
// selected this time keep their texts.
func (m *memory) seeBeside(id string, v map[string]any) {
	if m.beside[id] == nil {
		m.beside[id] = map[string][]string{}
	}
	fresh := map[string][]string{}
	gatherTexts(v, fresh)
	maps.Copy(m.beside[id], fresh)
}

// seeStates remembers the present enums of a thing, and what the viewer may do with it. It reports
// whether one of its enums has changed since it was last seen.
func (m *memory) seeStates(persona, id string, v map[string]any) (isTurned bool) {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		switch is := v[name].(type) {
		case string:
			if looksLikeEnum.MatchString(is) {
				before := len(m.states[id])
				isTurned = isTurned || before > 0 && !slices.Contains(m.states[id], name+"="+is)
				m.states[id] = slices.DeleteFunc(m.states[id], func(s string) bool { return strings.HasPrefix(s, name+"=") })
				m.states[id] = append(m.states[id], name+"="+is)
			}
		case []any:
			var all []string
			for _, item := range is {
				if text, ok := item.(string); ok && looksLikeEnum.MatchString(text) {
					all = append(all, name+" has "+text)
				}
			}
			if len(all) > 0 {
				m.states[id+" "+persona] = all
			}
		}
	}
	return isTurned
}

// statesOf is all that is known of a thing's state, as anybody sees it.
func (m *memory) statesOf(id string) []string {
	all := slices.Clone(m.states[id])
	for _, who := range slices.Sorted(maps.Keys(m.states)) {
		if strings.HasPrefix(who, id+" ") {
			all = append(all, m.states[who]...)
		}
	}
	return all
}

// gatherTexts collects the texts of an object and of its parts.
func gatherTexts(v any, into map[string][]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, item := range v {
			if text, ok := item.(string); ok {
				into[name] = append(into[name], text)
			}
			gatherTexts(item, into)
		}
	case []any:
		for _, item := range v {
			gatherTexts(item, into)
		}
	}
}

// note remembers where a text, and each id in it, was first seen.
func (m *memory) note(text string, step int, path string) {
	for _, value := range append(oneID.FindAllString(text, -1), text) {
		if _, known := m.origins[value]; !known {
			m.origins[value] = origin{step, strings.TrimPrefix(path, ".")}
		}
	}
}

// kept is a list with a value added as the newest.
func kept(list []string, value string) []string {
	if i := slices.Index(list, value); i >= 0 {
		list = slices.Delete(list, i, i+1)
	}
	list = append(list, value)
	return list[max(0, len(list)-remembered):]
}

// recent picks from a list, the newest more often.
func recent(r *rand.Rand, list []string) string {
	if len(list) == 0 {
		return ""
	}
	if r.IntN(3) > 0 {
		list = list[max(0, len(list)-8):]
	}
	return list[r.IntN(len(list))]
}

// pairs are the ids of relations, which say what belongs together.
func pairs(ids map[string][]string) []string {
	var all []string
	for _, typ := range slices.Sorted(maps.Keys(ids)) {
		if list := ids[typ]; len(list) > 0 && strings.Contains(list[0], ":") {
			all = append(all, list[max(0, len(list)-30):]...)
		}
	}
	return all
}

// chances count tries and successes, by what was done and by what was chosen for it.
type chances map[string]map[string]*[2]int

func (c chances) note(what, choice string, ok bool) {
	if c[what] == nil {
		c[what] = map[string]*[2]int{}
	}
	if c[what][choice] == nil {
		c[what][choice] = &[2]int{}
	}
	c[what][choice][0]++
	if ok {
		c[what][choice][1]++
	}
}

// rate is how often a choice has succeeded. If it was tried rarely, before weighs in as a guess.
func (c chances) rate(what, choice string, before float64) float64 {
	if n := c[what][choice]; n != nil {
		return (float64(n[1]) + 2*before) / (float64(n[0]) + 2)
	}
	return before
}

// sum are the tries and successes of something over all choices.
func (c chances) sum(what string) (tries, ok int) {
	for _, n := range c[what] {
		tries, ok = tries+n[0], ok+n[1]
	}
	return tries, ok
}

// lift is how much more often something succeeds with these signs than without. A sign that was
// never tried counts as promising, and even more so if it speaks of the same.
func (c chances) lift(what string, signs []string) float64 {
	tries, ok := c.sum(what + " in all")
	usual, lift := (float64(ok)+0.5)/(float64(tries)+1), 1.0
	for _, sign := range signs {
		promises := 2.0
		if speaksOf(sign, what) {
			promises = 8
		}
		rate := promises * usual
		if n := c[what+" with"][sign]; n != nil {
			rate = (float64(n[1]) + promises*usual) / (float64(n[0]) + 1)
		}
		lift *= min(8, max(0.1, rate/usual))
	}
	return lift
}

// speaksOf reports whether a sign and the name of a field share a word. Of the actions that somebody
// may do, the verb must be the same: APPROVE_MEMBERS speaks of approveJoinRequest. A state speaks of
// the field that answers it: REQUESTED of approveJoinRequest, OFFERED of acceptOffer. A state that
// says that something is done does not speak of doing it: CANCELLED is no reason to call cancelEvent.
func speaksOf(sign, field string) bool {
	of := wordsOf(field)
	if _, action, ok := strings.Cut(sign, " has "); ok {
		verb, _, _ := strings.Cut(strings.ToLower(action), "_")
		return verb == of[0]
	}
	_, state, _ := strings.Cut(sign, "state=")
	for _, word := range strings.FieldsFunc(strings.ToLower(state), func(r rune) bool { return r == '_' }) {
		for i, part := range of {
			isDone := i == 0 && strings.HasSuffix(word, "ed")
			if stem := min(len(word), len(part), 5); stem >= 3 && !isDone && word[:stem] == part[:stem] {
				return true
			}
		}
	}
	return false
}

var capital = regexp.MustCompile(`[A-Z]?[a-z]+`)

// wordsOf are the words of a field's name in lower case.
func wordsOf(field string) []string {
	words := capital.FindAllString(field, -1)
	for i, w := range words {
		words[i] = strings.ToLower(w)
	}
	return words
}

// pick picks one of the choices: those that have succeeded more often, but each now and then. The
// success of similar things says what to expect of something new.
func (c chances) pick(r *rand.Rand, what, alike string, choices []string) string {
	weights, sum := make([]float64, len(choices)), 0.0
	for i, choice := range choices {
		rate := c.rate(what, choice, c.rate(alike, choice, 0.5))
		weights[i] = rate*rate*rate + 0.004
		sum += weights[i]
	}
	at := r.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return choices[i]
		}
	}
	return choices[len(choices)-1]
}
