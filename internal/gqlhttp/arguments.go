package gqlhttp

import "github.com/vektah/gqlparser/v2/ast"

// arguments visits the arguments of fields and directives in an operation, each fragment once,
// until visit returns false. The document must be valid, so that every name is known.
func arguments(op *ast.OperationDefinition, visit func(arg *ast.ArgumentDefinition, v *ast.Value) bool) {
	w := argumentWalk{visit: visit, seen: map[string]bool{}}
	_ = w.directives(op.Directives) && w.selections(op.SelectionSet)
}

// argumentWalk goes on while its methods return true.
type argumentWalk struct {
	visit func(arg *ast.ArgumentDefinition, v *ast.Value) bool
	seen  map[string]bool // fragments
}

func (w argumentWalk) selections(set ast.SelectionSet) bool {
	for _, selection := range set {
		goOn := true
		switch s := selection.(type) {
		case *ast.Field:
			goOn = w.directives(s.Directives) && w.list(s.Definition.Arguments, s.Arguments) && w.selections(s.SelectionSet)
		case *ast.InlineFragment:
			goOn = w.directives(s.Directives) && w.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			goOn = w.directives(s.Directives) && w.fragment(s.Definition)
		}
		if !goOn {
			return false
		}
	}
	return true
}

func (w argumentWalk) fragment(f *ast.FragmentDefinition) bool {
	if w.seen[f.Name] {
		return true
	}
	w.seen[f.Name] = true
	return w.directives(f.Directives) && w.selections(f.SelectionSet)
}

func (w argumentWalk) directives(list ast.DirectiveList) bool {
	for _, d := range list {
		if !w.list(d.Definition.Arguments, d.Arguments) {
			return false
		}
	}
	return true
}

func (w argumentWalk) list(defs ast.ArgumentDefinitionList, args ast.ArgumentList) bool {
	for _, arg := range args {
		if !w.visit(defs.ForName(arg.Name), arg.Value) {
			return false
		}
	}
	return true
}
