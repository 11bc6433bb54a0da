package push_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

var ignoreErr = cmpopts.IgnoreFields(push.Result{}, "Err")

// Every answer of FCM has its outcome, through the real client.
func TestEveryAnswerHasItsOutcome(t *testing.T) {
	sim, url := simulator(t)
	f := fcm(t, url, 0)
	for name, row := range map[string]struct {
		answer fcmsim.Answer
		want   push.Result
	}{
		"200": {fcmsim.OK(), push.Result{Outcome: push.Sent}},
		"404 UNREGISTERED": {
			fcmsim.Unregistered(), push.Result{Outcome: push.Gone, Reason: "UNREGISTERED"},
		},
		"403 SENDER_ID_MISMATCH": {
			fcmsim.SenderIDMismatch(), push.Result{Outcome: push.Gone, Reason: "SENDER_ID_MISMATCH"},
		},
		"400 FcmError": {
			fcmsim.InvalidDevice(), push.Result{Outcome: push.BadDevice, Reason: "INVALID_ARGUMENT"},
		},
		"400 BadRequest": {
			fcmsim.InvalidPayload(), push.Result{Outcome: push.BadPayload, Reason: "INVALID_ARGUMENT"},
		},
		"401 THIRD_PARTY_AUTH_ERROR": {
			fcmsim.ThirdPartyAuth(), push.Result{Outcome: push.PlatformDown, Reason: "THIRD_PARTY_AUTH_ERROR"},
		},
		"429 with advice": {
			fcmsim.QuotaExceeded(7 * time.Second),
			push.Result{Outcome: push.QuotaExceeded, Reason: "QUOTA_EXCEEDED", RetryAfter: 7 * time.Second},
		},
		"429 without advice": {
			fcmsim.QuotaExceeded(0),
			push.Result{Outcome: push.QuotaExceeded, Reason: "QUOTA_EXCEEDED", RetryAfter: time.Minute},
		},
		"500": {fcmsim.Internal(), push.Result{Outcome: push.Retry, Reason: "INTERNAL"}},
		"503": {fcmsim.Unavailable(0), push.Result{Outcome: push.Retry, Reason: "UNAVAILABLE"}},
		"503 with advice the SDK would sleep on": {
			fcmsim.Unavailable(30 * time.Second),
			push.Result{Outcome: push.Retry, Reason: "UNAVAILABLE", RetryAfter: 30 * time.Second},
		},
		"503 with advice the SDK would not wait for": {
			fcmsim.Unavailable(time.Hour),
			push.Result{Outcome: push.Retry, Reason: "UNAVAILABLE", RetryAfter: time.Hour},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sim.Reset()
			sim.Script(phone.Value, row.answer)
			got := f.Send(t.Context(), phone, notice)
			if row.want.Outcome == push.Sent {
				row.want.MessageID = "projects/kvarter/messages/0:0000000000000001"
			}
			if diff := cmp.Diff(row.want, got, ignoreErr); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if (got.Err == nil) != (got.Outcome == push.Sent) {
				t.Errorf("outcome %v with error %v", got.Outcome, got.Err)
			}
			if n := sim.Requests(); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
			if n, want := sim.Count(phone.Value), map[bool]int{true: 1}[got.Outcome == push.Sent]; n != want {
				t.Errorf("the phone got %d pushes, want %d", n, want)
			}
		})
	}
}

// Answers that FCM does not give, but other servers on the way might, keep the device.
func TestUnfamiliarAnswersKeepTheDevice(t *testing.T) {
	const violation = `{"error":{"status":"INVALID_ARGUMENT","details":[
		{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"INVALID_ARGUMENT"},
		{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"message.token"}]}]}}`
	for name, row := range map[string]struct {
		status     int
		retryAfter string
		body       string
		want       push.Result
	}{
		"404 of a proxy":         {404, "", "not here", push.Result{Outcome: push.Retry, Reason: "HTTP_404"}},
		"401 for our key":        {401, "", `{"error":{"status":"UNAUTHENTICATED"}}`, push.Result{Outcome: push.Retry, Reason: "HTTP_401"}},
		"403 for our key":        {403, "", `{"error":{"status":"PERMISSION_DENIED"}}`, push.Result{Outcome: push.Retry, Reason: "HTTP_403"}},
		"400 without details":    {400, "", "", push.Result{Outcome: push.BadPayload, Reason: "INVALID_ARGUMENT"}},
		"400 naming the token":   {400, "", violation, push.Result{Outcome: push.BadDevice, Reason: "INVALID_ARGUMENT"}},
		"200 that is not FCM's":  {200, "", "<html>", push.Result{Outcome: push.Retry, Reason: "UNKNOWN"}},
		"429 of a load balancer": {429, "3", "", push.Result{Outcome: push.QuotaExceeded, Reason: "QUOTA_EXCEEDED", RetryAfter: 3 * time.Second}},
		"429 until a date": {
			429, noon.Add(90 * time.Second).Format(http.TimeFormat), "",
			push.Result{Outcome: push.QuotaExceeded, Reason: "QUOTA_EXCEEDED", RetryAfter: 90 * time.Second},
		},
		"429 until a date that passed": {
			429, noon.Add(-time.Hour).Format(http.TimeFormat), "",
			push.Result{Outcome: push.QuotaExceeded, Reason: "QUOTA_EXCEEDED", RetryAfter: time.Minute},
		},
		"503 of a load balancer": {503, "2", "<html>", push.Result{Outcome: push.Retry, Reason: "UNAVAILABLE", RetryAfter: 2 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if row.retryAfter != "" {
					w.Header().Set("Retry-After", row.retryAfter)
				}
				w.WriteHeader(row.status)
				_, _ = w.Write([]byte(row.body))
			}))
			defer srv.Close()
			got := fcm(t, srv.URL, 0).Send(t.Context(), phone, notice)
			if diff := cmp.Diff(row.want, got, ignoreErr); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if got.Err == nil {
				t.Error("no error for the log")
			}
		})
	}
}

// FCM answers with INVALID_ARGUMENT whatever Apple's service refuses. Apple's reason says whether the phone is the
// matter, or the message.
func TestWhatAppleRefuses(t *testing.T) {
	for reason, want := range map[string]push.Outcome{
		"BadDeviceToken": push.BadDevice, "DeviceTokenNotForTopic": push.BadDevice, "Unregistered": push.BadDevice, "ExpiredToken": push.BadDevice,
		"BadPriority": push.BadPayload, "InvalidPushType": push.BadPayload, "PayloadTooLarge": push.BadPayload, "BadCollapseId": push.BadPayload,
		"TopicDisallowed": push.BadPayload, "ReasonOfNextYear": push.BadPayload, "": push.BadPayload,
	} {
		sim, url := simulator(t)
		sim.Script(phone.Value, fcmsim.RefusedByApple(reason))
		if got := fcm(t, url, 0).Send(t.Context(), phone, notice); got.Outcome != want || got.Reason != "INVALID_ARGUMENT" {
			t.Errorf("%s: %v (%s), want %v", reason, got.Outcome, got.Reason, want)
		}
	}
}

func TestTooMuchTextIsOurMistake(t *testing.T) {
	sim, url := simulator(t)
	long := notice
	long.Body = string(make([]byte, 4097))
	if got := fcm(t, url, 0).Send(t.Context(), phone, long); got.Outcome != push.BadPayload {
		t.Errorf("got %+v, want BAD_PAYLOAD", got)
	}
	if n := sim.Received(); n != 0 {
		t.Errorf("%d pushes arrived, want 0", n)
	}
}

func TestDeviceWithoutAddressIsNotSent(t *testing.T) {
	sim, url := simulator(t)
	f := fcm(t, url, 0)
	for _, d := range []push.Device{{Kind: push.KindToken}, {Kind: "PIGEON", Value: "x"}} {
		if got := f.Send(t.Context(), d, notice); got.Outcome != push.BadDevice || got.Err == nil {
			t.Errorf("%+v: got %+v, want BAD_DEVICE", d, got)
		}
	}
	if n := sim.Requests(); n != 0 {
		t.Errorf("%d requests, want 0", n)
	}
}

func TestOutcomesHaveNames(t *testing.T) {
	var none push.Outcome
	if none.String() != "NONE" || push.Gone.String() != "GONE" || push.BadDevice.String() != "BAD_DEVICE" {
		t.Errorf("got %v, %v, %v", none, push.Gone, push.BadDevice)
	}
}

func TestCallerWhoLeavesGetsAnOutcome(t *testing.T) {
	sim, url := simulator(t)
	sim.Script(phone.Value, fcmsim.Hang())
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	time.AfterFunc(20*time.Millisecond, cancel)
	got := fcm(t, url, 0).Send(ctx, phone, notice)
	if got.Outcome != push.Retry || got.Reason != "CANCELLED" || !errors.Is(got.Err, context.Canceled) {
		t.Errorf("got %+v, want RETRY because CANCELLED", got)
	}
}
