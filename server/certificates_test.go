package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faellesskab/internal/config"
	"faellesskab/internal/keyring"
)

// Development keeps the keys of certificates below its data. Production has those that are configured, or none, and says so.
func TestWhereTheKeysOfCertificatesComeFrom(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	app := func(cfg config.Config) *App {
		return &App{cfg: cfg, db: &database{}, log: slog.New(slog.NewTextHandler(&said, nil))}
	}
	folder := t.TempDir()
	first, err := app(config.Config{DataDir: folder}).certificateKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, err := app(config.Config{DataDir: folder}).certificateKeys(t.Context())
	if err != nil || !bytes.Equal(first.Set(), second.Set()) {
		t.Errorf("after a restart the keys are others: %v", err)
	}
	if info, err := os.Stat(filepath.Join(folder, certificateKeysFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of the keys: %v, %v", info, err)
	}
	if err := os.WriteFile(filepath.Join(folder, certificateKeysFile), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app(config.Config{DataDir: folder}).certificateKeys(t.Context()); err == nil || !strings.Contains(err.Error(), certificateKeysFile) {
		t.Errorf("a file without keys: %v", err)
	}
	production := config.Config{FirebaseProjectID: "x", FirebaseCredentials: "y"}
	if r, err := app(production).certificateKeys(t.Context()); r != nil || err != nil || !strings.Contains(said.String(), "CERTIFICATE_KEYS is not set") {
		t.Errorf("production without keys: %v, %v, and it says %q", r, err, said.String())
	}
	if production.CertificateKeys, err = keyring.Renew(""); err != nil {
		t.Fatal(err)
	}
	if r, err := app(production).certificateKeys(t.Context()); r == nil || err != nil {
		t.Errorf("production with keys: %v, %v", r, err)
	}
	if strings.Contains(production.String(), `"d"`) {
		t.Errorf("the log holds the keys: %s", production)
	}
}

// The command prints a new key in front of those of the environment, whose private parts it leaves out.
func TestTheCommandForANewKey(t *testing.T) {
	t.Parallel()
	var first, second, none, said bytes.Buffer
	if code := run(t.Context(), []string{"certificate-key"}, nil, &first, &said); code != 0 {
		t.Fatal(said.String())
	}
	if code := run(t.Context(), []string{"certificate-key"}, []string{"CERTIFICATE_KEYS=" + first.String()}, &second, &said); code != 0 {
		t.Fatal(said.String())
	}
	before, err := keyring.Parse(first.String())
	if err != nil {
		t.Fatal(err)
	}
	after, err := keyring.Parse(second.String())
	if err != nil || strings.Count(second.String(), `"d"`) != 1 || !strings.Contains(string(after.Set()), string(before.Set()[len(`{"keys":[`):len(before.Set())-2])) {
		t.Errorf("%v: %s", err, after.Set())
	}
	for _, wrong := range [][]string{{"CERTIFICATE_KEYS=x"}, {"CERTIFICATE_KEYS={}"}} {
		if code := run(t.Context(), []string{"certificate-key"}, wrong, &none, &said); code != 1 || none.Len() > 0 {
			t.Errorf("%q: %d %s", wrong, code, none.String())
		}
	}
	if code := run(t.Context(), []string{"certificate-key", "now"}, nil, &none, &said); code != 1 || !strings.Contains(said.String(), "takes no arguments") {
		t.Errorf("with an argument: %d %s", code, said.String())
	}
}
