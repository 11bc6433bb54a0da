package delivery_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/notify"
)

// BenchmarkNotifyPreview asks for previews as staff and organisers do, and reports how
// many people are counted before a preview runs out of time.
func BenchmarkNotifyPreview(b *testing.B) {
	sizes := []int{1_000, 10_000}
	if os.Getenv("MONGODB_URI") != "" {
		sizes = []int{10_000, 100_000}
	}
	for _, people := range sizes {
		b.Run(fmt.Sprint(people), func(b *testing.B) { benchmarkPreview(b, people) })
	}
}

func benchmarkPreview(b *testing.B, people int) {
	b.Helper()
	w := ct.New(b)
	g, _ := w.Crowd(people)
	staff, anna := w.Grant("staff", auth.RoleStaff), w.As("anna")
	for _, of := range []struct {
		name    string
		preview func() (*notify.Preview, error)
	}{
		{"everybody", func() (*notify.Preview, error) { return w.Announcements.PreviewBroadcast(staff, nil, false) }},
		{"group", func() (*notify.Preview, error) { return w.Announcements.PreviewToGroup(anna, g.ID) }},
	} {
		b.Run(of.name, func(b *testing.B) {
			counted, isComplete := 0, true
			for b.Loop() {
				p := ct.Must(of.preview())(b)
				counted, isComplete = counted+p.Audience, isComplete && p.IsComplete
			}
			b.ReportMetric(float64(counted)/b.Elapsed().Seconds(), "people/s")
			b.Logf("preview of %s, %d people: %d counted in %v, complete: %t (no goal of its own; it counts until 3 s are over)",
				of.name, people, counted/b.N, (b.Elapsed() / time.Duration(b.N)).Round(time.Millisecond), isComplete)
		})
	}
}
