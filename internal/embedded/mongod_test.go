package embedded_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/embedded"
)

func TestMongodThatExitsAtOnceIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "mongod")
	text := "#!/bin/sh\necho 'Illegal instruction (core dumped)' >&2\nexit 132\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, _, err := embedded.StartMongod(t.Context(), script, filepath.Join(dir, "data"))
	if err == nil || !strings.Contains(err.Error(), "Illegal instruction") || !strings.Contains(err.Error(), "132") {
		t.Errorf("the error does not say why: %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v to notice", took)
	}
	if _, _, err := embedded.StartMongod(t.Context(), filepath.Join(dir, "nothing"), dir); err == nil {
		t.Error("a mongod that is not there was started")
	}
}
