package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/timer"
)

// An operator sees work that was put aside, and can have it tried again.
func TestOperatorsTryAgainWhatWasPutAside(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("PATH", "")
	c, closeDatabase, err := openCommunity(t.Context(), folder, nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for i, id := range []string{"timer/occ_1:reminder", "effect/eff_1_00"} {
		l := dead.Letter{ID: id, Kind: "remind", About: "about " + id, Tries: dead.MaxTries, Error: "not now",
			At: at.Add(time.Duration(i) * time.Hour), Body: `{"Key":"occ_1:reminder","Kind":"later","Args":"1"}`}
		if err := dead.NewStore(c.DB).Put(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	if err := closeDatabase(); err != nil {
		t.Fatal(err)
	}

	dead := func(want int, args ...string) string {
		t.Helper()
		code, out := runOnce(t, append([]string{"dead"}, append(args, "-data", folder)...)...)
		if code != want {
			t.Errorf("dead %v ended with %d: %s", args, code, out)
		}
		return out
	}
	list := dead(0, "list")
	if a, b := strings.Index(list, "effect/eff_1_00"), strings.Index(list, "timer/occ_1:reminder"); a < 0 || b < a {
		t.Errorf("the list, the latest first, is\n%s", list)
	}
	if list := dead(0, "-limit", "1", "list"); strings.Contains(list, "timer/") {
		t.Errorf("a list of one is\n%s", list)
	}
	show := dead(0, "show", "timer/occ_1:reminder")
	for _, want := range []string{"timer/occ_1:reminder", "remind", "2026-05-01T12:00:00Z", "10", "not now", `"Kind":"later"`} {
		if !strings.Contains(show, want) {
			t.Errorf("no %q in\n%s", want, show)
		}
	}
	dead(0, "retry", "timer/occ_1:reminder")
	if list := dead(0, "list"); strings.Contains(list, "timer/") {
		t.Errorf("after it was tried again:\n%s", list)
	}
	for _, none := range [][]string{{"retry", "timer/occ_1:reminder"}, {"show", "timer/none"}, {"show", "letter/none"}, {"show", "none"}} {
		if out := dead(1, none...); !strings.Contains(out, "nothing was put aside under") {
			t.Errorf("%v says %s", none, out)
		}
	}
	for _, bad := range [][]string{{}, {"list", "x"}, {"show"}, {"retry", "a", "b"}, {"bury", "a"}, {"list", "-limit", "0"}, {"list", "-colour", "red"}} {
		if out := dead(1, bad...); !strings.Contains(out, "server dead") {
			t.Errorf("%v says %s", bad, out)
		}
	}
	if code, out := runOnce(t, "dead", "-h"); code != 0 || !strings.Contains(out, "retry ID") {
		t.Errorf("-h ended with %d: %s", code, out)
	}

	c, closeDatabase, err = openCommunity(context.WithoutCancel(t.Context()), folder, nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	timer.On(c.Timers, "later", func(context.Context, any) error { return nil })
	if n, err := c.Timers.Fire(t.Context()); n != 1 || err != nil {
		t.Errorf("the timer is not there again: %d, %v", n, err)
	}
	if err := closeDatabase(); err != nil {
		t.Error(err)
	}
}
