package fcmsim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/push/fcmsim"
)

func TestScriptsRunInOrder(t *testing.T) {
	ok, down, gone := fcmsim.OK(), fcmsim.Unavailable(0), fcmsim.Unregistered()
	for name, row := range map[string]struct {
		script []fcmsim.Answer
		all    fcmsim.Answer
		want   []int
	}{
		"none":             {nil, ok, []int{200, 200}},
		"the last stays":   {[]fcmsim.Answer{down, ok, gone}, ok, []int{503, 200, 404, 404}},
		"the last is once": {[]fcmsim.Answer{down, gone.Once()}, ok, []int{503, 404, 200, 200}},
		"once, all down":   {[]fcmsim.Answer{ok.Once()}, down, []int{200, 503, 503}},
		"its own first":    {[]fcmsim.Answer{ok}, down, []int{200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			sim.ScriptAll(row.all)
			sim.Script("a", row.script...)
			if diff := cmp.Diff(row.want, statuses(sim, "a", len(row.want))); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestScriptsAreReplacedAndEnded(t *testing.T) {
	sim := newSim()
	sim.Script("a", fcmsim.Internal())
	sim.Script("a", fcmsim.Unregistered())
	if got := statuses(sim, "a", 1); got[0] != 404 {
		t.Errorf("status %d, want the newer script's 404", got[0])
	}
	sim.Script("a")
	if got := statuses(sim, "a", 1); got[0] != 200 {
		t.Errorf("status %d, want 200", got[0])
	}
	if sim.Count("a") != 1 || sim.Requests() != 2 || sim.Devices() != 1 {
		t.Errorf("%d pushes, %d requests, %d devices", sim.Count("a"), sim.Requests(), sim.Devices())
	}
}

// Each refusal has FCM's own words.
func TestRefusalsReadLikeFCMs(t *testing.T) {
	const fcm = `"details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":`
	for name, row := range map[string]struct {
		answer     fcmsim.Answer
		want       string
		retryAfter string
	}{
		"unregistered": {fcmsim.Unregistered(), `{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND",` + fcm + `"UNREGISTERED"}]}}`, ""},
		"sender":       {fcmsim.SenderIDMismatch(), `{"error":{"code":403,"message":"SenderId mismatch","status":"PERMISSION_DENIED",` + fcm + `"SENDER_ID_MISMATCH"}]}}`, ""},
		"quota":        {fcmsim.QuotaExceeded(1500 * time.Millisecond), `{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED",` + fcm + `"QUOTA_EXCEEDED"}]}}`, "2"},
		"internal":     {fcmsim.Internal(), `{"error":{"code":500,"message":"Internal error encountered.","status":"INTERNAL",` + fcm + `"INTERNAL"}]}}`, ""},
		"unavailable":  {fcmsim.Unavailable(time.Minute), `{"error":{"code":503,"message":"The service is currently unavailable.","status":"UNAVAILABLE",` + fcm + `"UNAVAILABLE"}]}}`, "60"},
		"device":       {fcmsim.InvalidDevice(), `{"error":{"code":400,"message":"The registration token is not a valid FCM registration token","status":"INVALID_ARGUMENT",` + fcm + `"INVALID_ARGUMENT"}]}}`, ""},
		"auth":         {fcmsim.ThirdPartyAuth(), `{"error":{"code":401,"message":"Auth error from APNS or Web Push Service","status":"UNAUTHENTICATED",` + fcm + `"THIRD_PARTY_AUTH_ERROR"}]}}`, ""},
		"payload": {fcmsim.InvalidPayload(), `{"error":{"code":400,"message":"Invalid value at 'message': Invalid value","status":"INVALID_ARGUMENT",` +
			`"details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"message","description":"Invalid value"}]}]}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			sim.ScriptAll(row.answer)
			_, body, header := post(sim, to("a"))
			if diff := cmp.Diff(row.want, strings.TrimSpace(body)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if got := header.Get("Retry-After"); got != row.retryAfter {
				t.Errorf("Retry-After %q, want %q", got, row.retryAfter)
			}
			if sim.Received() != 0 {
				t.Error("a refused push arrived")
			}
		})
	}
}

func TestConnectionsBreak(t *testing.T) {
	for name, row := range map[string]struct {
		answer fcmsim.Answer
		pushes int
	}{
		"before the push": {fcmsim.Reset(), 0},
		"after the push":  {fcmsim.ResetAfter(), 1},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			sim.ScriptAll(row.answer)
			url, client := start(t, sim)
			resp, err := client.Post(url, "application/json", strings.NewReader(to("a")))
			if err == nil {
				drain(resp)
				t.Fatalf("got an answer: %s", resp.Status)
			}
			if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
				t.Errorf("got %v, want a broken connection", err)
			}
			if n := sim.Count("a"); n != row.pushes {
				t.Errorf("%d pushes, want %d", n, row.pushes)
			}
		})
	}
}

// A message whose client goes before the answer is not delivered.
func TestWhoLeavesEarlyIsNotServed(t *testing.T) {
	for name, answer := range map[string]fcmsim.Answer{"hang": fcmsim.Hang(), "slow": fcmsim.Slow(time.Hour)} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			sim.ScriptAll(answer)
			url, client := start(t, sim)
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(to("a")))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.Do(req)
			if err == nil {
				drain(resp)
			}
			if !errors.Is(err, context.DeadlineExceeded) || sim.Received() != 0 || sim.Requests() != 1 {
				t.Errorf("got %v, %d pushes, %d requests", err, sim.Received(), sim.Requests())
			}
		})
	}
}

func TestStopReleasesRequestsThatHang(t *testing.T) {
	for name, end := range map[string]func(cancel, stop func()){
		"stop":    func(_, stop func()) { stop(); stop() },
		"context": func(cancel, stop func()) { cancel(); stop() },
	} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan struct{})
			sim := fcmsim.New(fcmsim.Options{OnPush: func(fcmsim.Push) { close(arrived) }})
			sim.Script("b", fcmsim.Hang())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			url, stop, err := fcmsim.Start(ctx, sim)
			if err != nil {
				t.Fatal(err)
			}
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			broken := make(chan error, 1)
			go func() {
				resp, err := client.Post(url+"/v1/projects/p/messages:send", "", strings.NewReader(to("b")))
				if err == nil {
					drain(resp)
				}
				broken <- err
			}()
			resp, err := client.Post(url+"/v1/projects/p/messages:send", "", strings.NewReader(to("a")))
			if err != nil {
				t.Fatal(err)
			}
			drain(resp)
			<-arrived
			end(cancel, stop)
			<-broken // the error depends on how far the client came, but it must end
			if resp, err := client.Post(url, "", nil); err == nil {
				drain(resp)
				t.Error("still listening")
			}
		})
	}
}
