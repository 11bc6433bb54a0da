package notify_test

import (
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
)

// However long what people wrote is, the times and the program's own words stay whole, and what they wrote is cut
// between two characters as a reader sees them.
func TestWhatPeopleWroteGivesWay(t *testing.T) {
	t.Parallel()
	starts := time.Date(2026, 12, 14, 17, 0, 0, 0, time.UTC)
	family := "👩\u200d👩\u200d👧\u200d👦"
	for _, long := range []string{strings.Repeat("Rødgrød med fløde ", 300), strings.Repeat("Å", 4000), strings.Repeat(family, 400), strings.Repeat("\"", 3000)} {
		words := map[string]string{"Group": "Haven", "Title": long, "Place": long, "Reason": long, "StartsAt": clock.Moment{At: starts, Zone: clock.Copenhagen}.String()}
		r := i18n.Reader{Language: i18n.Danish, Zone: clock.Copenhagen, Now: starts.AddDate(0, 0, -7)}
		title, body, isCut := notify.Fit("EVENT_CANCELLED", words, r, notify.Room{Title: 300, Body: 400})
		if !isCut || len(title) > 300 || len(body) > 400 || len(title) < 120 || len(body) < 200 {
			t.Errorf("cut: %t, %d bytes of 300 and %d of 400", isCut, len(title), len(body))
		}
		if !strings.HasPrefix(title, "Haven: ") || !strings.HasSuffix(title, "… er aflyst") {
			t.Errorf("the title is %q", title)
		}
		if !strings.HasPrefix(body, "Skulle have været mandag den 14. december kl. 18.00. ") {
			t.Errorf("the text is %q", body)
		}
		for rest := strings.TrimPrefix(strings.TrimSuffix(title, "… er aflyst"), "Haven: "); strings.HasPrefix(long, family) && rest != ""; rest = rest[len(family):] {
			if !strings.HasPrefix(rest, family) {
				t.Fatalf("a family was parted: %q", rest)
			}
		}
	}
	words := map[string]string{"Group": "Haven", "Title": "Fællesspisning"}
	if title, _, isCut := notify.Fit("EVENT_CANCELLED", words, i18n.Reader{Language: i18n.Danish}, notify.Room{Title: 300, Body: 400}); isCut || title != "Haven: Fællesspisning er aflyst" {
		t.Errorf("a short title became %q, cut: %t", title, isCut)
	}
}
