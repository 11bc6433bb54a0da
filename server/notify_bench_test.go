package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/community"
	"faellesskab/internal/community/communitytest"
)

// The goals of the delivery, which docs/OPERATIONS.md names too.
const (
	goalRate  = 100_000.0 / 60 // devices a second
	goalSmall = 2 * time.Second
	goalPeak  = 300 << 20
)

// BenchmarkNotifyHandOver lets one server process hand a large job over to the simulator, and
// meanwhile publishes events in groups of 200. It measures the time for all devices, the time
// of the small groups from the call to the handover, and the most memory the process has had.
// The simulator shares the machine's cores.
func BenchmarkNotifyHandOver(b *testing.B) {
	const small, smallSize = 10, 200
	large := communitytest.Crowd{Name: "large", People: 10_000, PhonesEach: 1}
	where := "embedded database, in the same process"
	if os.Getenv("MONGODB_URI") != "" {
		large.People, where = 100_000, "database of MONGODB_URI"
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
	defer cancel()
	all := large.Phones() + small*smallSize
	for b.Loop() {
		r := newRig(ctx, b, large, 2*all)
		groups := make([]string, small)
		r.open(func(c *community.Community) {
			for i := range groups {
				groups[i] = addCrowd(ctx, b, c, communitytest.Crowd{Name: fmt.Sprint("small", i), People: smallSize, PhonesEach: 1})
			}
		})
		p := r.start()
		h := &harness{t: b, url: p.url, tokens: map[string]string{}}
		h.readTokens()
		start := time.Now()
		h.publishTo(r.groupID, "Fest")
		called := map[string]time.Time{}
		for i, groupID := range groups {
			if err := r.sim.WaitFor(ctx, (i+1)*large.Phones()/(2*small)); err != nil {
				b.Fatal(err)
			}
			called[fmt.Sprint("small", i)] = time.Now()
			h.publishTo(groupID, "Møde")
		}
		r.phones = all
		r.waitForAll()

		var waits []time.Duration
		var last time.Time
		for _, push := range r.sim.Pushes() {
			crowd, _, _ := strings.Cut(push.Device, "-")
			if at, isSmall := called[crowd]; isSmall {
				waits = append(waits, push.ReceivedAt.Sub(at))
			} else if push.ReceivedAt.After(last) {
				last = push.ReceivedAt
			}
		}
		slices.Sort(waits)
		took, peak := last.Sub(start), p.peak(b)
		p50, p99 := waits[len(waits)/2], waits[len(waits)*99/100]
		rate := float64(large.Phones()) / took.Seconds()
		b.ReportMetric(rate, "devices/s")
		b.ReportMetric(float64(p50.Milliseconds()), "ms-p50-of-200")
		b.ReportMetric(float64(p99.Milliseconds()), "ms-p99-of-200")
		b.ReportMetric(float64(peak)/(1<<20), "MB-peak")
		b.Logf("%s, simulator on the same machine", where)
		b.Logf("hand %d devices over: %v, %.0f/s (goal: 100,000 in 60 s, %.0f/s)%s", large.Phones(), took.Round(time.Millisecond), rate, goalRate, missed(rate < goalRate))
		b.Logf("groups of %d meanwhile, from the call to the handover: p50 %v, p99 %v (goal: p99 at most %v)%s", smallSize, p50, p99, goalSmall, missed(p99 > goalSmall))
		b.Logf("peak resident memory of the server: %d MB (goal: at most %d MB)%s", peak>>20, goalPeak>>20, missed(peak > goalPeak))
		p.kill(b)
	}
}

func missed(is bool) string {
	if is {
		return " MISSED"
	}
	return ""
}
