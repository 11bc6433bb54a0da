package community_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/dead"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
	"faellesskab/internal/timer"
)

// A timer that an erasure leaves alone, and that then fails until it is put aside, has become a dead letter
// before the second look, which removes it.
func TestTheSecondLookFindsWhatFailedTenTimes(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	anna := ct.PersonID("anna")
	w.As("anna")
	timer.On(w.Timers, "fails", func(context.Context, string) error { return errors.New("not now") })
	if err := w.Timers.Set(t.Context(), timer.New("fails:"+anna, "fails", w.DB.Now().Add(timer.Soon), anna)); err != nil {
		t.Fatal(err)
	}
	if err := w.Erase(t.Context(), anna); err != nil {
		t.Fatal(err)
	}
	w.RunPending()
	wasPutAside := false
	for end := w.DB.Now().Add(3 * time.Hour); w.DB.Now().Before(end); w.Clock.Advance(10 * time.Second) {
		_, _ = w.Timers.Fire(t.Context()) // the timer fails
		wasPutAside = wasPutAside || len(testkit.Mentions(t, w.DB, "dead_letters", anna)) > 0
	}
	if !wasPutAside {
		t.Error("nothing was put aside, so nothing is tested")
	}
	for collection, found := range testkit.MentionsAnywhere(t, w.DB, anna) {
		if collection != "persons" && collection != "audit_entries" {
			t.Errorf("after the second look %s has %v", collection, found)
		}
	}
}

// The second look comes after whatever was under way at the first: an effect that succeeds in its last try
// and sets a timer, which fails in all of its own.
func TestTheSecondLookComesAfterAllTries(t *testing.T) {
	t.Parallel()
	if under := dead.Trying() + timer.Soon + dead.Trying(); under > privacy.LooksAgain {
		t.Errorf("what is under way ends after %v, and the second look comes after %v", under, privacy.LooksAgain)
	}
	if calls := timer.Soon + dead.Trying() + dead.MaxTries*timer.CallTime; calls > privacy.LooksAgain {
		t.Errorf("a timer whose calls take all their time ends after %v, and the second look comes after %v", calls, privacy.LooksAgain)
	}
}

// What people read says when the second look comes and for how long is tried, by the constants.
func TestTextsSayWhenAnErasureLooksAgain(t *testing.T) {
	t.Parallel()
	again, tried := privacy.For(privacy.LooksAgain), privacy.UpTo(dead.Trying())
	for file, says := range map[string][]string{
		privacyDocument:                                  {"once more " + again + " later", "the second look, " + again + " later", "up to " + tried, "within " + privacy.For(timer.Soon)},
		"../../docs/OPERATIONS.md":                       {"once more " + again + " after that"},
		"../../docs/ARCHITECTURE.md":                     {"once more " + again + " later"},
		"../../docs/adr/0033-the-register-of-privacy.md": {"once more, " + again + " later", "all tries take " + tried, "within " + privacy.For(timer.Soon)},
		"../../docs/adr/0034-what-outlives-somebody.md":  {"the second look of the erasure, " + again + " later"},
	} {
		text := strings.Join(strings.Fields(string(ct.Must(os.ReadFile(file))(t))), " ")
		for _, words := range says {
			if !strings.Contains(text, words) {
				t.Errorf("%s does not say %q", file, words)
			}
		}
	}
}
