package outbox_test

import (
	"errors"
	"strings"
	"testing"

	"faellesskab/internal/dead"
	"faellesskab/internal/id"
	"faellesskab/internal/testkit"
)

// What is left that speaks of the person is carried out; what fails is left to its tries.
func TestEffectsThatSpeakOfSomebodyErasedAreCarriedOut(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	anna, bo := id.Random(id.Person), id.Random(id.Person)
	for docID, what := range map[string]string{"1": "a " + anna, "2": "b " + bo, "3": "c " + anna, anna: "hers"} {
		b.insert(t, "things", docID, b.Batch(notes(what)...))
	}
	b.fails["c "+anna] = errors.New("not now")
	entry := b.Collection()
	kinds := 0
	if err := entry.Export(t.Context(), anna, func(any) error { kinds++; return nil }); err != nil || kinds != 3 {
		t.Errorf("given %d records, %v", kinds, err)
	}
	if left, err := entry.Erase(t.Context(), anna); left || err != nil {
		t.Errorf("%t, %v", left, err)
	}
	if len(b.ran) != 3 {
		t.Errorf("ran %v", b.ran)
	}
	b.clean(t, "things", "1")
	b.clean(t, "things", anna)
	if found := testkit.Mentions(t, b.db, "things", bo); len(found) != 1 {
		t.Errorf("of somebody else: %q", found)
	}
	if found := testkit.Mentions(t, b.db, "things", "c "+anna); len(found) != 1 {
		t.Errorf("what has failed: %q", found)
	}
}

// A letter that cannot be read is told, and keeps no effect from being carried out.
func TestALetterThatCannotBeReadKeepsNoOther(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	anna := id.Random(id.Person)
	b.insert(t, "things", "1", b.Batch(notes("a "+anna)...))
	l := dead.Letter{ID: "effect/1", Kind: "note", About: "things/2", At: b.clock.Now(), Body: "torn " + anna}
	if err := dead.NewStore(b.db).Put(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Collection().Erase(t.Context(), anna); err == nil || !strings.Contains(err.Error(), "effect/1") {
		t.Errorf("the letter is told as %v", err)
	}
	b.clean(t, "things", "1")
}
