package main

import (
	"fmt"
	"log/slog"
	"testing"

	"faellesskab/internal/community"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

// indexes are all indexes of the program.
func indexes() []mongodb.Index {
	return community.New(community.Options{DB: &mongodb.DB{}, Log: slog.New(slog.DiscardHandler)}).Indexes()
}

func TestIndexesAreDeclaredOnceEach(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	report, err := mongodb.SyncIndexes(t.Context(), db, indexes())
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Created) != len(indexes()) {
		t.Errorf("created %d indexes of %d declared", len(report.Created), len(indexes()))
	}
	again, err := mongodb.SyncIndexes(t.Context(), db, indexes())
	if err != nil || len(again.Created) > 0 || len(again.Unknown) > 0 {
		t.Errorf("a second sync: %+v, %v; want nothing to do", again, err)
	}
}

// Every index has served a query of some test: `make indexes` runs all of them and then this.
func TestEveryIndexHasServed(t *testing.T) {
	t.Parallel()
	for _, name := range testkit.Idle(t, indexes()) {
		t.Errorf("no query of any test needs %s", name)
	}
}

// Every index serves a question that no other index serves, and every question has its index.
// An index that nobody needs makes each write dearer, and so does a second index for the same
// question.
func TestEveryIndexHasItsQuestion(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	for text, why := range rowsBy(func(n noun) map[string]string { return n.questions }) {
		q, err := testkit.ParseQuestion(text)
		if err != nil || why == "" {
			t.Errorf("%q, %q: %v", text, why, err)
			continue
		}
		served := map[string][]string{}
		for _, i := range indexes() {
			if q.ServedBy(i) {
				served[i.Collection] = append(served[i.Collection], fmt.Sprint(i.Collection, " ", i.Keys))
			}
		}
		if len(served) == 0 {
			t.Errorf("no index serves %q", text)
		}
		for _, list := range served {
			if len(list) > 1 {
				t.Logf("%q is served by %v", text, list)
				continue
			}
			asked[list[0]] = true
		}
	}
	for _, i := range indexes() {
		if name := fmt.Sprint(i.Collection, " ", i.Keys); !asked[name] {
			t.Errorf("no noun has a question that only %s serves", name)
		}
	}
}
