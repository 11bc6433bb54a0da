package event_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

const (
	newYork    clock.Zone = "America/New_York"
	losAngeles clock.Zone = "America/Los_Angeles"
)

// lives gives people settings with a zone.
func lives(t *testing.T, w *ct.World, name string, zone clock.Zone, change ...func(*notify.Settings)) {
	t.Helper()
	s := notify.Settings{PersonID: ct.PersonID(name), Zone: zone, Version: 1}
	for _, c := range change {
		c(&s)
	}
	if err := w.Settings.Put(t.Context(), []notify.Settings{s}); err != nil {
		t.Fatal(err)
	}
}

// Everybody who is told of the same event at the same time reads it by their own clock, and by
// that of the event if it shows something else.
func TestTimesGoByTheReadersClock(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	lives(t, w, "cara", losAngeles, func(s *notify.Settings) { s.QuietFrom, s.QuietUntil = "01:00", "01:00" })
	e := partyIn(t, w, "2026-06-01T18:00")
	w.Join(e.GroupID, "cara")
	w.MustAttend("cara", e.ID, 0)
	w.Drain()
	w.Phones.Reset()
	change(t, w, e, event.UpdateInput{TimeZone: optional.Of(newYork)}) // the clock on the wall shows the same
	wantAll(t, w, map[string]string{
		"bo":   "Haven: Fest er flyttet | Ny tid: mandag den 1. juni kl. 18.00 i New York (tirsdag den 2. juni kl. 0.00 dansk tid) · Før: mandag den 1. juni kl. 18.00",
		"cara": "Haven: Fest er flyttet | Ny tid: mandag den 1. juni kl. 18.00 i New York (kl. 15.00 i Los Angeles) · Før: mandag den 1. juni kl. 18.00 dansk tid (kl. 9.00 i Los Angeles)",
	})
	for name, want := range map[string]string{
		"bo":   "Ny tid: mandag den 1. juni kl. 18.00 i New York (tirsdag den 2. juni kl. 0.00 dansk tid) · Før: mandag den 1. juni kl. 18.00",
		"cara": "Ny tid: mandag den 1. juni kl. 18.00 i New York (kl. 15.00 i Los Angeles) · Før: mandag den 1. juni kl. 18.00 dansk tid (kl. 9.00 i Los Angeles)",
	} {
		list := w.Notices(name)
		if _, body := w.Read(name, list[len(list)-1]); body != want {
			t.Errorf("the inbox of %s says %q", name, body)
		}
	}
	change(t, w, e, event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-06-01T12:00:00"))})
	wantAll(t, w, map[string]string{
		"bo":   "Haven: Fest er flyttet | Ny tid: mandag den 1. juni kl. 12.00 i New York (kl. 18.00 dansk tid)",
		"cara": "Haven: Fest er flyttet | Ny tid: mandag den 1. juni kl. 12.00 i New York (kl. 9.00 i Los Angeles)",
	})
	until(t, w, "2026-06-01T00:00") // 18:00 in New York the day before
	wantAll(t, w, map[string]string{"cara": "Husk Fest | i morgen, mandag den 1. juni kl. 12.00 i New York (kl. 9.00 i Los Angeles)"})
	until(t, w, "2026-06-01T08:00") // the end of bo's quiet hours
	wantAll(t, w, map[string]string{"bo": "Husk Fest | i dag kl. 12.00 i New York (kl. 18.00 dansk tid)"})
}

// wantAll checks what people's phones have shown since the last look: one push each.
func wantAll(t *testing.T, w *ct.World, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for _, p := range w.Phones.Pushes() {
		got[p.Device] += p.Title + " | " + p.Body
	}
	w.Phones.Reset()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// An offer's deadline is told by the clock of the person to whom it is made, and does not lie in
// the night there, whatever they have chosen.
func TestADeadlineGoesByTheReadersClock(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		settings func(*notify.Settings)
		want     string
	}{
		"quiet hours as usual": {func(*notify.Settings) {}, "Sig ja senest lørdag den 2. maj kl. 10.00 i Los Angeles, ellers går pladsen videre."},
		"no quiet hours":       {func(s *notify.Settings) { s.QuietFrom, s.QuietUntil = "01:00", "01:00" }, "Sig ja senest lørdag den 2. maj kl. 10.00 i Los Angeles, ellers går pladsen videre."},
	} {
		w := ct.New(t)
		lives(t, w, "cara", losAngeles, row.settings)
		e := partyIn(t, w, "2026-05-09T15:00", func(in *event.CreateInput) { in.Capacity = ct.Seats(1) })
		w.MustAttend("cara", e.ID, 0)
		until(t, w, "2026-05-01T19:00") // 10:00 in Los Angeles, where twelve hours later it is night
		leave(t, w, "bo", e.ID)
		wantTold(t, w, "cara", "Der er en plads til dig: Fest | "+row.want)
		if t.Failed() {
			t.Log(name)
		}
	}
}
