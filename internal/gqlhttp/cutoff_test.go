package gqlhttp

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A body that breaks off is told apart from a wrong one, since the same request may be sent
// again.
func TestABodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	const begun = `{"query":"{echo}"`
	for name, row := range map[string]struct {
		said   string
		leaves bool // the client says that nothing more comes
		status int
		key    string
	}{
		"the client leaves":             {"Content-Length: 100\r\n\r\n" + begun, true, 408, "request.body.cut_off"},
		"before the first byte":         {"Content-Length: 100\r\n\r\n", true, 408, "request.body.cut_off"},
		"the client waits":              {"Content-Length: 100\r\n\r\n" + begun, false, 408, "request.body.cut_off"},
		"in the middle of a chunk":      {"Transfer-Encoding: chunked\r\n\r\n40\r\n" + begun, true, 408, "request.body.cut_off"},
		"between two chunks":            {"Transfer-Encoding: chunked\r\n\r\n11\r\n" + begun + "\r\n", true, 408, "request.body.cut_off"},
		"between two chunks, waiting":   {"Transfer-Encoding: chunked\r\n\r\n11\r\n" + begun + "\r\n", false, 408, "request.body.cut_off"},
		"before the last chunk":         {"Transfer-Encoding: chunked\r\n\r\n11\r\n" + begun + "\r\n0", true, 408, "request.body.cut_off"},
		"after the last chunk":          {"Transfer-Encoding: chunked\r\n\r\n11\r\n" + begun + "\r\n0\r\n", true, 408, "request.body.cut_off"},
		"in its last line":              {"Transfer-Encoding: chunked\r\n\r\n11\r\n" + begun + "\r\n0\r\n\r", true, 408, "request.body.cut_off"},
		"a malformed trailer":           {"Transfer-Encoding: chunked\r\n\r\n11\r\n" + begun + "\r\n0\r\nx y\r\n\r\n", true, 400, "request.json.invalid"},
		"a chunk of a malformed length": {"Transfer-Encoding: chunked\r\n\r\nxx\r\n" + begun, true, 400, "request.json.invalid"},
		"all of it, but broken":         {fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(begun), begun), true, 400, "request.json.invalid"},
	} {
		for _, accept := range []string{typeJSON, typeEvents} {
			t.Run(name+", "+accept, func(t *testing.T) {
				t.Parallel()
				s := newServer()
				web := httptest.NewUnstartedServer(s)
				web.Config.ReadTimeout = 500 * time.Millisecond
				web.Start()
				t.Cleanup(web.Close)
				conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", web.Listener.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
				if _, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: %s\r\n%s", accept, row.said); err != nil {
					t.Fatal(err)
				}
				if row.leaves {
					_ = conn.(*net.TCPConn).CloseWrite()
				}
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				var got result
				if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
					t.Fatal(err)
				}
				if res.StatusCode != row.status || got.key() != row.key || s.calls != 0 {
					t.Errorf("%d %s, want %d %s", res.StatusCode, got.key(), row.status, row.key)
				}
			})
		}
	}
}
