package id_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/id"
)

func TestPeopleAreFoundInTexts(t *testing.T) {
	t.Parallel()
	a, b := id.Random(id.Person), id.Derive(id.Person, "b")
	group := id.New(id.Group)
	want := []string{a, b}
	if b < a {
		want = []string{b, a}
	}
	got := id.PeopleIn("role:"+id.Pair(group, a)+":x", `{"PersonID":"`+b+`","By":"`+a+`"}`, "per_1", "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	if got := id.PeopleIn(group, "nobody"); got != nil {
		t.Errorf("people %q where there are none", got)
	}
}
