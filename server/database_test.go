package main

import (
	"log/slog"
	"testing"

	"faellesskab/internal/config"
)

// No other process writes to a database that runs inside this one.
func TestTheEmbeddedDatabaseHasOneWriter(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load([]string{"-data", t.TempDir()}, []string{"PATH="})
	if err != nil {
		t.Fatal(err)
	}
	cfg.MongoURI, cfg.Mongod = "", ""
	db, err := openDatabase(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	able, err := db.Capabilities(t.Context())
	if err != nil || able.SoleWriter == able.ChangeStreams {
		t.Errorf("%+v, %v", able, err)
	}
}
