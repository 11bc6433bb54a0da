package booking_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
)

// 500 people sign up for the last 100 seats, many at a time; on the embedded database, which does one thing at a time, a share of them.
// It reports how long one of a hundred waits at least for the answer (p99), and the middle one. Whoever is told that the database does
// not answer tries again, as the app does, and waits for longer.
func BenchmarkAttendUnderContention(b *testing.B) {
	share := shareOfCrowd()
	people, seats := int64(500/share), 100/share
	for range b.N {
		b.StopTimer()
		w := ct.New(b)
		e := w.PublishedEvent("anna", w.Group("anna").ID, ct.Seats(seats)).ID
		for i := range people {
			w.As(fmt.Sprint("p", i))
		}
		var mu sync.Mutex
		var took []time.Duration
		var next atomic.Int64
		var wg sync.WaitGroup
		b.StartTimer()
		for range atOnce {
			wg.Go(func() {
				for i := next.Add(1) - 1; i < people; i = next.Add(1) - 1 {
					start, isFirst := time.Now(), true
					_, err := w.Attend(fmt.Sprint("p", i), e, 0)
					for tries := 1; fault.Is(err, fault.KindUnavailable) && tries < maxTries; tries++ {
						isFirst = false
						_, err = w.Attend(fmt.Sprint("p", i), e, 0)
					}
					if !isFirst && fault.Is(err, fault.KindConflict) {
						err = nil // the first try has signed them up, though nobody could tell
					}
					if err != nil {
						b.Error(err)
					}
					mu.Lock()
					took = append(took, time.Since(start))
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		b.StopTimer()
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "ms/p99")
		b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms/p50")
		if got := w.CheckSeats(e); got.SeatsTaken != seats {
			b.Errorf("%d seats are taken", got.SeatsTaken)
		}
	}
}
