package main

import (
	"io"
	"log/slog"
	"strings"
	"testing"

	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/config"
	"faellesskab/internal/testkit"
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

// A database with a collection of which nobody says why it is kept, and how it is erased,
// is not touched. -reset removes what another version has left.
func TestAServerRefusesCollectionsThatNobodyKnows(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, communitytest.Watched()...)
	start := func(args ...string) error {
		t.Helper()
		cfg, err := config.Load(append([]string{"-addr", "127.0.0.1:0"}, args...), nil)
		if err != nil {
			t.Fatal(err)
		}
		app, err := Start(t.Context(), Setup{Config: cfg, Log: slog.New(slog.DiscardHandler), Stdout: io.Discard, DB: db, NoDemo: true})
		if err == nil {
			err = app.Close(t.Context())
		}
		return err
	}
	if err := db.Collection("polls").Database().CreateCollection(t.Context(), "polls"); err != nil {
		t.Fatal(err)
	}
	err := start()
	for _, want := range []string{"polls", "privacy register", "OPERATIONS.md"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("it says %v, and nothing of %s", err, want)
		}
	}
	if held := testkit.Take(t, db).Collections(); len(held) > 0 {
		t.Errorf("written all the same: %q", held)
	}
	if err := start("-reset"); err != nil {
		t.Errorf("reset: %v", err)
	}
	if err := start(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
