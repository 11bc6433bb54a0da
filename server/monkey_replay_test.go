package main

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/testkit"
)

// shrinkTime is how long the monkey takes at most to shrink a finding.
const shrinkTime = 90 * time.Second

// look lets everything come to rest and checks the invariants.
func (m *monkey) look() *finding {
	wrong := complaintsAbout(m.t, m.rest(), m.clock.Now())
	wrong = append(wrong, repairsOfAll(m.t, m.app.Community)...)
	if text := m.errors.take(); text != "" {
		return &finding{"an error in the log", text}
	}
	if len(wrong) > 0 {
		return &finding{"invariant: " + classOf(wrong[0]), strings.Join(wrong, "\n")}
	}
	return nil
}

// rest lets everything come to rest, and is the state then.
func (m *monkey) rest() testkit.Snapshot {
	m.t.Helper()
	return atRest(m.t, testkit.Snapshot{}, func(before testkit.Snapshot) testkit.Snapshot {
		_, err := m.app.Outbox.Sweep(context.Background(), 0)
		_, failed := m.app.Timers.Fire(context.Background())
		if err != nil || failed != nil {
			m.t.Logf("sweep: %v; timers: %v", err, failed)
		}
		return before.Next(m.t, m.app.DB)
	}, m.clock.Now)
}

var details = regexp.MustCompile(`\d+|map\[.*`)

// classOf is a complaint without ids and numbers.
func classOf(complaint string) string {
	return details.ReplaceAllString(oneID.ReplaceAllString(complaint, "id"), "n")
}

// show prints a finding, shrunk as much as possible.
func (m *monkey) show(found *finding) {
	m.t.Helper()
	m.follow.stop()
	r := &replay{monkey: m, class: found.class}
	for _, steps := range m.suspects(found) {
		r.until = clock.System{}.Now().Add(shrinkTime)
		if r.shows(steps) {
			steps = shrink(steps, r.shows)
			m.t.Errorf("%s\n%s\n\nshown again by %d of %d steps (tried %d times):\n%s", found.class, cut(r.detail), len(steps), len(m.steps), r.tried, m.script(steps))
			return
		}
	}
	m.t.Errorf("%s\n%s\n\nWhat was done, one after the other, does not show it again. The last steps were:\n%s",
		found.class, cut(found.detail), m.script(m.steps[max(0, len(m.steps)-monkeyHands):]))
}

// A finding is printed with at most this many of its last steps, and this much text of each.
const (
	stepsShown = 40
	textShown  = 3000
)

// cut is a text that is not too long to be printed.
func cut(text string) string {
	if len(text) <= textShown {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes more)", strings.ToValidUTF8(text[:textShown], ""), len(text)-textShown)
}

// script is the steps in a form that can be pasted one after the other.
func (m *monkey) script(steps []*monkeyStep) string {
	var b strings.Builder
	if before := len(steps) - stepsShown; before > 0 {
		fmt.Fprintf(&b, "# (%d steps before)\n", before)
		steps = steps[before:]
	}
	for _, s := range steps {
		b.WriteString(cut(s.call.String()) + "\n")
		for _, id := range slices.Compact(slices.Sorted(slices.Values(oneID.FindAllString(s.call.String(), -1)))) {
			if from, ok := m.memory.origins[id]; ok && from.step >= 0 {
				fmt.Fprintf(&b, "#   %s is %s of a step before\n", id, from.path)
			} else if name := m.nameOf(id); name != "" {
				fmt.Fprintf(&b, "#   %s is $%s of the world\n", id, name)
			}
		}
	}
	return b.String()
}

func (m *monkey) nameOf(id string) string {
	for _, name := range slices.Sorted(maps.Keys(m.ids)) {
		if m.ids[name] == id {
			return name
		}
	}
	return ""
}

// suspects are the steps that may have led to a finding, the likeliest first: the last round; the
// changes of the things that it, or an invariant, names; and all changes. Each comes with the steps
// that it needs, and with the time that passed.
func (m *monkey) suspects(found *finding) [][]*monkeyStep {
	last, related, all := map[int]bool{}, map[int]bool{}, map[int]bool{}
	ids := oneID.FindAllString(found.detail, -1)
	if !strings.HasPrefix(found.class, "invariant") {
		for i := max(0, len(m.steps)-monkeyHands); i < len(m.steps); i++ {
			last[i], related[i], all[i] = true, true, true
			ids = append(ids, oneID.FindAllString(m.steps[i].call.String(), -1)...)
		}
	}
	for i, s := range m.steps {
		if s.call.kind == "mutation" && len(s.codes) == 0 {
			all[i] = true
			related[i] = related[i] || mentionsAny(s, ids)
		}
	}
	return [][]*monkeyStep{m.withNeeds(last), m.withNeeds(related), m.withNeeds(all)}
}

// withNeeds are the chosen steps, the steps whose answers have the ids that they name, and the time
// that passed.
func (m *monkey) withNeeds(chosen map[int]bool) []*monkeyStep {
	for i := len(m.steps) - 1; i >= 0; i-- {
		if !chosen[i] {
			continue
		}
		for _, text := range m.steps[i].call.texts() {
			for _, part := range append(oneID.FindAllString(text, -1), text) {
				if from, ok := m.memory.origins[part]; ok && from.step >= 0 && from.step < i {
					chosen[from.step] = true
				}
			}
		}
	}
	var steps []*monkeyStep
	for i, s := range m.steps {
		if chosen[i] || s.call.passes > 0 && len(chosen) > 0 {
			steps = append(steps, s)
		}
	}
	return steps
}

func mentionsAny(s *monkeyStep, ids []string) bool {
	text := s.call.String() + fmt.Sprint(s.data)
	return slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(text, id) })
}

// replay repeats steps, to see whether they show the same finding.
type replay struct {
	*monkey
	class  string
	detail string // the detail of the last such finding
	until  time.Time
	tried  int
}

// shows puts everything back, repeats the steps one after the other, and reports whether they show
// the same finding. Ids and other texts from the answers of steps are replaced by those of this time.
func (s *replay) shows(steps []*monkeyStep) bool {
	if len(steps) == 0 || s.until.Before(clock.System{}.Now()) {
		return false
	}
	s.tried++
	s.rest()
	s.state.Restore(s.t, s.app.DB)
	s.clock.advance(-s.clock.by)
	s.readTokens()
	s.errors.take()
	now := map[string]string{}
	for _, step := range steps {
		if step.call.passes > 0 {
			s.pass(step.call.passes)
			continue
		}
		c := step.call.clone()
		c.root.eachValue(func(v any) any {
			if text, ok := v.(string); ok {
				return translated(text, now)
			}
			return v
		})
		got := s.send(context.Background(), c)
		if found := judge(c, got, maps.Clone(s.prefixes)); found != nil && found.class == s.class {
			s.detail = found.detail
			return true
		}
		align(step.data, got.Data, now)
	}
	if strings.HasPrefix(s.class, "invariant") {
		found := s.look()
		return found != nil && s.isSame(found)
	}
	if text := s.errors.take(); text != "" && s.class == "an error in the log" {
		s.detail = text
		return true
	}
	return false
}

func (s *replay) isSame(found *finding) bool {
	for _, line := range strings.Split(found.detail, "\n") {
		if "invariant: "+classOf(line) == s.class {
			s.detail = found.detail
			return true
		}
	}
	return false
}

// translated is a text with the ids and texts of this time.
func translated(text string, now map[string]string) string {
	if whole, ok := now[text]; ok {
		return whole
	}
	return oneID.ReplaceAllStringFunc(text, func(id string) string {
		if other, ok := now[id]; ok {
			return other
		}
		return id
	})
}

// align notes which text of one answer stands for which of another.
func align(before, after any, now map[string]string) {
	switch was := before.(type) {
	case map[string]any:
		is, _ := after.(map[string]any)
		for name, v := range was {
			align(v, is[name], now)
		}
	case []any:
		is, _ := after.([]any)
		for i := range min(len(was), len(is)) {
			align(was[i], is[i], now)
		}
	case string:
		is, ok := after.(string)
		if !ok || was == is {
			return
		}
		now[was] = is
		old, fresh := oneID.FindAllString(was, -1), oneID.FindAllString(is, -1)
		for i := range min(len(old), len(fresh)) {
			now[old[i]] = fresh[i]
		}
	}
}
