package booking_test

import (
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
)

// begin lets a date begin.
func begin(t *testing.T, w *ct.World, eventID string) {
	t.Helper()
	w.Clock.Advance(w.Bookable(ct.DateOf(eventID)).StartsAt.Sub(w.Clock.Now()))
	w.Fire()
	w.RunPending()
}

// The line was empty when the event was moved. People who join it later wait until the new
// start and no longer.
func TestALineOfAMovedEventEndsAtItsStart(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	for _, name := range []string{"bo", "cara"} {
		w.MustAttend(name, e, 0)
	}
	for _, name := range []string{"cara", "bo"} {
		if err := w.Leave(name, e); err != nil {
			t.Fatal(err)
		}
	}
	if w.Bookable(ct.DateOf(e)).HasQueue {
		t.Fatal("there is still a line")
	}
	begins := w.Bookable(ct.DateOf(e)).StartsAt
	start := begins.Add(72 * time.Hour)
	from, to := clock.LocalOf(start, clock.Copenhagen), clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, StartsAt: optional.Of(from), EndsAt: optional.Of(to)}))(t)
	w.MustAttend("dan", e, 0)
	w.MustAttend("eva", e, 0)
	w.Clock.Advance(begins.Sub(w.Clock.Now()))
	w.Fire() // at the old start
	begin(t, w, e)
	wantEnded(t, w, "eva", e, booking.EndedOver)
}

// Two people join an empty line at once, and both are in it before either looks.
func TestALineThatTwoBeganEndsAtTheStart(t *testing.T) {
	t.Parallel()
	w, e, m := momentous(t, ct.Seats(1))
	w.MustAttend("bo", e, 0)
	seen := false
	m.Before("update", "occurrences", func() { // cara opens the line
		m.Before("find", "occurrences", func() {
			seen = true
			w.MustAttend("dan", e, 0)
		})
	})
	w.MustAttend("cara", e, 0)
	if !seen {
		t.Fatal("the moment did not come")
	}
	begin(t, w, e)
	wantEnded(t, w, "cara", e, booking.EndedOver)
	wantEnded(t, w, "dan", e, booking.EndedOver)
}

// The event is cancelled while cara is about to be offered a seat. She gets the offer after
// the line was read to be ended, and before her place is ended.
func TestAnOfferOnItsWayEndsWithWhatIsCancelled(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	e := w.PublishedAt("anna", w.Group("anna").ID, w.Clock.Now().Add(96*time.Hour), ct.Seats(1)).ID
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	anna, reads, offered, cancelled := w.As("anna"), make(chan struct{}), make(chan struct{}), make(chan error, 1)
	m.Before("update", "bookings", func() { // bo gives his seat up
		m.Before("update", "bookings", func() { // cara is about to be offered it
			m.Before("update", "bookings", func() { // she is about to lose hers
				close(reads)
				<-offered
			})
			go func() {
				_, err := w.Events.Cancel(anna, event.CancelInput{EventID: e})
				cancelled <- err
			}()
			<-reads
		})
	})
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	close(offered)
	if err := <-cancelled; err != nil {
		t.Fatal(err)
	}
	w.RunPending()
	wantEnded(t, w, "cara", e, booking.EndedOver)
	w.CheckSeats(e)
}

// People who are taken out of line are told whether a smaller party can still come.
func TestWhoNeverFitsIsToldWhetherAnybodyDoes(t *testing.T) {
	t.Parallel()
	for seats, want := range []string{"ingen pladser", "færre gæster"} {
		w, e := evening(t, ct.Seats(2))
		w.Person("cara")
		w.MustAttend("bo", e, 1)
		w.MustAttend("cara", e, 1)
		capacity(t, w, e, seats)
		wantEnded(t, w, "cara", e, booking.EndedNeverFits)
		w.Drain()
		told := w.Notices("cara")
		if len(told) != 1 {
			t.Fatalf("%d seats: %+v", seats, told)
		}
		if _, body := w.Read("cara", told[0]); !strings.Contains(body, want) {
			t.Errorf("%d seats: %s", seats, body)
		}
	}
}
