package main

import (
	"log/slog"
	"testing"

	"faellesskab/internal/community"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

// indexes are all indexes of the program: what the query guard goes by.
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
