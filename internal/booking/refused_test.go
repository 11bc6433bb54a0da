package booking_test

import (
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
)

// A refusal says how things are now. It is not kept under the clientMutationId: an app that sends
// the same call again is judged anew, and what comes of that is kept.
func TestARefusalIsJudgedAnew(t *testing.T) {
	t.Parallel()
	key := "5b1c2d3e-0000-4000-8000-0000000000aa"
	for name, row := range map[string]struct {
		why    booking.Refusal
		who    string
		make   func(w *ct.World, groupID string) (eventID string)
		change func(w *ct.World, eventID string)
	}{
		"a draft is published": {booking.RefusedNotOpen, "anna",
			func(w *ct.World, groupID string) string { return w.Draft("anna", groupID, nil).ID },
			func(w *ct.World, eventID string) {
				ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: eventID}))(w.T)
			}},
		"there are seats now": {booking.RefusedFull, "bo",
			func(w *ct.World, groupID string) string { return w.PublishedEvent("anna", groupID, ct.Seats(0)).ID },
			func(w *ct.World, eventID string) {
				ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: eventID, Capacity: optional.Of(2)}))(w.T)
			}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			e := row.make(w, w.Group("anna").ID)
			attend := func() *booking.SignedUp {
				return ct.Must(w.Events.Attend(w.As(row.who), event.AttendInput{OccurrenceID: ct.DateOf(e), ClientMutationID: &key}))(t)
			}
			for range 2 {
				if r := attend(); r.Refusal != row.why || r.Message == "" || r.Booking != nil {
					t.Fatalf("it is %+v, want refused: %s", r, row.why)
				}
			}
			row.change(w, e)
			for range 2 { // the second time it is what is kept
				if r := attend(); r.Refusal != "" || r.Booking == nil || r.Booking.State != booking.Confirmed {
					t.Fatalf("later it is %+v", r)
				}
			}
			if b := w.CheckSeats(e); b.SeatsTaken != 1 {
				t.Errorf("%d seats are taken", b.SeatsTaken)
			}
		})
	}
}
