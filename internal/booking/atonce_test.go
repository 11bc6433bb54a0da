package booking_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/testkit"
)

// momentous is evening with a moment at which something else may happen.
func momentous(t *testing.T, capacity *int) (*ct.World, string, *ct.Moment) {
	t.Helper()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna")
	return w, w.PublishedEvent("anna", g.ID, capacity).ID, m
}

// The last seat is given back while somebody is about to join the line, which looked
// empty when the seat became free.
func TestNobodyWaitsBesideAFreeSeat(t *testing.T) {
	t.Parallel()
	for _, before := range []struct{ command, collection string }{
		{"aggregate", "bookings"}, {"insert", "bookings"}, {"update", "occurrences"},
	} {
		w, e, m := momentous(t, ct.Seats(1))
		w.MustAttend("bo", e, 0)
		m.Before(before.command, before.collection, func() {
			if err := w.Leave("bo", e); err != nil {
				t.Error(err)
			}
		})
		w.MustAttend("cara", e, 0)
		want(t, w, e, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Confirmed})
		if b := w.CheckSeats(e); b.SeatsTaken != 1 {
			t.Errorf("before %s: %d seats taken", before.command, b.SeatsTaken)
		}
	}
}

// A person who leaves the line at the moment when a seat is theirs leaves, and the seat
// goes to the next one.
func TestLeavingMeetsPromotion(t *testing.T) {
	t.Parallel()
	w, e, m := momentous(t, ct.Seats(1))
	for _, name := range []string{"bo", "cara", "dan"} {
		w.MustAttend(name, e, 0)
		w.Clock.Advance(1e9)
	}
	m.Before("update", "bookings", func() {
		if err := w.Leave("bo", e); err != nil {
			t.Error(err)
		}
	})
	if err := w.Leave("cara", e); err != nil {
		t.Errorf("leaving is always allowed: %v", err)
	}
	want(t, w, e, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Cancelled, "dan": booking.Confirmed})
	w.CheckSeats(e)
}

// A seat is taken for a person who has just left the line.
func TestPromotionMeetsLeaving(t *testing.T) {
	t.Parallel()
	w, e, m := momentous(t, ct.Seats(1))
	for _, name := range []string{"bo", "cara", "dan"} {
		w.MustAttend(name, e, 0)
		w.Clock.Advance(1e9)
	}
	seen := false
	m.Before("findAndModify", "occurrences", func() { // bo's seats are released
		m.Before("findAndModify", "occurrences", func() { // and taken for cara
			seen = true
			if err := w.Leave("cara", e); err != nil {
				t.Error(err)
			}
		})
	})
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	if !seen {
		t.Fatal("the moment did not come")
	}
	want(t, w, e, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Cancelled, "dan": booking.Confirmed})
	if b := w.CheckSeats(e); b.SeatsTaken != 1 {
		t.Errorf("%d seats taken", b.SeatsTaken)
	}
}

// A person signs up twice at once, and the second seat is given back. Somebody who was
// turned away meanwhile gets it, even if the process dies at any write.
func TestASeatGivenBackOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	for n, whole := 1, false; !whole; n++ {
		var m ct.Moment
		crasher := testkit.NewCrasher()
		w := ct.New(t)
		e := w.PublishedEvent("anna", w.Group("anna").ID, ct.Seats(2)).ID
		dying := w.Again(m.Option(), testkit.WithCrasher(crasher))
		seen := false
		m.Before("findAndModify", "occurrences", func() { // bo looks for a seat
			w.MustAttend("bo", e, 0)
			m.Before("find", "bookings", func() { // and finds that there is a place
				seen = true
				w.MustAttend("cara", e, 0)
			})
		})
		crasher.After(n)
		_, _ = dying.Attend("bo", e, 0)
		whole = !crasher.Crashed()
		w.Clock.Advance(time.Minute)
		w.RunPending()
		if seen {
			want(t, w, e, map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Confirmed})
		}
		w.CheckSeats(e)
		if whole && (n < 5 || !seen) {
			t.Errorf("%d writes, and no crash", n)
		}
	}
}

// Everybody signs up and leaves at once. When all is done, seats and places agree.
func TestComingAndGoingAtOnce(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(5))
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			name := fmt.Sprint("p", i)
			for round := range 3 {
				if _, err := w.Attend(name, e, (i+round)%3); err != nil {
					t.Errorf("%s attends: %v", name, err)
				}
				if i%3 == 0 && round == 2 {
					return
				}
				if err := w.Leave(name, e); err != nil {
					t.Errorf("%s leaves: %v", name, err)
				}
			}
		})
	}
	wg.Wait()
	b := w.CheckSeats(e)
	if b.SeatsTaken > 5 {
		t.Errorf("oversold: %+v", b.Seats)
	}
	stand := 0
	for _, p := range w.BookingsAt(ct.DateOf(e)) {
		if p.State.IsSignedUp() {
			stand++
		}
	}
	if stand != 4 {
		t.Errorf("%d people stay, want 4", stand)
	}
}
