package fcmsim_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWhatFCMRefuses(t *testing.T) {
	for name, row := range map[string]struct{ body, field string }{
		"not JSON":        {`hello`, "message"},
		"nothing":         {`{}`, "message"},
		"two messages":    {to("a") + to("b"), "message"},
		"unknown name":    {`{"message":{"token":"a","titel":"x"}}`, "message"},
		"no target":       {`{"message":{"notification":{"title":"x"}}}`, "message"},
		"two targets":     {`{"message":{"token":"a","fid":"b"}}`, "message"},
		"number in data":  {`{"message":{"token":"a","data":{"n":12}}}`, "message.data"},
		"reserved name":   {`{"message":{"token":"a","data":{"from":"x"}}}`, "message.data"},
		"reserved prefix": {`{"message":{"token":"a","data":{"google.x":"x"}}}`, "message.data"},
		"too big":         {fmt.Sprintf(`{"message":{"token":"a","data":{"k":%q}}}`, strings.Repeat("x", 4096)), "message"},
		"too many bytes":  {fmt.Sprintf(`{"message":{"token":"a","notification":{"body":%q}}}`, strings.Repeat("æ", 2049)), "message"},
		"huge":            {strings.Repeat(" ", 1<<20) + to("a"), "message"},
		"ttl in minutes":  {`{"message":{"token":"a","android":{"ttl":"5m"}}}`, "message.android.ttl"},
		"ttl of a year":   {`{"message":{"token":"a","android":{"ttl":"31536000s"}}}`, "message.android.ttl"},
		"priority":        {`{"message":{"token":"a","android":{"priority":"urgent"}}}`, "message.android.priority"},
		"collapse id":     {fmt.Sprintf(`{"message":{"token":"a","apns":{"headers":{"apns-collapse-id":%q}}}}`, strings.Repeat("x", 65)), "message.apns.headers"},
		"long topic":      {fmt.Sprintf(`{"message":{"token":"a","webpush":{"headers":{"Topic":%q}}}}`, strings.Repeat("x", 33)), "message.webpush.headers"},
		"unsafe topic":    {`{"message":{"token":"a","webpush":{"headers":{"Topic":"a:b"}}}}`, "message.webpush.headers"},
		"http link":       {`{"message":{"token":"a","webpush":{"fcm_options":{"link":"http://x"}}}}`, "message.webpush.fcm_options.link"},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			status, body, _ := post(sim, row.body)
			if status != http.StatusBadRequest {
				t.Errorf("status %d, want 400: %s", status, body)
			}
			if !strings.Contains(body, `"status":"INVALID_ARGUMENT"`) || !strings.Contains(body, "google.rpc.BadRequest") ||
				!strings.Contains(body, `"field":"`+row.field+`"`) {
				t.Errorf("want INVALID_ARGUMENT with a BadRequest about %s: %s", row.field, body)
			}
			if sim.Received() != 0 {
				t.Error("it arrived all the same")
			}
		})
	}
}

func TestWhatFCMTakes(t *testing.T) {
	for name, row := range map[string]struct{ body, device, collapseKey string }{
		"token":      {to("a"), "a", ""},
		"fid":        {`{"message":{"fid":"f"}}`, "f", ""},
		"topic":      {`{"message":{"topic":"t"}}`, "/topics/t", ""},
		"condition":  {`{"message":{"condition":"'t' in topics"}}`, "'t' in topics", ""},
		"full":       {fmt.Sprintf(`{"message":{"token":"a","data":{"k":%q}}}`, strings.Repeat("x", 4095)), "a", ""},
		"web tag":    {`{"message":{"fid":"f","webpush":{"headers":{"Topic":"t"},"notification":{"tag":"n"}}}}`, "f", "t"},
		"web topic":  {`{"message":{"fid":"f","webpush":{"headers":{"Topic":"t"}}}}`, "f", "t"},
		"upper case": {`{"message":{"token":"a","android":{"priority":"HIGH","ttl":"3.500000000s"}}}`, "a", ""},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			status, body, _ := post(sim, row.body)
			if status != http.StatusOK || strings.TrimSpace(body) != `{"name":"projects/p/messages/0:0000000000000001"}` {
				t.Fatalf("status %d: %s", status, body)
			}
			if p := sim.Pushes()[0]; p.Device != row.device || p.CollapseKey != row.collapseKey {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestDryRunReachesNobody(t *testing.T) {
	sim := newSim()
	if status, body, _ := post(sim, `{"validate_only":true,"message":{"token":"a"}}`); status != http.StatusOK {
		t.Errorf("status %d: %s", status, body)
	}
	if sim.Received() != 0 {
		t.Error("a dry run arrived")
	}
}

func TestOnlyOneDoor(t *testing.T) {
	sim := newSim()
	for target, want := range map[string]int{
		"GET /v1/projects/p/messages:send":  http.StatusMethodNotAllowed,
		"POST /projects/p/messages:send":    http.StatusNotFound,
		"POST /v1/projects/p/messages":      http.StatusNotFound,
		"POST /v1/projects/p/messages:send": http.StatusOK,
	} {
		method, path, _ := strings.Cut(target, " ")
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(to("a"))))
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", target, w.Code, want)
		}
	}
}
