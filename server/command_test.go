package main

import (
	"strings"
	"testing"
)

// Operators give a command the environment of the server, whichever it is.
func TestCommandsTakeTheServersEnvironment(t *testing.T) {
	t.Parallel()
	emulator := []string{"FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099", "FIREBASE_PROJECT_ID=demo-faellesskab"}
	for name, c := range map[string]struct {
		environ []string
		refused string
	}{
		"nothing set":                 {nil, ""},
		"a database elsewhere":        {[]string{"MONGODB_URI=mongodb://db.example.org"}, ""},
		"the emulator":                {emulator, ""},
		"the emulator, database away": {append(emulator, "MONGODB_URI=mongodb://db.example.org"), "MONGODB_URI is not on this machine"},
		"something wrong":             {[]string{"LOG_LEVEL=loud"}, "LOG_LEVEL must be"},
	} {
		cfg, err := loadForCommand("elsewhere", c.environ)
		switch {
		case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: %v, want %q", name, err, c.refused)
		case c.refused == "" && (err != nil || cfg.DataDir != "elsewhere"):
			t.Errorf("%s: %v, with the folder %q", name, err, cfg.DataDir)
		}
	}
}
