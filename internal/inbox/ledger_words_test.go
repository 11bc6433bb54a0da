package inbox_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

func wordsOf(ctx context.Context, list []*inbox.LedgerEntry) []string {
	var words []string
	for _, e := range list {
		words = append(words, e.Text(ctx))
	}
	return words
}

// The ledger speaks to the person whose it is and of the person to staff, and says until when news waits.
func TestTheLedgerSpeaksToWhomReadsIt(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara", "eva-en")
	ct.Must(w.Groups.SetNotifications(w.As("cara"), group.NotificationsInput{GroupID: g.ID, Level: notify.LevelInbox}))(t)
	until(t, w, "2026-05-01T23:00")
	e := later(w, g)
	work(w)
	staff := w.Grant("staff", auth.RoleStaff)
	key := "7f1f3c0e-5a4b-4a53-9d0e-0d4f0c4b1a13"
	check := func(when, name, own, others string) {
		t.Helper()
		if diff := cmp.Diff(own, strings.Join(wordsOf(w.As(name), ct.Must(w.Ledger.Own(w.As(name), e.ID))(t)), " ")); diff != "" {
			t.Errorf("%s %s reads (-want +got):\n%s", when, name, diff)
		}
		in := inbox.InspectInput{ClientMutationID: &key, PersonID: ct.PersonID(name), SubjectID: e.ID, Reason: "De ringede og spurgte, " + when + name}
		for range 2 { // the second is a repeat
			if diff := cmp.Diff(others, strings.Join(wordsOf(staff, ct.Must(w.Ledger.Inspect(staff, in))(t)), " ")); diff != "" {
				t.Errorf("%s staff read of %s (-want +got):\n%s", when, name, diff)
			}
		}
		key = key[:len(key)-2] + string([]byte{key[len(key)-2], key[len(key)-1] + 1})
	}
	check("at night", "bo", "Du har valgt ro lige nu. Du får den kl. 8.00.", "Personen har valgt ro lige nu. Personen får den kl. 8.00.")
	check("at night", "eva-en", "You have quiet hours right now. You will get it at 08:00.", "Personen har valgt ro lige nu. Personen får den kl. 8.00.")
	check("at night", "cara", "Du har slået gruppen fra, så beskeden ligger kun i indbakken.", "Personen har slået gruppen fra, så beskeden ligger kun i indbakken.")
	until(t, w, "2026-05-02T08:01")
	work(w)
	check("by day", "bo", "Du havde valgt ro, så beskeden ventede til kl. 8.00. Sendt til telefonen.",
		"Personen havde valgt ro, så beskeden ventede til kl. 8.00. Sendt til telefonen.")
}

// The hour until which news waits is said by the clock of whoever reads it, and by that of the person whose
// quiet hours they are.
func TestTheLedgerSaysTheHourByTheReadersClock(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	settings := []notify.Settings{{PersonID: ct.PersonID("cara"), Zone: "America/Los_Angeles", Version: 1}, {PersonID: ct.PersonID("abroad"), Zone: "Asia/Tokyo", Version: 1}}
	if err := w.Settings.Put(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	until(t, w, "2026-05-02T07:00") // 22:00 in Los Angeles
	e := later(w, g)
	work(w)
	home, abroad := w.Grant("home", auth.RoleStaff), w.Grant("abroad", auth.RoleStaff)
	look := func(ctx context.Context, name string) string {
		in := inbox.InspectInput{PersonID: ct.PersonID(name), SubjectID: e.ID, Reason: "De ringede og spurgte."}
		return strings.Join(wordsOf(ctx, ct.Must(w.Ledger.Inspect(ctx, in))(t)), " ")
	}
	for who, row := range map[string]struct{ got, want string }{
		"cara":               {strings.Join(wordsOf(w.As("cara"), ct.Must(w.Ledger.Own(w.As("cara"), e.ID))(t)), " "), "Du har valgt ro lige nu. Du får den kl. 8.00 i Los Angeles."},
		"staff of cara":      {look(home, "cara"), "Personen har valgt ro lige nu. Personen får den kl. 8.00 i Los Angeles (kl. 17.00 dansk tid)."},
		"staff of bo":        {look(home, "bo"), "Personen har valgt ro lige nu. Personen får den kl. 8.00."},
		"staff abroad of bo": {look(abroad, "bo"), "Personen har valgt ro lige nu. Personen får den kl. 8.00 dansk tid (kl. 15.00 i Tokyo)."},
		"staff abroad of cara": {look(abroad, "cara"),
			"Personen har valgt ro lige nu. Personen får den kl. 8.00 i Los Angeles (søndag den 3. maj kl. 0.00 i Tokyo)."},
	} {
		if diff := cmp.Diff(row.want, row.got); diff != "" {
			t.Errorf("%s reads (-want +got):\n%s", who, diff)
		}
	}
}

// Staff who read of somebody else are never told that they did it themselves.
func TestNoRuleSaysYouOfSomebodyElse(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for _, name := range []string{"bo", "eva-en"} {
		ctx := w.As(name)
		for _, rule := range notify.Rules {
			for _, channel := range []notify.Channel{notify.Push, notify.Inbox} {
				own := inbox.LedgerEntry{NoticeID: ct.PersonID(name) + ":x", Rule: &rule, Channel: &channel, At: time.Time{}}
				other := own
				other.NoticeID = ct.PersonID("anna") + ":x"
				if words := strings.Fields(strings.ToLower(other.Text(ctx))); slices.Contains(words, "du") || slices.Contains(words, "you") {
					t.Errorf("of somebody else %s says %q", rule, other.Text(ctx))
				}
				if words := own.Text(ctx); strings.Contains(words, "ersonen") || strings.Contains(words, "person") || words == "" {
					t.Errorf("to the person %s says %q", rule, words)
				}
			}
		}
	}
}
