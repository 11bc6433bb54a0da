package push_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

func TestSilenceEndsAtTheDeadline(t *testing.T) {
	sim, url := simulator(t)
	sim.Script(phone.Value, fcmsim.Hang())
	start := time.Now()
	got := fcm(t, url, 100*time.Millisecond).Send(t.Context(), phone, notice)
	if got.Outcome != push.Retry || got.Reason != "TIMEOUT" {
		t.Errorf("got %+v, want RETRY because TIMEOUT", got)
	}
	if took := time.Since(start); took < 100*time.Millisecond || took > 2*time.Second {
		t.Errorf("took %v, want about 100 ms", took)
	}
}

func TestSlowAnswerCounts(t *testing.T) {
	sim, url := simulator(t)
	sim.Script(phone.Value, fcmsim.Slow(50*time.Millisecond))
	if got := fcm(t, url, 0).Send(t.Context(), phone, notice); got.Outcome != push.Sent {
		t.Errorf("got %+v, want SENT", got)
	}
}

// If FCM is down, a send ends at once. The SDK alone would hold the slot for 7 seconds.
func TestDownMeansAtOnce(t *testing.T) {
	sim, url := simulator(t)
	sim.ScriptAll(fcmsim.Unavailable(0))
	f := fcm(t, url, 0)
	start := time.Now()
	for range 20 {
		if got := f.Send(t.Context(), phone, notice); got.Outcome != push.Retry {
			t.Fatalf("got %+v, want RETRY", got)
		}
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("20 refused sends took %v, want no waiting", took)
	}
	if n := sim.Requests(); n != 20 {
		t.Errorf("%d requests, want 20", n)
	}
}

func TestRefusalsKeepTheConnection(t *testing.T) {
	sim := fcmsim.New(fcmsim.Options{})
	sim.ScriptAll(fcmsim.Unavailable(time.Minute))
	var opened atomic.Int32
	srv := httptest.NewUnstartedServer(sim)
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	f := fcm(t, srv.URL, 0)
	for range 30 {
		f.Send(t.Context(), phone, notice)
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for 30 sends, want 1", n)
	}
}

func TestBrokenConnectionIsTriedOnceMore(t *testing.T) {
	for name, row := range map[string]struct {
		script   []fcmsim.Answer
		want     push.Outcome
		requests int
		pushes   int
	}{
		"before the push, then well":  {[]fcmsim.Answer{fcmsim.Reset(), fcmsim.OK()}, push.Sent, 2, 1},
		"before the push, and again":  {[]fcmsim.Answer{fcmsim.Reset()}, push.Retry, 2, 0},
		"after the push, then well":   {[]fcmsim.Answer{fcmsim.ResetAfter(), fcmsim.OK()}, push.Sent, 2, 2},
		"before the push, then a 503": {[]fcmsim.Answer{fcmsim.Reset(), fcmsim.Unavailable(0)}, push.Retry, 2, 0},
		"before the push, then gone":  {[]fcmsim.Answer{fcmsim.Reset(), fcmsim.Unregistered()}, push.Gone, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			sim, url := simulator(t)
			f := fcm(t, url, 0)
			f.Send(t.Context(), phone, notice) // makes a used connection, which must break like a new one
			sim.Reset()
			sim.Script(phone.Value, row.script...)
			start := time.Now()
			got := f.Send(t.Context(), phone, notice)
			if got.Outcome != row.want {
				t.Errorf("got %+v, want %v", got, row.want)
			}
			if took := time.Since(start); took > 900*time.Millisecond {
				t.Errorf("took %v, want no waiting", took)
			}
			if n := sim.Requests(); n != row.requests {
				t.Errorf("%d requests, want %d", n, row.requests)
			}
			pushes := sim.Pushes()
			if len(pushes) != row.pushes {
				t.Fatalf("%d pushes, want %d", len(pushes), row.pushes)
			}
			for _, p := range pushes {
				if p.Tag != "notice_1" {
					t.Errorf("collapse key %q: the phone would show it twice", p.Tag)
				}
			}
		})
	}
}

func TestNobodyAtTheOtherEnd(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	url := srv.URL
	srv.Close()
	got := fcm(t, url, 0).Send(t.Context(), phone, notice)
	if got.Outcome != push.Retry || got.Reason != "NETWORK" || got.Err == nil {
		t.Errorf("got %+v, want RETRY because NETWORK", got)
	}
}
