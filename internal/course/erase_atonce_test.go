package course_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
)

// Bo is erased while a record of attendance with him is under way: it begins before some command of
// the erasure, and sleeps before a write of its own until the erasure is over. Either the record is
// accepted, and bo's seat is kept as nobody's with the session, or it is told that bo has no seat.
func TestAnErasureMeetsARecord(t *testing.T) {
	t.Parallel()
	const update = "update"
	for _, at := range [][2]string{{"find", "bookings"}, {update, "bookings"}, {update, "courses"}, {"insert", "bookings"}, {"delete", "bookings"}} {
		for _, sleeps := range []string{"", "courses", "bookings"} { // before it decides, and before it writes the bookings
			m, ofRecord := &ct.Moment{}, &ct.Moment{}
			w, staff, c := held(t, 2)
			mustRecord(staff, t, w, c.Sessions[0], "bo")
			w.Entomb("bo")
			erasing, recording := w.Again(m.Option()), w.Again(ofRecord.Option())
			asleep, over, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
			if sleeps != "" {
				ofRecord.Before(update, sleeps, func() {
					close(asleep)
					<-over
				})
			}
			seen := false
			m.Before(at[0], at[1], func() {
				seen = true
				go func() { ended <- record(staff, recording, c.Sessions[1], "bo") }()
				select {
				case <-asleep:
				case err := <-ended:
					ended <- err
				}
			})
			ct.EraseFrom(t, entries(erasing), "bo")
			close(over)
			err := <-ended
			w.RunPending()
			got := nobodys(w, c)
			if !seen || len(got) != 1 || !got[0].WasAt(c.Sessions[0].ID) || got[0].WasAt(c.Sessions[1].ID) != (err == nil) {
				t.Errorf("before %v, asleep before the update of %q: met %t, %v, and nobody's bookings are %+v", at, sleeps, seen, err, got)
			}
			if err != nil && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("before %v, asleep before the update of %q: %v", at, sleeps, err)
			}
		}
	}
}
