package gqlhttp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

const appOrigin = "https://app.example.org"

func fromOrigins(origins ...string) func(*Options) {
	return func(o *Options) { o.Origins = origins }
}

// call sends a request as a browser sends it for a page.
func call(h http.Handler, method, origin string, more map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/graphql", strings.NewReader(`{"query":"{echo}"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", origin)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	for name, value := range more {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A page of an origin that was named may ask, call and read, without cookies. Pages of
// others may not, and neither may one that looks like it.
func TestPagesOfNamedOriginsMayCall(t *testing.T) {
	t.Parallel()
	s := newServer(fromOrigins(appOrigin, "http://localhost:5173"))
	asks := map[string]string{"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type,x-of-a-client"}
	for _, origin := range []string{appOrigin, "http://localhost:5173"} {
		w := call(s.Handler, http.MethodOptions, origin, asks)
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": "POST", "Access-Control-Max-Age": "7200",
			"Access-Control-Allow-Headers": "authorization,content-type,x-of-a-client", "Access-Control-Allow-Credentials": "",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s is told %s: %q, want %q", origin, name, got, want)
			}
		}
		if w.Code != http.StatusNoContent || !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Origin") {
			t.Errorf("%s is answered %d, %v", origin, w.Code, w.Header())
		}
		w = call(s.Handler, http.MethodPost, origin, nil)
		if w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") != origin || w.Header().Get("Access-Control-Allow-Credentials") != "" ||
			w.Header().Get("Access-Control-Expose-Headers") != "X-Request-Id, Retry-After" {
			t.Errorf("%s: %d %v %s", origin, w.Code, w.Header(), w.Body)
		}
	}
	before := s.calls
	for _, origin := range []string{
		"https://app.example.org.evil.example", "http://app.example.org", "https://app.example.org:8443", "https://evil.example", "null", "http://localhost:5174",
	} {
		if w := call(s.Handler, http.MethodOptions, origin, asks); w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s may call: %v", origin, w.Header())
		}
		if w := call(s.Handler, http.MethodPost, origin, nil); w.Code != http.StatusForbidden || w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d %v", origin, w.Code, w.Header())
		}
	}
	if s.calls != before {
		t.Error("another site's call was executed")
	}
}

// Unless origins are named, nothing speaks of them.
func TestNoOriginIsNamedByItself(t *testing.T) {
	t.Parallel()
	s := newServer()
	for _, method := range []string{http.MethodOptions, http.MethodPost} {
		w := call(s.Handler, method, appOrigin, map[string]string{"Access-Control-Request-Method": "POST"})
		for name := range w.Header() {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s is answered with %s", method, name)
			}
		}
	}
}

// Sockets go by the same list.
func TestSocketsGoByTheirOrigin(t *testing.T) {
	t.Parallel()
	s := newServer(fromOrigins(appOrigin, "http://[::1]:5173"))
	server := httptest.NewServer(s.Handler)
	t.Cleanup(server.Close)
	for origin, welcome := range map[string]bool{
		"": true, appOrigin: true, "https://APP.example.org": true, "http://[::1]:5173": true, server.URL: true,
		"http://:": false, "http://1:5173": false, "http://app.example.org": false, "https://evil.example": false, "https://app.example.org.evil.example": false,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		conn, res, err := websocket.Dial(t.Context(), server.URL, &websocket.DialOptions{HTTPHeader: header, Subprotocols: []string{subprotocol}})
		if res.Body != nil {
			defer res.Body.Close()
		}
		if (err == nil) != welcome {
			t.Errorf("a socket from %q: %v", origin, err)
		}
		if err == nil {
			_ = conn.CloseNow()
		}
	}
}
