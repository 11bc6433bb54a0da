package gqlhttp

import (
	"encoding/json"
	"reflect"

	"github.com/vektah/gqlparser/v2/ast"
)

// The cost of an operation is the number of objects it may ask for. A scalar is
// free, an object is 1, and a list is as many as it may hold: its argument
// "first" where it has one, else as many as it has "ids", else what @holds says
// of it, else Limits.ListSize. The lint of the schema demands @holds of each list of
// objects, since what holds more than it is counted for multiplies the difference.
//
// A connection multiplies what each of its edges holds, and not its pageInfo or
// totalCount. It is known by its type having a field pageInfo; its lists
// (edges, nodes) hold one page together with the field that led to it, and are
// not multiplied once more.
//
// The schema that introspection reads is in memory and validation bounds how
// deep its lists nest, so it has a fixed cost.
const introspectionCost = 100

// price is the cost of a selection set. For the selection set of a connection
// perItem is what each item costs; for any other it is 0.
type price struct{ once, perItem int }

func (p price) total(items int) int { return add(p.once, multiply(items, p.perItem)) }

// pricer walks a validated operation once. Like measurer it remembers fragments, and stops at a
// cycle.
type pricer struct {
	schema    *ast.Schema
	limits    Limits
	variables map[string]any
	known     map[*ast.FragmentDefinition]price
	steps     int
}

func operationCost(schema *ast.Schema, limits Limits, op *ast.OperationDefinition, variables map[string]any) (cost, steps int) {
	p := pricer{schema: schema, limits: limits, variables: variables, known: map[*ast.FragmentDefinition]price{}}
	cost = p.selectionSet(op.SelectionSet).total(limits.PageSize)
	return cost, p.steps
}

func (p *pricer) selectionSet(set ast.SelectionSet) price {
	var sum price
	for _, sel := range set {
		p.steps++
		var one price
		switch sel := sel.(type) {
		case *ast.Field:
			one = p.field(sel)
		case *ast.InlineFragment:
			one = p.selectionSet(sel.SelectionSet)
		case *ast.FragmentSpread:
			one = p.fragment(sel.Definition)
		}
		sum.once = add(sum.once, one.once)
		sum.perItem = add(sum.perItem, one.perItem)
	}
	return sum
}

func (p *pricer) fragment(f *ast.FragmentDefinition) price {
	if f == nil {
		return price{}
	}
	if known, ok := p.known[f]; ok {
		return known
	}
	p.known[f] = price{}
	sum := p.selectionSet(f.SelectionSet)
	p.known[f] = sum
	return sum
}

func (p *pricer) field(f *ast.Field) price {
	if isIntrospection(f.Name) {
		return price{once: introspectionCost}
	}
	if f.Definition == nil || len(f.SelectionSet) == 0 {
		return price{}
	}
	below := p.selectionSet(f.SelectionSet)
	size, sized := p.pageSize(f)
	isList := f.Definition.Type.Elem != nil
	switch {
	case isConnection(p.schema.Types[f.Definition.Type.Name()]):
		if !sized {
			size = p.limits.PageSize
		}
		return price{once: add(1, below.total(size))}
	case !isList:
		return price{once: add(1, below.total(p.limits.PageSize))}
	}
	each := add(1, below.total(p.limits.PageSize))
	if !sized && isConnection(f.ObjectDefinition) {
		return price{perItem: each}
	}
	if !sized {
		size = p.listSize(f)
	}
	return price{once: multiply(size, each)}
}

// listSize is how many items a list without "first" is taken to have.
func (p *pricer) listSize(f *ast.Field) int {
	if arg := f.Arguments.ForName("ids"); arg != nil {
		if ids, err := arg.Value.Value(p.variables); err == nil {
			if list := reflect.ValueOf(ids); list.Kind() == reflect.Slice {
				return list.Len()
			}
			return 1 // one value stands for a list of it
		}
	}
	if holds := f.Definition.Directives.ForName("holds"); holds != nil {
		if most := holds.Arguments.ForName("atMost"); most != nil {
			return asInt(most.Value, nil)
		}
	}
	return p.limits.ListSize
}

// pageSize is the field's argument "first" or "last"; false if the field has neither. A value
// that the service would refuse or replace counts as a whole page.
func (p *pricer) pageSize(f *ast.Field) (int, bool) {
	sized, size := false, 0
	for _, name := range []string{"first", "last"} {
		def := f.Definition.Arguments.ForName(name)
		if def == nil {
			continue
		}
		sized = true
		n := 0
		if arg := f.Arguments.ForName(name); arg != nil {
			n = asInt(arg.Value, p.variables)
		}
		if n <= 0 {
			n = asInt(def.DefaultValue, nil)
		}
		size = max(size, n)
	}
	if size == 0 {
		size = p.limits.PageSize
	}
	return size, sized
}

func isConnection(def *ast.Definition) bool {
	return def != nil && def.Kind != ast.Scalar && def.Fields.ForName("pageInfo") != nil
}

// asInt reads a number from a literal or a variable, in whichever form the
// decoder left it; 0 if there is none.
func asInt(v *ast.Value, variables map[string]any) int {
	if v == nil {
		return 0
	}
	value, err := v.Value(variables)
	if err != nil {
		return 0
	}
	if n, ok := value.(json.Number); ok {
		i, _ := n.Int64()
		return int(i)
	}
	switch r := reflect.ValueOf(value); r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return int(r.Int())
	case reflect.Float32, reflect.Float64:
		return int(r.Float())
	default:
		return 0
	}
}
