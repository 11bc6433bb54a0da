package person

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Every field of a person is one that an erasure keeps, or one that goes.
func TestEveryFieldOfAPersonGoesOrStays(t *testing.T) {
	t.Parallel()
	known := slices.Concat(keptFields, personalFields)
	for f := range reflect.TypeFor[Person]().Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("bson"), ",")
		if options != "inline" && !slices.Contains(known, name) {
			t.Errorf("nobody says whether %s goes when a person is erased", f.Name)
		}
	}
}
