package event_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

const offer = "Der er en plads til dig: Fest | Sig ja senest lørdag den 2. maj kl. 11.00, ellers går pladsen videre."

// full is a party with one seat, which bo has. Cara and anna wait for it.
func full(t *testing.T, local string) (*ct.World, string) {
	t.Helper()
	w, e := party(t, local, func(in *event.CreateInput) { in.Capacity = ct.Seats(1) })
	for _, name := range []string{"cara", "anna"} {
		w.MustAttend(name, e.ID, 0)
		w.Clock.Advance(1e9)
	}
	return w, e.ID
}

func leave(t *testing.T, w *ct.World, name, eventID string) {
	t.Helper()
	if err := w.Leave(name, eventID); err != nil {
		t.Fatal(err)
	}
	w.Drain()
}

func TestAnOfferIsToldWithItsDeadline(t *testing.T) {
	t.Parallel()
	w, e := full(t, "2026-05-09T15:00")
	leave(t, w, "bo", e)
	wantTold(t, w, "cara", "Der er en plads til dig: Fest | Sig ja senest lørdag den 2. maj kl. 10.00, ellers går pladsen videre.")
	until(t, w, "2026-05-02T10:00")
	// Nobody is told that the deadline has passed.
	wantTold(t, w, "anna", "Der er en plads til dig: Fest | Sig ja senest søndag den 3. maj kl. 10.00, ellers går pladsen videre.")
	if got := w.StateOf("cara", e); got != booking.Cancelled || len(w.Notices("cara")) != 1 {
		t.Errorf("cara is %s and has %d notices", got, len(w.Notices("cara")))
	}
}

// An offer made in the night is told in the morning, unless it has been answered meanwhile.
func TestAnAnsweredOfferIsNotToldInTheMorning(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*ct.World, string) error{
		"":         func(*ct.World, string) error { return nil },
		"accepted": func(w *ct.World, e string) error { return w.Accept("cara", e) },
		"declined": func(w *ct.World, e string) error { return w.Decline("cara", e) },
	} {
		w, e := full(t, "2026-05-09T15:00")
		until(t, w, "2026-05-01T23:00")
		leave(t, w, "bo", e)
		wantTold(t, w, "cara")
		if err := answer(w, e); err != nil {
			t.Fatal(err)
		}
		w.Drain()
		until(t, w, "2026-05-02T08:00")
		switch name {
		case "":
			wantTold(t, w, "cara", offer)
		case "accepted":
			wantTold(t, w, "cara")
		case "declined":
			wantTold(t, w, "anna", offer)
			if n := w.Phones.Count("cara"); n != 0 {
				t.Errorf("cara was told %d times of what she has declined", n)
			}
		}
	}
}

// A person who has not answered an offer is told that the event is cancelled, and gets no
// reminder.
func TestWhoIsOfferedASeatHearsWhatHappensButIsNotReminded(t *testing.T) {
	t.Parallel()
	w, e := full(t, "2026-05-03T08:30") // at 18:00 the day before, an offer is still open
	until(t, w, "2026-05-02T08:15")
	w.Phones.Reset()
	leave(t, w, "bo", e)
	if got := w.StateOf("cara", e); got != booking.Offered {
		t.Fatalf("cara is %s", got)
	}
	w.Phones.Reset()
	until(t, w, "2026-05-02T18:00")
	wantTold(t, w, "cara")
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e}))(t)
	w.Drain()
	wantTold(t, w, "cara", "Haven: Fest er aflyst | Skulle have været søndag den 3. maj kl. 8.30.")
	until(t, w, "2026-05-03T08:30")
	wantTold(t, w, "cara")
	if got := w.StateOf("cara", e); got != booking.Cancelled {
		t.Errorf("cara is %s", got)
	}
}

// A person who was removed from the group is offered no seat at an event for members.
func TestAnOfferIsForWhoMaySeeTheEvent(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.Visibility = group.VisibilityMembers })
	w.Join(g.ID, "bo", "cara")
	e := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(1)).ID
	for _, name := range []string{"bo", "cara"} {
		ct.Must(w.Events.Attend(w.As(name), event.AttendInput{OccurrenceID: ct.DateOf(e)}))(t)
	}
	leave(t, w, "bo", e)
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("cara")}))(t)
	caras := booking.OfferInput{BookingID: booking.IDOf(ct.DateOf(e), ct.PersonID("cara"))}
	_, err := w.Bookings.AcceptOffer(w.As("cara"), caras)
	ct.WantKey(t, err, "event.not_found")
	_, err = w.Bookings.DeclineOffer(w.As("cara"), caras)
	ct.WantKey(t, err, "booking.no_offer")
	wantPlaces(t, w, e, map[string]string{"cara": lost})
}

// A person whose quiet hours last until late hears of an offer before it ends.
func TestAnOfferWaitsForThePersonsOwnQuietHours(t *testing.T) {
	t.Parallel()
	w, e := full(t, "2026-05-09T15:00")
	quiet := notify.Settings{PersonID: ct.PersonID("cara"), QuietFrom: "22:00", QuietUntil: "10:30", Version: 1}
	if err := w.Settings.Put(t.Context(), []notify.Settings{quiet}); err != nil {
		t.Fatal(err)
	}
	until(t, w, "2026-05-01T22:00")
	leave(t, w, "bo", e)
	until(t, w, "2026-05-02T10:29")
	wantTold(t, w, "cara")
	until(t, w, "2026-05-02T10:30")
	wantTold(t, w, "cara", "Der er en plads til dig: Fest | Sig ja senest lørdag den 2. maj kl. 12.30, ellers går pladsen videre.")
	if got := w.StateOf("cara", e); got != booking.Offered {
		t.Errorf("cara is %s", got)
	}
	until(t, w, "2026-05-02T12:30")
	if got := w.StateOf("cara", e); got != booking.Cancelled {
		t.Errorf("after the deadline cara is %s", got)
	}
}
