package push_test

import (
	"runtime"
	"testing"

	"faellesskab/internal/push"
)

const inFlight = 50

// BenchmarkSend measures the ceiling: only the client and the simulator, which share the machine's
// cores.
func BenchmarkSend(b *testing.B) {
	sim, url := simulator(b)
	f := fcm(b, url, 0)
	b.SetParallelism((inFlight + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if got := f.Send(b.Context(), phone, notice); got.Outcome != push.Sent {
				b.Errorf("got %+v, want SENT", got)
				return
			}
		}
	})
	b.ReportMetric(float64(sim.Received())/b.Elapsed().Seconds(), "pushes/s")
}
