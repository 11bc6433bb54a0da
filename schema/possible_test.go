package schema_test

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/notify"
)

// What an interface or a union can be is an object, also where an interface implements another one.
func TestOnlyObjectsArePossible(t *testing.T) {
	t.Parallel()
	s := load(t)
	for name, types := range s.PossibleTypes {
		if len(types) == 0 {
			t.Errorf("%s can be nothing", name)
		}
		for _, d := range types {
			if d.Kind == ast.Interface {
				t.Errorf("%s can be the interface %s", name, d.Name)
			}
		}
	}
}

// The rules of notices stand in the order in which they are asked, as their description says.
func TestRulesOfNoticesStandInTheirOrder(t *testing.T) {
	t.Parallel()
	var listed []notify.Rule
	for _, v := range load(t).Types["NoticeRule"].EnumValues {
		listed = append(listed, notify.Rule(v.Name))
	}
	if !slices.Equal(listed, notify.Rules) {
		t.Errorf("the schema lists %v, but they are asked as %v", listed, notify.Rules)
	}
}
