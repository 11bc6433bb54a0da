package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"

	"faellesskab/internal/config"
	"faellesskab/internal/embedded"
)

// A server that starts on the embedded database says for how many people it is meant, and the
// README says the same.
func TestStartSaysHowFarTheEmbeddedDatabaseCarries(t *testing.T) {
	t.Setenv("PATH", "") // so that no mongod is found
	cfg, err := config.Load([]string{"-data", t.TempDir()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	db, err := openDatabase(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"the start": db.says, "the README": string(readme)} {
		if !strings.Contains(text, embedded.Carries) {
			t.Errorf("%s does not say: %s", where, embedded.Carries)
		}
	}
}
