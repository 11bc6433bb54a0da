package schema_test

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
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
