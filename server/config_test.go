package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faellesskab/internal/config"
)

// A configuration that is set only in part is refused before anything is opened, with one
// message that names every problem.
func TestHalfAConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	folder := filepath.Join(t.TempDir(), "data")
	code := run(t.Context(), []string{"-addr", "nowhere", "-data", folder, "-reset", "-colour", "red"}, []string{
		"FIREBASE_PROJECT_ID=a-project", "FCM_ENDPOINT=http://127.0.0.1:1", "FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099",
		"FIREBASE_JWKS_URL=http://keys.example.org", "LOG_LEVEL=loud", "SHUTDOWN_TIMEOUT=soon",
	}, &stdout, &stderr)
	if code != 2 {
		t.Errorf("the exit code is %d, want 2", code)
	}
	message := stderr.String()
	for _, want := range []string{
		"-addr", "-data", "-reset", "colour", "GOOGLE_APPLICATION_CREDENTIALS", "MONGODB_URI", "FCM_ENDPOINT",
		"FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_JWKS_URL", "LOG_LEVEL", "SHUTDOWN_TIMEOUT",
	} {
		if !strings.Contains(message, want) {
			t.Errorf("the message does not mention %s:\n%s", want, message)
		}
	}
	if n := strings.Count(message, "configuration"); n != 1 {
		t.Errorf("%d messages instead of one:\n%s", n, message)
	}
	if stdout.Len() > 0 {
		t.Errorf("the program greeted: %s", stdout.String())
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder of the data was made")
	}
}

func TestHelpListsEverySetting(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-h"}, nil, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Errorf("-h ended with %d: %s", code, stderr.String())
	}
	settings := config.Settings()
	if len(settings) < 10 {
		t.Fatalf("only %d settings", len(settings))
	}
	for _, s := range settings {
		if !strings.Contains(stdout.String(), s.Name()) || !strings.Contains(stdout.String(), s.Description) {
			t.Errorf("-h says nothing of %s", s.Name())
		}
	}
	for _, command := range []string{"server grant-role", "server dead"} {
		if !strings.Contains(stdout.String(), command) {
			t.Errorf("-h says nothing of %s", command)
		}
	}
}
