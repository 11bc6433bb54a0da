package gqlhttp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"faellesskab/internal/fault"
)

// client is the other end of a socket.
type client struct {
	t    testing.TB
	conn *websocket.Conn
}

func dial(t testing.TB, s *server, subprotocols ...string) *client {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	if subprotocols == nil {
		subprotocols = []string{subprotocol}
	}
	conn, res, err := websocket.Dial(t.Context(), web.URL, &websocket.DialOptions{Subprotocols: subprotocols})
	if err != nil {
		t.Fatal(err)
	}
	if res.Body != nil {
		_ = res.Body.Close()
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &client{t, conn}
}

func (c *client) say(text string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// hears expects a certain message as the next one, as JSON without request ids.
func (c *client) hears(want string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	_, raw, err := c.conn.Read(ctx)
	if err != nil {
		c.t.Fatalf("heard %v, want %s", err, want)
	}
	var m struct {
		message
		Payload any `json:"payload,omitempty"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		c.t.Fatal(err)
	}
	if list, ok := m.Payload.([]any); ok {
		delete(list[0].(map[string]any)["extensions"].(map[string]any), "requestId")
	}
	if got, _ := json.Marshal(map[string]any{"id": m.ID, "type": m.Type, "payload": m.Payload}); string(got) != want {
		c.t.Fatalf("heard %s, want %s", got, want)
	}
}

func said(id, kind, payload string) string {
	return fmt.Sprintf(`{"id":%q,"payload":%s,"type":%q}`, id, payload, kind)
}

// closes expects the connection to be closed with a code.
func (c *client) closes(want websocket.StatusCode) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	_, _, err := c.conn.Read(ctx)
	if got := websocket.CloseStatus(err); got != want {
		c.t.Fatalf("closed with %d (%v), want %d", got, err, want)
	}
}

func (c *client) greets() {
	c.t.Helper()
	c.say(`{"type":"connection_init"}`)
	c.hears(said("", "connection_ack", "null"))
}

const followTicks = `{"id":"%s","type":"subscribe","payload":{"query":"subscription { ticks }"}}`

func TestASocketCarriesOperations(t *testing.T) {
	t.Parallel()
	s := newServer()
	c := dial(t, s)
	c.greets()
	c.say(`{"type":"ping"}`)
	c.hears(said("", "pong", "null"))
	c.say(fmt.Sprintf(followTicks, "a"))
	s.ticks <- "one"
	c.hears(said("a", "next", `{"data":{"ticks":"one"}}`))
	// Queries go over the same socket.
	c.say(`{"id":"q","type":"subscribe","payload":{"query":"query ($t: String) { echo(text: $t) }","variables":{"t":"hej"}}}`)
	c.hears(said("q", "next", `{"data":{"echo":"hej"}}`))
	c.hears(said("q", "complete", "null"))
	// Refused by validation, and by the limits: an error, and the socket stays.
	c.say(`{"id":"b","type":"subscribe","payload":{"query":"subscription { nothing }"}}`)
	_, raw, err := c.conn.Read(t.Context())
	if err != nil || !strings.Contains(string(raw), `"type":"error"`) {
		t.Fatalf("%s %v", raw, err)
	}
	s.ticks <- "two"
	c.hears(said("a", "next", `{"data":{"ticks":"two"}}`))
	close(s.ticks)
	c.hears(said("a", "complete", "null"))
}

func TestSocketsAreClosedWithTheirCodes(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		say  []string
		want websocket.StatusCode
	}{
		"not JSON":                {[]string{`hello`}, closeBadMessage},
		"an unknown message":      {[]string{`{"type":"start"}`}, closeBadMessage},
		"before the introduction": {[]string{fmt.Sprintf(followTicks, "a")}, closeUnwelcome},
		"introduced twice":        {[]string{`{"type":"connection_init"}`, `{"type":"connection_init"}`}, closeInitTwice},
		"an id twice":             {[]string{`{"type":"connection_init"}`, fmt.Sprintf(followTicks, "a"), fmt.Sprintf(followTicks, "a")}, closeIDTaken},
		"a bad token":             {[]string{`{"type":"connection_init","payload":{"Authorization":"Bearer x"}}`}, closeForbidden},
		"an odd introduction":     {[]string{`{"type":"connection_init","payload":[]}`}, closeBadMessage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, newServer())
			for i, text := range row.say {
				c.say(text)
				if i < len(row.say)-1 && strings.Contains(text, "connection_init") {
					c.hears(said("", "connection_ack", "null"))
				}
			}
			c.closes(row.want)
		})
	}
	t.Run("another subprotocol", func(t *testing.T) {
		t.Parallel()
		dial(t, newServer(), "graphql-ws").closes(closeSubprotocol)
	})
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		dial(t, newServer()).closes(closeInitTimeout)
	})
	t.Run("too long a message", func(t *testing.T) {
		t.Parallel()
		c := dial(t, newServer(func(o *Options) { o.Limits.Body = 1000 }))
		c.say(`{"type":"` + strings.Repeat("x", 2000) + `"}`)
		c.closes(websocket.StatusMessageTooBig)
	})
}

type viewerKey struct{}

// signedIn makes a sign-in end after a while.
func signedIn(lasts time.Duration) func(*Options) {
	return func(o *Options) {
		o.SignIn = func(ctx context.Context, authorization string) (context.Context, error) {
			if authorization != "Bearer good" {
				return ctx, fault.Unauthenticated("auth.token.invalid")
			}
			return context.WithValue(ctx, viewerKey{}, time.Now().Add(lasts)), nil
		}
		o.Until = func(ctx context.Context) time.Time {
			until, _ := ctx.Value(viewerKey{}).(time.Time)
			return until
		}
	}
}

func TestASocketEndsWithTheToken(t *testing.T) {
	t.Parallel()
	s := newServer(signedIn(300 * time.Millisecond))
	c := dial(t, s)
	c.say(`{"type":"connection_init","payload":{"authorization":"Bearer good"}}`)
	c.hears(said("", "connection_ack", "null"))
	c.say(fmt.Sprintf(followTicks, "a"))
	s.ticks <- "one"
	c.hears(said("a", "next", `{"data":{"ticks":"one"}}`))
	c.closes(closeForbidden)
}

func TestASocketEndsWithTheServer(t *testing.T) {
	t.Parallel()
	stopping, stop := context.WithCancel(t.Context())
	c := dial(t, newServer(func(o *Options) { o.Stopping = stopping }))
	c.greets()
	stop()
	c.closes(websocket.StatusGoingAway)
}

func TestASocketFollowsSoMuchAndNoMore(t *testing.T) {
	t.Parallel()
	c := dial(t, newServer())
	c.greets()
	for i := range maxFollowed {
		c.say(fmt.Sprintf(followTicks, fmt.Sprint("s", i)))
	}
	c.say(fmt.Sprintf(followTicks, "more"))
	c.hears(said("more", "error", `[{"extensions":{"code":"RATE_LIMITED"},"message":"request.follows"}]`))
}

// events opens a stream of server-sent events.
func events(t testing.TB, s *server, document string) (*bufio.Reader, func()) {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	ctx, cancel := context.WithCancel(t.Context())
	body, _ := json.Marshal(map[string]string{"query": document})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, web.URL, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", typeEvents)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if got := res.Header.Get("Content-Type"); got != typeEvents {
		t.Fatalf("the answer is %s", got)
	}
	return bufio.NewReader(res.Body), cancel
}

// nextEvent reads one event, without comments.
func nextEvent(t testing.TB, r *bufio.Reader) (name, data string, err error) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", "", err
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" && name != "":
			return name, data, nil
		case strings.HasPrefix(line, "event: "):
			name = line[len("event: "):]
		case strings.HasPrefix(line, "data: "):
			data = line[len("data: "):]
		}
	}
}

func TestEventsCarryOperations(t *testing.T) {
	t.Parallel()
	for document, want := range map[string][]string{
		`subscription { ticks }`:      {`next {"data":{"ticks":"one"}}`, `next {"data":{"ticks":"two"}}`, `complete `},
		`{ echo(text: "hej") }`:       {`next {"data":{"echo":"hej"}}`, `complete `},
		`subscription { nothing }`:    {`next {"errors":`, `complete `},
		`subscription { ticks ticks`:  {`next {"errors":`, `complete `},
		`{ viewer { name } } # a"b'c`: {`next {"data":{}`, `complete `},
	} {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			s := newServer()
			r, _ := events(t, s, document)
			if strings.Contains(want[0], "one") {
				s.ticks <- "one"
				s.ticks <- "two"
				close(s.ticks)
			}
			for _, w := range want {
				name, data, err := nextEvent(t, r)
				if got := name + " " + data; err != nil || !strings.HasPrefix(got, w) {
					t.Errorf("got %s (%v), want %s", got, err, w)
				}
			}
			if _, _, err := nextEvent(t, r); err == nil {
				t.Error("there is more after the end")
			}
		})
	}
}

// A stream that ends with the server or the token has no "complete", so that the client takes it
// up again.
func TestEventsEndWithTheServerAndTheToken(t *testing.T) {
	t.Parallel()
	stopping, stop := context.WithCancel(t.Context())
	defer stop()
	for name, change := range map[string]func(*Options){
		"server": func(o *Options) { o.Stopping = stopping },
		"token": func(o *Options) {
			until := time.Now().Add(200 * time.Millisecond)
			o.Until = func(context.Context) time.Time { return until }
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(change)
			r, _ := events(t, s, `subscription { ticks }`)
			if name == "server" {
				s.ticks <- "one"
				_, _, _ = nextEvent(t, r)
				stop()
			}
			if event, _, err := nextEvent(t, r); err == nil {
				t.Errorf("it ended with %s", event)
			}
		})
	}
}

// A client that goes away leaves nothing behind (TestMain looks for goroutines).
func TestAClientOfEventsGoesAway(t *testing.T) {
	t.Parallel()
	s := newServer()
	r, leave := events(t, s, `subscription { ticks }`)
	s.ticks <- "one"
	if _, data, err := nextEvent(t, r); err != nil || data != `{"data":{"ticks":"one"}}` {
		t.Fatal(data, err)
	}
	leave()
	if _, _, err := nextEvent(t, r); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
