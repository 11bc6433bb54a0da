package delivery_test

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"faellesskab/internal/bus"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/delivery"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
	"faellesskab/internal/timer"
)

// BenchmarkNotifyExpand walks a large audience. It measures decisions, notices and
// chunks, and sends no pushes.
func BenchmarkNotifyExpand(b *testing.B) {
	people := 10_000
	if os.Getenv("MONGODB_URI") != "" {
		people = 100_000
	}
	for b.Loop() {
		b.StopTimer()
		w := ct.New(b)
		g, _ := w.Crowd(people)
		w.PublishedEvent("anna", g.ID, nil)
		b.StartTimer()
		for {
			worked, err := w.Notifier.Expand(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if !worked {
				break
			}
		}
		b.StopTimer()
		if n := w.Count("notices"); n != people {
			b.Fatalf("%d notices of %d", n, people)
		}
		b.StartTimer()
	}
	rate := float64(people*b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "people/s")
	b.Logf("expand an audience of %d: %.0f people/s, %v for all (no goal of its own; 100,000 must be sent in 60 s)", people, rate, b.Elapsed()/time.Duration(b.N))
}

// BenchmarkNotifySender compares the sender with a bare loop of sends. The sender works
// on prepared chunks and a database that says yes at once. Both have the same client,
// simulator and number in flight, and take turns in one run.
func BenchmarkNotifySender(b *testing.B) {
	b.Run("prompt", func(b *testing.B) { benchmarkSender(b, 0) })
	b.Run("slow", func(b *testing.B) { benchmarkSender(b, 20*time.Millisecond) })
}

func benchmarkSender(b *testing.B, slow time.Duration) {
	b.Helper()
	const phones, page, rounds = 100_000, 500, 10
	sim := fcmsim.New(fcmsim.Options{Keep: 1})
	if slow > 0 {
		sim.ScriptEvery(20, fcmsim.Slow(slow))
	}
	url, stop, err := fcmsim.Start(b.Context(), sim)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(stop)
	fcm, err := push.NewFCM(b.Context(), push.Options{ProjectID: "test", Endpoint: url, InsecureEndpoint: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(fcm.Close)
	devices := make([]delivery.Device, phones)
	for i := range devices {
		devices[i] = delivery.Device{ID: fmt.Sprint("dev_", i), PersonID: fmt.Sprintf("per_%06d", i), Language: "DA",
			Device: push.Device{Kind: push.KindToken, Value: fmt.Sprint("phone-", i), Platform: push.PlatformAndroid}}
	}
	n := alone(b, fcm)
	cause := notify.Cause{Key: "evt_1:published:1", Kind: group.NoticeJoinAnswered, Subject: "evt_1", Data: map[string]string{"Group": "Haven"}}
	sender := func(part []delivery.Device) {
		for start := 0; start < len(part); start += page {
			if err := n.SendPrepared(b.Context(), cause, part[start:min(start+page, len(part))]); err != nil {
				b.Fatal(err)
			}
		}
	}
	bare := func(part []delivery.Device) {
		title, body := notify.Render(cause.Kind, cause.Data, i18n.Reader{Language: i18n.Danish, Zone: clock.Copenhagen})
		var next atomic.Int64
		var wg sync.WaitGroup
		for range delivery.DefaultInFlight {
			wg.Go(func() {
				for i := next.Add(1) - 1; i < int64(len(part)); i = next.Add(1) - 1 {
					m := push.Message{NoticeID: inbox.NoticeID(part[i].PersonID, cause.Key), Title: title, Body: body, Data: map[string]string{
						"noticeId": inbox.NoticeID(part[i].PersonID, cause.Key), "kind": string(cause.Kind), "subjectId": cause.Subject}}
					if r := fcm.Send(b.Context(), part[i].Device, m); r.Outcome != push.Sent {
						b.Errorf("%+v", r)
					}
				}
			})
		}
		wg.Wait()
	}
	for b.Loop() {
		var took [2]time.Duration
		for round := range rounds {
			part := devices[round*phones/rounds : (round+1)*phones/rounds]
			for i, send := range []func([]delivery.Device){bare, sender} {
				start := time.Now()
				send(part)
				took[i] += time.Since(start)
			}
		}
		bareRate, rate := phones/took[0].Seconds(), phones/took[1].Seconds()
		b.ReportMetric(rate, "pushes/s")
		b.ReportMetric(100*rate/bareRate, "%-of-bare")
		b.Logf("the sender alone, %d devices: %.0f pushes/s; a bare loop with the same %d in flight: %.0f pushes/s; ratio %.0f %% (goal: at least 70 %%)",
			phones, rate, delivery.DefaultInFlight, bareRate, 100*rate/bareRate)
	}
	if want := 2 * phones * b.N; sim.Received() != want {
		b.Errorf("%d pushes of %d", sim.Received(), want)
	}
}

// alone is a notifier that has only a sender.
func alone(b *testing.B, sender push.Sender) *delivery.Notifier {
	b.Helper()
	db, log, news := testkit.Yes(b), slog.New(slog.DiscardHandler), notify.NewRegistry()
	news.Add([]notify.KindSpec{{Kind: group.NoticeJoinAnswered, Default: notify.Push, Family: notify.FamilyRequests}}, nil, nil)
	effects := outbox.NewOutbox(db, log)
	return delivery.New(delivery.Deps{DB: db, Outbox: effects, Registry: news, Sender: sender, Timers: timer.NewTimers(db, effects, log, "bench"), Bus: bus.New(db, log), Log: log, Owner: "bench"})
}
