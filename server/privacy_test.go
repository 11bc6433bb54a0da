package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
)

// An operator gives a person what is kept about them, and erases them.
func TestOperatorsExportAndErasePeople(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("PATH", "")
	c, closeDatabase, err := openCommunity(t.Context(), folder, nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, uid := range []string{"anna", "bo"} {
		p, err := c.People.SignIn(t.Context(), auth.Claims{UID: "uid-" + uid, Name: "Navn " + uid}, i18n.Danish)
		if err != nil {
			t.Fatal(err)
		}
		ids[uid] = p.ID
	}
	if _, err := c.People.GrantRoleAsOperator(t.Context(), "uid-anna", auth.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	if err := closeDatabase(); err != nil {
		t.Fatal(err)
	}
	privacy := func(want int, args ...string) string {
		t.Helper()
		code, out := runOnce(t, append([]string{"privacy"}, append(args, "-data", folder)...)...)
		if code != want {
			t.Errorf("privacy %v ended with %d: %s", args, code, out)
		}
		return out
	}

	file := filepath.Join(t.TempDir(), "anna.json")
	privacy(0, "export", "-person", ids["anna"], "-out", file)
	raw, err := os.ReadFile(file)
	if err != nil || !json.Valid(raw) || !strings.Contains(string(raw), "Navn anna") || strings.Contains(string(raw), "Navn bo") {
		t.Errorf("exported %v\n%s", err, raw)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v, %v", info, err)
	}
	if out := privacy(0, "export", "-person", ids["bo"]); !strings.Contains(out, "Navn bo") {
		t.Errorf("to the terminal: %s", out)
	}
	privacy(1, "export", "-person", ids["bo"], "-out", file) // it is there already

	if out := privacy(1, "erase", "-person", ids["anna"]); !strings.Contains(out, "is the only admin") || !strings.Contains(out, "grant-role") {
		t.Errorf("the only admin: %s", out)
	}
	for range 2 {
		if out := privacy(0, "erase", "-person", ids["bo"]); !strings.Contains(out, ids["bo"]+" is erased") {
			t.Errorf("erased: %s", out)
		}
	}
	if out := privacy(0, "export", "-person", ids["bo"]); strings.Contains(out, "Navn bo") || strings.Contains(out, "uid-bo") {
		t.Errorf("after the erasure: %s", out)
	}
	nobody := id.Random(id.Person)
	for _, verb := range []string{"export", "erase"} {
		if out := privacy(1, verb, "-person", nobody); !strings.Contains(out, "nobody has the id") {
			t.Errorf("%s of nobody says %s", verb, out)
		}
	}
	mistyped := filepath.Join(t.TempDir(), "mistyped")
	if code, out := runOnce(t, "privacy", "export", "-person", nobody, "-data", mistyped); code == 0 || strings.Contains(out, "nobody has the id") {
		t.Errorf("a folder that is not there: %d, %s", code, out)
	}
	for _, bad := range [][]string{{}, {"export"}, {"erase", "-person", "anna"}, {"bury", "-person", nobody}, {"export", "erase", "-person", nobody}} {
		if out := privacy(1, bad...); !strings.Contains(out, "Usage: server privacy") {
			t.Errorf("%v says %s", bad, out)
		}
	}
	if code, out := runOnce(t, "privacy", "-h"); code != 0 || !strings.Contains(out, "erase") {
		t.Errorf("-h ended with %d: %s", code, out)
	}
}
