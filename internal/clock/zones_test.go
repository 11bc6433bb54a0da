package clock_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

func TestZonesAreRegionsInTheSpellingOfIANA(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"Europe/Copenhagen", "America/New_York", "America/Argentina/Buenos_Aires", "America/Port-au-Prince", "Asia/Kolkata", "Asia/Calcutta",
		"Atlantic/Faroe", "Arctic/Longyearbyen", "Antarctica/Troll", "Africa/Cairo", "Australia/Sydney", "Indian/Mauritius", "Pacific/Apia", "UTC"} {
		if z, err := clock.ParseZone(s); err != nil || string(z) != s {
			t.Errorf("%q: got %q, %v", s, z, err)
		}
	}
	for _, s := range []string{
		"", " ", "Local", "local", "localtime", "posixrules", "Factory", "zone.tab", "tzdata.zi", "leapseconds",
		"right/Europe/Copenhagen", "posix/Europe/Copenhagen", "right/UTC", "posix/UTC",
		"/Europe/Copenhagen", "/usr/share/zoneinfo/Europe/Copenhagen", "Europe/../Europe/Copenhagen", "../zoneinfo/Europe/Copenhagen", "./Europe/Copenhagen",
		"Europe//Copenhagen", "Europe/Copenhagen/", "Europe", "Europe/", "America/Argentina", "Europe\\Copenhagen", "Europe/Copenhagen\x00",
		"europe/copenhagen", "EUROPE/COPENHAGEN", "Europe/copenhagen", "Europe/Copenhagen ", " Europe/Copenhagen", "Europe/Holbæk", "America/New York",
		"utc", "Utc", "Z", "Zulu", "GMT", "GMT+0", "GMT0", "UCT", "Universal", "Greenwich", "Etc/UTC", "Etc/GMT+2", "Etc/GMT-14",
		"CET", "MET", "EET", "WET", "EST", "MST", "HST", "EST5EDT", "CST6CDT", "CEST", "CET-1CEST,M3.5.0,M10.5.0/3", "+02:00", "UTC+2",
		"US/Eastern", "Canada/Atlantic", "Brazil/East", "Chile/Continental", "Mexico/General", "GB", "GB-Eire", "Eire", "Iceland", "Japan", "PRC", "ROC", "Navajo", "Turkey", "W-SU", "NZ",
		"SystemV/EST5", "Mideast/Riyadh87", "Asia/Riyadh87",
	} {
		if z, err := clock.ParseZone(s); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: got %q, %v, want Invalid", s, z, err)
		}
		if got := clock.Zone(s).Or(clock.Copenhagen); got != clock.Copenhagen {
			t.Errorf("%q counts as %s", s, got)
		}
	}
}

// lies is set to the folder of a machine whose zones are wrong.
const lies = "CLOCK_TEST_ZONES"

// What the machine has in its files, or is told by ZONEINFO, changes nothing: neither which zones
// there are, nor what time it is.
func TestZonesDoNotHangOnTheMachine(t *testing.T) {
	t.Parallel()
	if os.Getenv(lies) != "" {
		at := time.Date(2026, 6, 1, 16, 0, 0, 0, time.UTC)
		if got := clock.LocalOf(at, clock.Copenhagen); got != "2026-06-01T18:00:00" {
			t.Errorf("in Copenhagen it is %s", got)
		}
		for _, s := range []string{"Europe/Atlantis", "right/Europe/Copenhagen", "localtime", "Made/Up", "UTC"} {
			if _, err := clock.ParseZone(s); (err == nil) != (s == "UTC") {
				t.Errorf("%s: %v", s, err)
			}
		}
		return
	}
	dir := t.TempDir()
	tokyo := zoneFile(t, "Asia/Tokyo")
	for _, name := range []string{"Europe/Copenhagen", "Europe/Atlantis", "right/Europe/Copenhagen", "localtime", "Made/Up", "UTC"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, tokyo, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), self, "-test.run=^TestZonesDoNotHangOnTheMachine$")
	run.Env = append(os.Environ(), "ZONEINFO="+dir, lies+"="+dir)
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("with other files: %v\n%s", err, out)
	}
}

// The data is that of the toolchain, which brings the newest rules: "make zones" fetches it.
func TestZonesAreThoseOfTheToolchain(t *testing.T) {
	t.Parallel()
	if want, err := os.ReadFile("zoneinfo.zip"); err != nil || !bytes.Equal(want, toolchainZones(t)) {
		t.Errorf("zoneinfo.zip is not that of the toolchain (%v): run make zones", err)
	}
}

func toolchainZones(t *testing.T) []byte {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// zoneFile is the data of one zone.
func zoneFile(t *testing.T, name string) []byte {
	t.Helper()
	data := toolchainZones(t)
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	in, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	file, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
