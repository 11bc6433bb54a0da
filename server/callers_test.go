package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func (h *harness) dial() *net.TCPConn {
	h.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://")) //nolint:noctx // the test's own server
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	return conn.(*net.TCPConn)
}

func limited(change func(*Setup)) harnessOption { return change }

// A request's line and headers have 16 KiB together, to the byte.
func TestHeadersHaveALimit(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	for size, want := range map[int]int{1000: 200, 16<<10 - 1: 200, 16 << 10: 200, 16<<10 + 1: 431, 17 << 10: 431, 1 << 20: 431} {
		conn := h.dial()
		head := "GET /livez HTTP/1.1\r\nHost: x\r\nX-A: "
		_, err := io.WriteString(conn, head+strings.Repeat("a", size-len(head)-4)+"\r\n\r\n")
		res, readErr := http.ReadResponse(bufio.NewReader(conn), nil)
		if readErr != nil {
			if size < 1<<20 { // the server may hang up in the middle of so much
				t.Errorf("%d bytes: %v, %v", size, err, readErr)
			}
			continue
		}
		if res.Body.Close(); res.StatusCode != want {
			t.Errorf("%d bytes: %d, want %d", size, res.StatusCode, want)
		}
	}
	// Many small headers do not get around the limit.
	conn := h.dial()
	_, _ = io.WriteString(conn, "GET /livez HTTP/1.1\r\nHost: x\r\n"+strings.Repeat("X-A: aaaaaaaaaaaaaaaaaaaa\r\n", 1000)+"\r\n")
	if res, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || res.StatusCode != 431 {
		t.Errorf("many headers: %v, %v", res, err)
	}
}

// A client that asks and does not read loses the connection, whatever it asks for.
func TestAnswersMustBeTaken(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo(), limited(func(s *Setup) { s.Patience = 300 * time.Millisecond }))
	schema := url.QueryEscape(`{ __schema { types { name description fields { name description } } } }`)
	for name, ask := range map[string]string{
		"an answer":        "GET /graphql?query=" + schema + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"a small answer":   "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: x\r\n\r\n",
		"a stream":         "GET /graphql?query=" + schema + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n",
		"an error":         "GET /graphql HTTP/1.1\r\nHost: x\r\n\r\n",
		"a broken body":    "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{",
		"tokens":           "GET /dev/tokens HTTP/1.1\r\nHost: x\r\n\r\n",
		"GraphiQL":         "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"nothing there is": "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n",
		"health":           "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := h.dial()
			_ = conn.SetReadBuffer(4 << 10)
			many := strings.Repeat(ask, 50)
			for {
				if _, err := io.WriteString(conn, many); err != nil {
					if errors.Is(err, os.ErrDeadlineExceeded) {
						t.Error("the connection is still held")
					}
					return
				}
			}
		})
	}
}

// The answers on a socket must be read too.
func TestASocketsAnswersMustBeTaken(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo(), limited(func(s *Setup) { s.Patience = 300 * time.Millisecond }))
	f := h.follow("resident-1", `{ __typename }`, nil)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for i := 0; ; i++ {
		ask := fmt.Sprintf(`{"id":"%d","type":"subscribe","payload":{"query":"{ __schema { types { name description fields { name description } } } }"}}`, i)
		if err := f.conn.Write(ctx, websocket.MessageText, []byte(ask)); err != nil {
			if ctx.Err() != nil {
				t.Error("the connection is still held")
			}
			return
		}
	}
}

func TestAnAddressHasSoManyConnections(t *testing.T) {
	t.Parallel()
	const most = 6
	h := newHarness(t, withoutDemo(), limited(func(s *Setup) { s.Config.ConnectionsPerAddress = most }))
	// The test's HTTP client holds one connection of its own.
	var held []*net.TCPConn
	isLetIn := func() bool {
		conn := h.dial()
		_, _ = io.WriteString(conn, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			held = append(held, conn)
		}
		return err == nil
	}
	for len(held) <= most && isLetIn() {
		continue
	}
	if len(held) < most-1 || len(held) > most {
		t.Fatalf("%d were let in, want %d with the client's own", len(held), most)
	}
	_ = held[0].Close()
	for began := time.Now(); !isLetIn(); {
		if time.Since(began) > 20*time.Second {
			t.Fatal("nobody is let in after one has left")
		}
	}
}

// Pages and calendars are limited by the address that asks, and the API is not held up by that.
func TestAnAddressAsksForSoManyPages(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo(), limited(behindAProxy), limited(func(s *Setup) { s.Config.PagesPerAddress = 3 }))
	ask := func(path, from string) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", from)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			t.Fatal(err)
		}
		res.Body = io.NopCloser(bytes.NewReader(body))
		return res
	}
	for _, path := range []string{"/events/x", "/calendar/x.ics", "/occurrences/x.ics"} {
		if res := ask(path, "198.51.100.1"); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	for _, path := range []string{"/events/x", "/calendar/x.ics"} {
		if res := ask(path, "198.51.100.1"); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") == "" {
			t.Errorf("%s once more: %d %v", path, res.StatusCode, res.Header)
		}
	}
	if res := ask("/events/x", "198.51.100.2"); res.StatusCode != http.StatusNotFound {
		t.Errorf("another address: %d", res.StatusCode)
	}
	check := "/graphql?query=" + url.QueryEscape(`{ verifyCertificate(code: "x") { state } }`)
	for from, want := range map[string]string{"198.51.100.1": `"code":"RATE_LIMITED"`, "198.51.100.2": `"state":"UNKNOWN"`} {
		res := ask(check, from)
		if body, _ := io.ReadAll(res.Body); !strings.Contains(string(body), want) {
			t.Errorf("a check of a certificate from %s: %s", from, body)
		}
	}
	if res := ask("/graphql?query={__typename}", "198.51.100.1"); res.StatusCode != http.StatusOK {
		t.Errorf("the API: %d", res.StatusCode)
	}
}

// upgrade opens a socket from a forwarded address.
func (h *harness) upgrade(forwarded string) (*websocket.Conn, int) {
	h.t.Helper()
	header := http.Header{}
	if forwarded != "" {
		header.Set("X-Forwarded-For", forwarded)
	}
	conn, res, err := websocket.Dial(context.Background(), h.url+"/graphql",
		&websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: header})
	if err != nil {
		if res == nil {
			h.t.Fatal(err)
		}
		return nil, res.StatusCode
	}
	h.t.Cleanup(func() { _ = conn.CloseNow() })
	return conn, res.StatusCode
}

func behindAProxy(s *Setup) { s.Config.TrustedProxies = "127.0.0.1, 10.0.0.0/8" }

func TestAnAddressHasSoManySockets(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo(), limited(behindAProxy), limited(func(s *Setup) { s.Config.SocketsPerAddress = 2 }))
	first, _ := h.upgrade("198.51.100.1")
	for forwarded, want := range map[string]int{"1.1.1.1, 198.51.100.1": 101} {
		if _, got := h.upgrade(forwarded); got != want {
			t.Fatalf("%s: %d", forwarded, got)
		}
	}
	for _, forwarded := range []string{"198.51.100.1", "9.9.9.9, 198.51.100.1", "198.51.100.1, 10.0.0.3", "::ffff:198.51.100.1", "198.51.100.1:999"} {
		if _, got := h.upgrade(forwarded); got != http.StatusTooManyRequests {
			t.Errorf("the third of %s: %d", forwarded, got)
		}
		if got := h.sseFrom(forwarded, `{ __typename }`); !strings.Contains(got, "RATE_LIMITED") {
			t.Errorf("a stream of %s: %s", forwarded, got)
		}
	}
	// Other addresses have limits of their own, and an IPv6 network counts as one.
	for forwarded, want := range map[string]int{"198.51.100.2": 101, "garbage": 101} {
		if _, got := h.upgrade(forwarded); got != want {
			t.Errorf("%s: %d", forwarded, got)
		}
	}
	for i, forwarded := range []string{"2001:db8::1", "[2001:db8::ffff:1]:80", "2001:db8:0:0:9:9:9:9", "2001:db8:0:1::1"} {
		_, got := h.upgrade(forwarded)
		if want := map[bool]int{true: http.StatusTooManyRequests, false: 101}[i == 2]; got != want {
			t.Errorf("%s: %d, want %d", forwarded, got, want)
		}
	}
	_ = first.CloseNow()
	for began := time.Now(); ; {
		if _, got := h.upgrade("198.51.100.1"); got == 101 {
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatal("a socket that has ended still counts")
		}
	}
}

// A stranger who says that somebody else is calling is counted by their own address.
func TestAForwardedAddressOfAStrangerIsWorthNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo(), limited(func(s *Setup) { s.Config.SocketsPerAddress = 2 }))
	for i, want := range []int{101, 101, 429, 429} {
		if _, got := h.upgrade(fmt.Sprintf("198.51.100.%d", i)); got != want {
			t.Errorf("socket %d: %d, want %d", i, got, want)
		}
	}
}

func TestAPersonHasSoManySockets(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo(), limited(func(s *Setup) { s.Config.SocketsPerPerson = 2 }))
	const question = `subscription { noticeReceived { cursor } }`
	h.follow("resident-1", question, nil).hear()
	h.follow("resident-1", question, nil).hear()
	conn, _ := h.upgrade("")
	f := &follower{t, conn}
	f.say(vars{"type": "connection_init", "payload": vars{"Authorization": "Bearer " + h.tokens["resident-1"]}})
	_, _, err := conn.Read(context.Background())
	if end, _ := errors.AsType[websocket.CloseError](err); end.Code != websocket.StatusTryAgainLater || end.Reason != "RATE_LIMITED" {
		t.Errorf("the third ends with %v", err)
	}
	h.follow("resident-2", question, nil).hear() // other people have a limit of their own
}

// Behind a proxy a client is limited by its requests under way, since it has no connection of
// its own.
func TestAClientBehindAProxyHasSoManyRequests(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo(), limited(behindAProxy), limited(func(s *Setup) { s.Config.ConnectionsPerAddress, s.Config.ConnectionsPerPerson = 3, 2 }))
	stream := func(persona, forwarded string) {
		conn := h.dial()
		query := url.QueryEscape(`subscription { noticeReceived { cursor } }`)
		fmt.Fprintf(conn, "GET /graphql?query=%s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\nX-Forwarded-For: %s\r\n\r\n", query, h.tokens[persona], forwarded)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("%s from %s: %v %v", persona, forwarded, res, err)
		}
	}
	ask := func(persona, forwarded string) (status int, answer string) {
		req, _ := http.NewRequest(http.MethodGet, h.url+"/graphql?query=%7B__typename%7D", nil) //nolint:noctx // the test's own server
		req.Header.Set("X-Forwarded-For", forwarded)
		if persona != "" {
			req.Header.Set("Authorization", "Bearer "+h.tokens[persona])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(text)
	}
	stream("resident-1", "198.51.100.1")
	stream("resident-1", "198.51.100.2")
	if status, answer := ask("resident-1", "198.51.100.3"); status != 429 || !strings.Contains(answer, `"code":"RATE_LIMITED"`) || !strings.Contains(answer, `"retryAfter":5`) {
		t.Errorf("a person's third: %d %s", status, answer)
	}
	stream("resident-2", "198.51.100.1")
	stream("resident-3", "198.51.100.1")
	if status, answer := ask("", "8.8.8.8, 198.51.100.1"); status != 429 || !strings.Contains(answer, "RATE_LIMITED") || strings.Contains(answer, `"data"`) {
		t.Errorf("an address's fourth: %d %s", status, answer)
	}
	if status, _ := ask("", "198.51.100.9"); status != 200 {
		t.Errorf("another address: %d", status)
	}
}
