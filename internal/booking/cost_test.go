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
