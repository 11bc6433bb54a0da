package booking_test

import (
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
)

// Hi.Events#785: answers to required questions are kept and exported; and they are gone with the person, also
// where their seat stays.
func TestKnownBreak41AnswersAreExportedAndErased(t *testing.T) {
	t.Parallel()
	w, e := asking(t, ct.Noon.Add(20*time.Hour), ct.Seats(5), booking.TermsInput{Questions: questions(), NamesGuests: true})
	_, err := attend(w, "bo", e, func(in *event.AttendInput) {
		in.Guests, in.GuestNames, in.Answers = 1, []string{"Ida"}, answers(w, e)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.RunPending()
	exported := strings.Join(ct.ExportFrom(t, w.Community.Bookings.Part().Collections, "bookings", "bo"), "\n")
	for _, said := range []string{"Hvilket hold?", "Aften", "Ida"} {
		if !strings.Contains(exported, said) {
			t.Errorf("the export does not say %q: %s", said, exported)
		}
	}
	w.Clock.Advance(21 * time.Hour)
	w.Entomb("bo")
	ct.EraseFrom(t, w.Community.Bookings.Part().Collections, "bo")
	left := w.BookingsAt(ct.DateOf(e))
	if len(left) != 1 || len(left[0].Answers) > 0 || len(left[0].NamedGuests) > 0 || left[0].HasNames || left[0].Guests != 1 {
		t.Errorf("left %+v", left)
	}
}
