package fcmsim_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/push/fcmsim"
)

func printed(p fcmsim.Push) string {
	var b bytes.Buffer
	fcmsim.Print(&b)(p)
	return b.String()
}

func TestPushAsAPhoneShowsIt(t *testing.T) {
	got := printed(fcmsim.Push{
		Device: "phone-1",
		Title:  "Fællesspisning på Østerbro 🍲",
		Body:   "Åse, Bjørn og Kåre har flyttet det til Ærøgade 3, fordi taget på gården drypper.\nVi ses!",
	})
	want := strings.TrimPrefix(`
┌──────────────────────────────────────────────────────┐
│ ▪ phone-1                                            │
│ Fællesspisning på Østerbro 🍲                        │
│ Åse, Bjørn og Kåre har flyttet det til Ærøgade 3,    │
│ fordi taget på gården drypper.                       │
│ Vi ses!                                              │
└──────────────────────────────────────────────────────┘
`, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("box (-want +got):\n%s", diff)
	}
}

// Under the text stand the buttons, and how the push comes. A removal is a line.
func TestHowAPushComes(t *testing.T) {
	three, none := 3, 0
	offer := fcmsim.Push{
		Device: "phone-1", Title: "Ledig plads", Body: "Svar inden kl. 18", Channel: "requests", Sound: "default", Level: "time-sensitive", Badge: &three,
		Actions: []fcmsim.Action{{Name: "ACCEPT_OFFER", Title: "Ja tak"}, {Name: "DECLINE_OFFER", Title: "Nej tak"}},
	}
	gone := fcmsim.Push{Device: "phone-1", Removes: []string{"n1", "n2"}, Badge: &none, Level: "passive"}
	one := fcmsim.Push{Device: "phone-1", Removes: []string{"n1"}}
	want := strings.TrimPrefix(`
┌──────────────────────────────────────────────────────┐
│ ▪ phone-1                                            │
│ Ledig plads                                          │
│ Svar inden kl. 18                                    │
│ [Ja tak] [Nej tak]                                   │
│ requests · with sound · time-sensitive · number 3    │
└──────────────────────────────────────────────────────┘
▪ phone-1 takes away 2 pushes · number 0
▪ phone-1 takes away a push
`, "\n")
	if diff := cmp.Diff(want, printed(offer)+printed(gone)+printed(one)); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
}

func TestNothingLeavesTheBox(t *testing.T) {
	got := printed(fcmsim.Push{
		Device: "first" + strings.Repeat("x", 200) + "last",
		Title:  strings.Repeat("å", 120),
		Body:   "\x1b[31mrød\x1b[0m\r\ttekst",
	})
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n != 56 {
			t.Errorf("%d columns in %q, want 56", n, line)
		}
	}
	if n := strings.Count(got, "å"); n != 120 {
		t.Errorf("%d letters of the title, want all 120", n)
	}
	if !strings.Contains(got, "first") || !strings.Contains(got, "last") || strings.ContainsAny(got, "\x1b\r\t") {
		t.Errorf("got %q", got)
	}
}

func TestBoxesDoNotMix(t *testing.T) {
	var b bytes.Buffer
	show := fcmsim.Print(&b)
	p := fcmsim.Push{Device: "phone-1", Title: "Nyt", Body: "Vi ses"}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { show(p) })
	}
	wg.Wait()
	if want := strings.Repeat(printed(p), 50); b.String() != want {
		t.Error("boxes are mixed")
	}
}
