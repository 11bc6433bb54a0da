package gate_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"faellesskab/internal/gate"
)

// Callers are counted apart, and an IPv6 network is one. Nothing is answered.
func TestACallerMakesSoManyRequestsWithinAMinute(t *testing.T) {
	t.Parallel()
	rate := gate.NewRate(3)
	isOver := func(from string) (is bool) {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = from
		gate.Proxies{}.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { is = rate.IsOver(w, r) })).ServeHTTP(w, r)
		if len(w.Header()) > 0 || w.Body.Len() > 0 {
			t.Errorf("answered: %v %s", w.Header(), w.Body)
		}
		return is
	}
	for i, from := range []string{"192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3"} {
		if isOver(from) {
			t.Errorf("request %d is one too many", i)
		}
	}
	if !isOver("192.0.2.1:4") || !isOver("192.0.2.1:4") {
		t.Error("a fourth request is let in")
	}
	if isOver("192.0.2.2:1") || isOver("[2001:db8::1]:1") || isOver("[2001:db8::2]:1") || isOver("[2001:db8::3]:1") {
		t.Error("others are held up")
	}
	if !isOver("[2001:db8::4]:1") {
		t.Error("each address of a home counts by itself")
	}
	for i, want := range []bool{false, false, false, true} { // of nobody's context, all callers are one
		if rate.IsOverIn(t.Context()) != want {
			t.Errorf("request %d by its context alone: not %t", i, want)
		}
	}
}
