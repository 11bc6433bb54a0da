package notify_test

import (
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
)

// A word that is there in general and in the reader's language is read in that language, every time.
func TestAWordInTheReadersLanguageGoesFirst(t *testing.T) {
	t.Parallel()
	words := map[string]string{"Title": "Fest", "Title_DA": "Fest", "Title_EN": "Party", "Text": "Velkommen"}
	for range 100 {
		title, body := notify.Render("BROADCAST", words, i18n.Reader{Language: i18n.English, Zone: clock.Copenhagen, Now: time.Unix(0, 0)})
		if title != "Party" || body != "Velkommen" {
			t.Fatalf("got %q, %q", title, body)
		}
	}
}
