package booking_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/testkit"
)

// maxTries is how often a phone tries when it is told "not now".
const maxTries = 5

// crowd lets n people sign up, many at a time, and returns what each of them ended with. A
// person who is told that the database does not answer tries again, as the app does, and
// the seats must still be right.
func crowd(t *testing.T, w *ct.World, eventID string, n int) (states map[booking.State]int, told map[string]int) {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	var next, again atomic.Int64
	states, told = map[booking.State]int{}, map[string]int{}
	start := time.Now()
	for range min(n, atOnce) {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				r, err := w.Attend(fmt.Sprint("p", i), eventID, 0)
				for tries := 1; fault.Is(err, fault.KindUnavailable) && tries < maxTries; tries++ {
					again.Add(1)
					r, err = w.Attend(fmt.Sprint("p", i), eventID, 0)
				}
				mu.Lock()
				if err != nil {
					t.Errorf("p%d: %v", i, err)
				} else {
					states[r.Booking.State]++
					if r.Booking.State == booking.Waitlisted {
						told[r.Booking.LineKey()] = r.Position
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	t.Logf("%d answers in %v, %d asked again", n, time.Since(start).Round(time.Millisecond), again.Load())
	return states, told
}

// shareOfCrowd is by how much a crowd is made smaller: not at all with `make faults`, or on a database server. The embedded
// database does one thing at a time.
func shareOfCrowd() int {
	if os.Getenv("MONGODB_URI") != "" {
		return 1
	}
	return testkit.Size(crowdShare, 1)
}

// The two tests with crowds do not run beside others, since on the embedded database they
// would keep all others waiting.
func checkCrowd(t *testing.T, n, seats int) {
	t.Helper()
	share := shareOfCrowd()
	n, seats = n/share, max(seats/share, 1)
	w, e := evening(t, ct.Seats(seats))
	states, told := crowd(t, w, e, n)
	if states[booking.Confirmed] != seats || states[booking.Waitlisted] != n-seats {
		t.Errorf("told: %v, want %d winners", states, seats)
	}
	wantPositions(t, w, told, n-seats)
	stored := map[booking.State]int{}
	for _, p := range w.BookingsAt(ct.DateOf(e)) {
		stored[p.State]++
	}
	if stored[booking.Confirmed] != seats || stored[booking.Waitlisted] != n-seats {
		t.Errorf("stored: %v, want %d winners", stored, seats)
	}
	if b := w.CheckSeats(e); b.SeatsTaken != seats || b.FreeSeats != 0 || !b.HasQueue {
		t.Errorf("seats %+v", b.Seats)
	}
	wantNothing(t, w)
}

// wantPositions checks that everybody in line has a place of their own in it, and was told of none
// behind that. Others who came at the same instant may have been written ahead of them since.
func wantPositions(t *testing.T, w *ct.World, told map[string]int, n int) {
	t.Helper()
	positions := ct.Must(w.Bookings.Positions(t.Context(), slices.Collect(maps.Keys(told))))(t)
	taken := map[booking.Position]bool{}
	for key, p := range positions {
		if p < 1 || int(p) > n || taken[p] {
			t.Errorf("position %d in a line of %d is wrong, or given twice", p, n)
		}
		if taken[p] = true; told[key] < 1 || told[key] > int(p) {
			t.Errorf("position %d was told of %d", told[key], p)
		}
	}
}

func TestACrowdOnTheLastSeatHasOneWinner(t *testing.T) { checkCrowd(t, 1000, 1) }

func TestACrowdOnAHundredSeatsSellsNoneTwice(t *testing.T) { checkCrowd(t, 500, 100) }
