package part

import (
	"fmt"
	"reflect"
)

// Check refuses two parts that bring the same thing, and a part that brings something
// half. The error names the thing.
func Check(parts []Part) error {
	c := check{prefixes: map[string]bool{}, types: map[reflect.Type]bool{}, lookups: map[reflect.Type]bool{}, jobs: map[string]bool{}, letters: map[string]bool{}}
	for _, p := range parts {
		if err := c.add(p); err != nil {
			return err
		}
	}
	return nil
}

// check is what the parts so far have brought.
type check struct {
	prefixes       map[string]bool
	types, lookups map[reflect.Type]bool
	jobs, letters  map[string]bool
}

func (c check) add(p Part) error {
	for _, n := range p.Nodes {
		switch {
		case n.Prefix == "" || n.Type == nil || n.Load == nil:
			return fmt.Errorf("the node %q %v has no prefix, no type or nothing that loads it", n.Prefix, n.Type)
		case isTwice(c.prefixes, n.Prefix):
			return fmt.Errorf("two nouns load ids that begin with %q", n.Prefix)
		case isTwice(c.types, n.Type):
			return fmt.Errorf("two nouns load %v by its id", n.Type)
		}
	}
	for _, l := range p.Lookups {
		switch {
		case l.Type == nil || l.Load == nil:
			return fmt.Errorf("the lookup of %v has no type or nothing that loads it", l.Type)
		case isTwice(c.lookups, l.Type):
			return fmt.Errorf("two lookups find %v: give what one of them finds a type of its own", l.Type)
		}
	}
	for _, j := range p.Jobs {
		switch {
		case j.Name == "" || j.Run == nil || j.Every <= 0:
			return fmt.Errorf("the job %q has no name, nothing to run or no time", j.Name)
		case isTwice(c.jobs, j.Name):
			return fmt.Errorf("two jobs are called %q", j.Name)
		}
	}
	for _, s := range p.Letters {
		if isTwice(c.letters, s.Name()) {
			return fmt.Errorf("two sources of dead letters are called %q", s.Name())
		}
	}
	return nil
}

func isTwice[K comparable](seen map[K]bool, key K) bool {
	twice := seen[key]
	seen[key] = true
	return twice
}
