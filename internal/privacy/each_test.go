package privacy_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"faellesskab/internal/fault"
	"faellesskab/internal/privacy"
)

// drawer holds documents, some of which cannot be erased. Two are found at once.
type drawer struct {
	docs  []string
	fails func(doc string) error
	tried int
}

func (d *drawer) erase(ctx context.Context, _ string) (bool, error) {
	return privacy.Each[string]{
		Find: func(_ context.Context, except []string) ([]string, error) {
			found := slices.DeleteFunc(slices.Clone(d.docs), func(doc string) bool { return slices.Contains(except, doc) })
			return found[:min(2, len(found))], nil
		},
		ID: func(doc string) string { return doc },
		Erase: func(_ context.Context, doc string) error {
			d.tried++
			if err := d.fails(doc); err != nil {
				return err
			}
			d.docs = slices.DeleteFunc(d.docs, func(other string) bool { return other == doc })
			return nil
		},
	}.Do(ctx)
}

func bad(doc string) error {
	if strings.HasPrefix(doc, "bad") {
		return errors.New("not now")
	}
	return nil
}

func drawerOf(bad, good int) *drawer {
	d := &drawer{}
	for i := range bad {
		d.docs = append(d.docs, fmt.Sprint("bad", i))
	}
	for i := range good {
		d.docs = append(d.docs, fmt.Sprint("good", i))
	}
	return d
}

func TestADocumentThatFailsIsPassedOver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bad, good int
		isLeft    bool // after one call
		gone      int  // by one call
		failures  int
	}{
		"nothing":                      {0, 0, false, 0, 0},
		"nothing fails: a few at once": {0, 5, true, 2, 0},
		"some fail":                    {3, 5, false, 5, 3},
		"more fail than are found":     {40, 1, false, 1, 40},
		"some fail of very many":       {3, 500, true, 97, 3},
		"too many fail":                {150, 5, false, 0, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := drawerOf(c.bad, c.good)
			d.fails = bad
			left, err := d.erase(t.Context(), "per_1")
			failures := 0
			if err != nil {
				failures = strings.Count(err.Error(), "not now")
			}
			if gone := c.bad + c.good - len(d.docs); left != c.isLeft || gone != c.gone || failures != c.failures {
				t.Errorf("%d gone, more: %t, %d failures", gone, left, failures)
			}
		})
	}
}

func TestWhereTheDatabaseDoesNotAnswerNoOtherIsTried(t *testing.T) {
	t.Parallel()
	away := fault.Unavailable("database.unavailable", nil)
	d := drawerOf(1, 5)
	d.fails = func(doc string) error {
		if doc == "good0" {
			return away
		}
		return bad(doc)
	}
	other := drawerOf(0, 5)
	other.fails = bad
	left, err := privacy.InTurn(d.erase, other.erase)(t.Context(), "per_1")
	if left || !fault.Is(err, fault.KindUnavailable) || d.tried != 2 || other.tried != 0 {
		t.Errorf("%t, %v, tried %d and %d", left, err, d.tried, other.tried)
	}
}

func TestAWayThatFailsKeepsNoOther(t *testing.T) {
	t.Parallel()
	a, b := drawerOf(1, 0), drawerOf(0, 5)
	a.fails, b.fails = bad, bad
	if left, err := privacy.InTurn(a.erase, b.erase)(t.Context(), "per_1"); !left || err == nil || len(b.docs) != 3 {
		t.Errorf("%t, %v, %d left", left, err, len(b.docs))
	}
}

// An entry that has failed in parts and has more is gone on with by the next step, not in the same one.
func TestAnErasureGoesOnWithWhatHasFailedInParts(t *testing.T) {
	t.Parallel()
	a, b := drawerOf(3, 300), drawerOf(0, 1)
	a.fails, b.fails = bad, bad
	entries := [2]privacy.Collection{(&shelf{}).entry("a"), (&shelf{}).entry("b")}
	entries[0].Erase, entries[1].Erase = a.erase, b.erase
	r := privacy.New(entries[:]...)
	for step, want := range []struct {
		isLeft bool
		docs   int
	}{{true, 206}, {true, 109}, {true, 12}, {false, 3}} {
		left, err := r.Erase(t.Context(), "per_1", 20)
		if left != want.isLeft || err == nil || len(a.docs) != want.docs {
			t.Errorf("step %d: more: %t, %v, %d left", step, left, err, len(a.docs))
		}
	}
	if len(b.docs) > 0 {
		t.Errorf("%v is left of the other entry", b.docs)
	}
}
