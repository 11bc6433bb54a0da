package communitytest

import (
	"encoding/json"
	"slices"
	"testing"

	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
)

// Entomb signs a person in and begins their erasure: their own document is empty, and timers would do the rest.
func (w *World) Entomb(name string) {
	w.T.Helper()
	w.Person(name)
	if err := w.People.EraseAsOperator(w.T.Context(), PersonID(name)); err != nil {
		w.T.Fatal(err)
	}
}

// EraseFrom carries out the entries' erasures of a person, in their order. It ends the
// test if one never ends.
func EraseFrom(t testing.TB, entries []privacy.Collection, name string) {
	t.Helper()
	if err := TryEraseFrom(t, entries, name); err != nil {
		t.Fatal(err)
	}
}

// TryEraseFrom is EraseFrom that may fail.
func TryEraseFrom(t testing.TB, entries []privacy.Collection, name string) error {
	t.Helper()
	for _, c := range entries {
		if c.Erase == nil {
			continue
		}
		left := true
		for range 100 {
			var err error
			if left, err = c.Erase(t.Context(), PersonID(name)); err != nil {
				return err
			}
			if !left {
				break
			}
		}
		if left {
			t.Fatalf("the erasure from %s never ends", c.Name)
		}
	}
	return nil
}

// ExportFrom is a person's export of a collection, as JSON.
func ExportFrom(t testing.TB, entries []privacy.Collection, collection, name string) []string {
	t.Helper()
	i := slices.IndexFunc(entries, func(c privacy.Collection) bool { return c.Name == collection })
	if i < 0 {
		t.Fatalf("%s has no entry", collection)
	}
	records := []string{}
	err := entries[i].Export(t.Context(), PersonID(name), func(record any) error {
		raw, err := json.Marshal(record)
		records = append(records, string(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// Stuck are the fields of a document that still has an effect to carry out which only a newer version of the
// program knows, so that the document cannot be erased.
func Stuck() map[string]any {
	batch := id.New(id.Effect)
	return map[string]any{"due": []string{batch}, "effects": map[string]any{batch + "_0": map[string]any{"kind": "only.newer.versions", "args": "{}"}}}
}
