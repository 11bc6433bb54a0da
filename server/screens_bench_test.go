package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"faellesskab/internal/testkit/byhand"
)

// BenchmarkScreens measures what the server itself costs for the screens that people open most: the
// whole handler with its middlewares, signed in, sixteen calls at once, on a database that another
// process replays (see screens_replay_test.go), or on that of MONGODB_URI; and beside it, before it,
// a handler written by hand. %ofbyhand is the server's rate per processor second as a share of that
// handler's.
//
//	make bench-screens
//	go test ./server -run '^$' -bench '^BenchmarkScreens$/^feed$' -benchmem
//
// cpu-ns/op is the processor time of this process, user and system, and says the same on a busy machine.
// The garbage collector is told what the program tells it at start (see chooseHeapRoom), also for what is
// written by hand; GOGC and GOMEMLIMIT count as they do there.
//
// For a profile, add -cpuprofile cpu.out (or -memprofile mem.out -memprofilerate 1) and read it
// with go tool pprof -top server.test cpu.out.
func BenchmarkScreens(b *testing.B) {
	collectAsInProduction(b)
	w := beginWorld(b)
	app := w.open(b, w.connect(b))
	handler := w.byHand(b, app)
	w.answers(b, app)
	took := map[string]time.Duration{}
	for _, c := range w.Calls {
		b.Run(c.Name, func(b *testing.B) {
			server := caller{app.http.Handler, c.request(b, app), bodyOf(c)}
			if byhand.Answers(c.Operation) {
				hand := server
				hand.handler = handler
				b.Run("byhand", func(b *testing.B) { took["byhand"] = hand.measure(b) })
			}
			b.Run("server", func(b *testing.B) {
				took[c.Name] = server.measure(b)
				beside := map[string]string{"signed-in": "anonymous"}[c.Name]
				if byhand.Answers(c.Operation) {
					reportShare(b, "%ofbyhand", took["byhand"], took[c.Name])
				}
				if beside != "" {
					reportShare(b, "%of"+beside, took[beside], took[c.Name])
				}
			})
		})
	}
}

// collectAsInProduction tells the garbage collector what the program tells it at start, until the benchmark ends.
func collectAsInProduction(b *testing.B) {
	b.Helper()
	was := heapRoom{limit: debug.SetMemoryLimit(-1), percent: debug.SetGCPercent(-1)}
	debug.SetGCPercent(was.percent)
	b.Cleanup(was.apply)
	chooseHeapRoom(os.DirFS("/"), os.Environ(), false).apply()
}

// reportShare reports a rate as a share of another.
func reportShare(b *testing.B, unit string, other, own time.Duration) {
	b.ReportMetric(100*other.Seconds()/own.Seconds(), unit)
}

// screensTogether is how many calls are under way at once.
const screensTogether = 16

// caller calls a handler again and again with the same request.
type caller struct {
	handler http.Handler
	request *http.Request
	body    func() []byte
}

// bodyOf is the body of a call, or the next fresh one; nil: all have been used.
func bodyOf(c screenCall) func() []byte {
	var used atomic.Int64
	return func() []byte {
		n := int(used.Add(1)) - 1
		switch {
		case len(c.Fresh) == 0:
			return c.Body
		case n < len(c.Fresh):
			return c.Fresh[n]
		}
		return nil
	}
}

// measure calls b.N times, and returns the processor time of one call.
func (c caller) measure(b *testing.B) time.Duration {
	c.mustAnswer(b)
	var left, refused atomic.Int64
	left.Store(int64(b.N))
	var callers sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	before := processorTimeExactly(b)
	for range screensTogether {
		callers.Go(func() {
			w := &plainWriter{header: http.Header{}}
			for left.Add(-1) >= 0 {
				if c.call(w) != http.StatusOK {
					refused.Add(1)
				}
			}
		})
	}
	callers.Wait()
	each := (processorTimeExactly(b) - before) / time.Duration(b.N)
	b.StopTimer()
	b.ReportMetric(float64(each.Nanoseconds()), "cpu-ns/op")
	if n := refused.Load(); n > 0 {
		b.Errorf("%d of %d calls are refused", n, b.N)
	}
	return each
}

// call sends the request once more.
func (c caller) call(w *plainWriter) (status int) {
	w.status = 0
	clear(w.header)
	again := *c.request
	again.Body = io.NopCloser(bytes.NewReader(c.body()))
	c.handler.ServeHTTP(w, &again)
	return w.status
}

// mustAnswer looks at one answer, which the measured calls throw away.
func (c caller) mustAnswer(t testing.TB) {
	t.Helper()
	w := httptest.NewRecorder()
	again := *c.request
	again.Body = io.NopCloser(bytes.NewReader(c.body()))
	c.handler.ServeHTTP(w, &again)
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"errors":`) {
		t.Fatalf("the answer is %d %s", w.Code, w.Body)
	}
}

// plainWriter throws the answer away.
type plainWriter struct {
	header http.Header
	status int
}

func (w *plainWriter) Header() http.Header { return w.header }

func (w *plainWriter) WriteHeader(status int) { w.status = status }

func (w *plainWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return len(p), nil
}

// processorTimeExactly is the processor time of this process in microseconds.
func processorTimeExactly(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
