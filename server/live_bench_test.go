package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/push/fcmsim"
)

// BenchmarkNotifyIdleSubscriptions opens 10,000 sockets to a server process of its own,
// each with a subscription, and measures the server's memory, and the time from
// the mutation until each of 200 of them has heard of an event. The others stay
// idle.
func BenchmarkNotifyIdleSubscriptions(b *testing.B) {
	const sockets, listening = 10_000, 200
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	endpoint, stop, err := fcmsim.Start(ctx, fcmsim.New(fcmsim.Options{}))
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	server := startProcess(ctx, b, []string{"-addr", "127.0.0.1:0", "-data", b.TempDir()}, []string{"FCM_ENDPOINT=" + endpoint, "LOG_LEVEL=warn",
		"CONNECTIONS_PER_ADDRESS=20000", "SOCKETS_PER_ADDRESS=20000", "SOCKETS_PER_PERSON=20000", "CONNECTIONS_PER_PERSON=20000"})
	defer server.kill(b)
	h := &harness{t: b, url: server.url, tokens: map[string]string{}}
	h.readTokens()
	groupID, _ := h.liveGroup()
	before := server.memory(b)
	heard := make(chan time.Time, listening)
	open(sockets, func(i int) {
		persona := "resident-2"
		if i < listening {
			persona = "resident-1"
		}
		f := h.follow(persona, followNotices, nil)
		f.begins()
		go func() {
			for f.await(ctx) != nil {
				heard <- time.Now()
			}
		}()
	})
	full := server.memory(b)
	var times []time.Duration
	for n := 0; b.Loop(); n++ {
		start := time.Now()
		h.publishTo(groupID, fmt.Sprint("Fest ", n))
		for range listening {
			times = append(times, (<-heard).Sub(start))
		}
	}
	b.ReportMetric(float64(full)/1e6, "MB")
	b.ReportMetric(float64(full-before)/sockets, "B/socket")
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Milliseconds()), "ms-p50")
	b.ReportMetric(float64(times[len(times)*99/100].Milliseconds()), "ms-p99")
}

// open does something n times, 50 at once.
func open(n int, do func(i int)) {
	turns := make(chan int)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for i := range turns {
				do(i)
			}
		})
	}
	for i := range n {
		turns <- i
	}
	close(turns)
	wg.Wait()
}

// memory is the process's resident memory, in bytes.
func (p *process) memory(t testing.TB) int { return p.status(t, "VmRSS:") }

// peak is the most memory that the process has had, in bytes.
func (p *process) peak(t testing.TB) int { return p.status(t, "VmHWM:") }

func (p *process) status(t testing.TB, field string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			kB, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return kB * 1024
		}
	}
	t.Fatalf("no %s", field)
	return 0
}
