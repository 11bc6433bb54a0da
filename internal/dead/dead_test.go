package dead

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAnErrorIsKeptWithoutWhatMayBeSomebodys(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`not now`:                     `not now`,
		`json: invalid character 'x'`: `json: invalid character …`,
		`dup key: { email: "anna@example.dk" } in persons`: `dup key: … in persons`,
		`name "Anna \"the\" Lind" of anna@example.dk`:      `name … of …`,
		`call +45 12 34 56 78 or 12345678`:                 `call … or …`,
		"two\n lines, 20 s, code 11000":                    `two lines, 20 s, code 11000`,
		strings.Repeat("å", 400):                           strings.Repeat("å", 299) + "…",
	} {
		if got := Text(errors.New(text)); got != want {
			t.Errorf("%q is kept as %q, want %q", text, got, want)
		}
	}
}

func TestWaitsGrowToAnHour(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{0: 5 * time.Second, 1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 9: 1280 * time.Second, 10: 2560 * time.Second, 11: time.Hour, 1000: time.Hour} {
		if got := Wait(failures); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
	}
	if all, want := Trying(), (5+10+20+40+80+160+320+640+1280)*time.Second; all != want {
		t.Errorf("ten tries take %v, want %v", all, want)
	}
}
