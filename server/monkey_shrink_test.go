package main

import (
	"maps"
	"slices"
)

// shrinker reports whether steps still show a finding.
type shrinker func(steps []*monkeyStep) bool

// shrink returns the fewest steps, with the smallest documents, that still show the finding.
func shrink(steps []*monkeyStep, shows shrinker) []*monkeyStep {
	steps = slices.Clone(shows.fewest(steps))
	shows.smallest(steps)
	return steps
}

// fewest leaves out steps: half of them at first, and then fewer and fewer.
func (s shrinker) fewest(steps []*monkeyStep) []*monkeyStep {
	for size := len(steps) / 2; size >= 1; size /= 2 {
		for at := 0; at < len(steps); {
			rest := slices.Concat(steps[:at], steps[min(at+size, len(steps)):])
			if len(rest) > 0 && s(rest) {
				steps = rest
			} else {
				at += size
			}
		}
	}
	return steps
}

// smallest leaves fields, arguments and parts of values out of the documents.
func (s shrinker) smallest(steps []*monkeyStep) {
	for i := len(steps) - 1; i >= 0; i-- {
		for steps[i].call.root != nil && s.onePartLess(steps, i) {
			continue
		}
	}
}

// onePartLess removes the first part of a document that is not needed to show the finding.
func (s shrinker) onePartLess(steps []*monkeyStep, i int) bool {
	whole := steps[i]
	for n := 0; ; n++ {
		c := whole.call.clone()
		left := n
		if !c.root.without(&left) {
			return false
		}
		steps[i] = &monkeyStep{call: c, data: whole.data, codes: whole.codes}
		if s(steps) {
			return true
		}
		steps[i] = whole
	}
}

// without removes the n-th part; false if there are fewer parts.
func (s *selected) without(n *int) bool {
	needsType := len(s.kids) == 1 || slices.ContainsFunc(s.kids, func(k *selected) bool { return k.on != "" })
	for i, k := range s.kids {
		if k.name != "__typename" || !needsType {
			if *n == 0 {
				if s.kids = slices.Delete(s.kids, i, i+1); len(s.kids) == 0 {
					s.kids = []*selected{{name: "__typename"}}
				}
				return true
			}
			*n--
		}
		if k.without(n) {
			return true
		}
	}
	for i, a := range s.args {
		if !a.typ.NonNull {
			if *n == 0 {
				s.args = slices.Delete(s.args, i, i+1)
				return true
			}
			*n--
		}
		if smaller, ok := smallerValue(a.value, n); ok {
			s.args[i].value = smaller
			return true
		}
	}
	return false
}

// smallerValue removes the n-th part of a value.
func smallerValue(v any, n *int) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if *n == 0 {
				less := maps.Clone(v)
				delete(less, name)
				return less, true
			}
			*n--
			if smaller, ok := smallerValue(v[name], n); ok {
				less := maps.Clone(v)
				less[name] = smaller
				return less, true
			}
		}
	case []any:
		for i := range v {
			if *n == 0 {
				return slices.Delete(slices.Clone(v), i, i+1), true
			}
			*n--
		}
	}
	return v, false
}
