package booking_test

import (
	"fmt"
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/outbox"
)

// Claims that others have under way at a popular date cost nobody else anything: a call
// neither reads nor finishes them.
func TestOthersClaimsAreNotRead(t *testing.T) {
	t.Parallel()
	sizes := &ct.Answers{}
	w := ct.New(t, sizes.Option())
	e := w.PublishedEvent("anna", w.Group("anna").ID, ct.Seats(2)).ID
	w.MustAttend("bo", e, 0)
	claims, released := map[string]string{}, outbox.Marks{}
	for i := range 2000 {
		claims[ct.PersonID(fmt.Sprint("p", i))] = fmt.Sprintf("eff_%026d", i)
		released[fmt.Sprintf("eff_%026d_00", i)] = outbox.Mark{At: w.Clock.Now()}
	}
	w.Set(t.Context(), "occurrences", ct.DateOf(e), map[string]any{"claims": claims, "released": released})
	sizes.Largest()
	if s := w.MustAttend("cara", e, 0); s != booking.Confirmed {
		t.Fatal(s)
	}
	if s := w.MustAttend("dan", e, 0); s != booking.Waitlisted {
		t.Fatal(s)
	}
	if err := w.Leave("dan", e); err != nil {
		t.Fatal(err)
	}
	if got := sizes.Largest(); got > 4096 {
		t.Errorf("an answer of %d bytes: everybody's claims are read", got)
	}
}

// The document of a date is written by everybody who signs up. A seat costs it two writes, of which
// the first is the conditional one that takes the seat. The first in line costs it one, and
// whoever joins an open line none.
func TestWritesOfTheDatesDocument(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	for _, row := range []struct {
		name    string
		updates int
	}{{"bo", 1}, {"cara", 1}, {"dan", 0}, {"eva", 0}} {
		w.Person(row.name)
		counting, m := asleep(w)
		updates := 0
		var count func()
		count = func() {
			updates++
			m.Before("update", "occurrences", count)
		}
		m.Before("update", "occurrences", count)
		counting.MustAttend(row.name, e, 0)
		if updates != row.updates {
			t.Errorf("%s costs %d updates, want %d", row.name, updates, row.updates)
		}
	}
	w.CheckSeats(e)
}
