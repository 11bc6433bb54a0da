package dead_test

import (
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

func TestLettersOfSomebodyErasedGo(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, testkit.WithIndexes(dead.Indexes()))
	s := dead.NewStore(db)
	anna, bo := id.Random(id.Person), id.Random(id.Person)
	put := func(l dead.Letter) {
		t.Helper()
		l.At = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
		if err := s.Put(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 101 {
		put(dead.Letter{ID: fmt.Sprint("effect/", i), Kind: "x", About: "things/1", Body: `{"Name":"Anna","PersonID":"` + anna + `"}`})
	}
	put(dead.Letter{ID: "timer/about", Kind: "x", About: anna})
	put(dead.Letter{ID: "timer/" + anna, Kind: "x"})
	put(dead.Letter{ID: "timer/erase:" + anna, Kind: privacy.TimerKind, About: "erase:" + anna})
	put(dead.Letter{ID: "timer/" + bo, Kind: "x", Body: "Bo"})
	entry := s.Collection()

	records := 0
	if err := entry.Export(t.Context(), anna, func(any) error { records++; return nil }); err != nil || records != 104 {
		t.Errorf("given %d records, %v", records, err)
	}
	if left, err := entry.Erase(t.Context(), anna); !left || err != nil {
		t.Errorf("the first call: %t, %v", left, err)
	}
	for range 2 {
		if left, err := entry.Erase(t.Context(), anna); left || err != nil {
			t.Errorf("another call: %t, %v", left, err)
		}
	}
	for _, found := range testkit.Mentions(t, db, "dead_letters", anna, "Anna") {
		if found[:len("timer/erase:")] != "timer/erase:" {
			t.Errorf("left: %s", found)
		}
	}
	if found := testkit.Mentions(t, db, "dead_letters", bo); len(found) != 2 {
		t.Errorf("of somebody else: %q", found)
	}
}
