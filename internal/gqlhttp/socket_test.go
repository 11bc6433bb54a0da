package gqlhttp

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"faellesskab/internal/fault"
)

func TestAClientEndsWhatItFollows(t *testing.T) {
	t.Parallel()
	s := newServer()
	c := dial(t, s)
	c.greets()
	c.say(fmt.Sprintf(followTicks, "a"))
	s.ticks <- "one"
	c.hears(said("a", "next", `{"data":{"ticks":"one"}}`))
	c.say(`{"id":"a","type":"complete"}`)
	for range 3 {
		c.say(`{"type":"ping"}`)
		c.hears(said("", "pong", "null"))
		select {
		case s.ticks <- "lost":
			t.Fatal("the operation goes on")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// An id is free as soon as the client ends its operation, however long the operation takes to stop.
// When it stops, it is not taken for the next operation with that id.
func TestAnIDIsFreeAtOnce(t *testing.T) {
	t.Parallel()
	s := newServer()
	release := s.stopSlowly()
	defer release()
	c := dial(t, s)
	c.greets()
	c.say(fmt.Sprintf(followTicks, "a"))
	s.ticks <- "one"
	c.hears(said("a", "next", `{"data":{"ticks":"one"}}`))
	<-s.asked
	<-s.asked // the subscription waits for the next answer
	c.say(`{"id":"a","type":"complete"}`)
	c.say(fmt.Sprintf(followTicks, "a"))
	c.say(`{"type":"ping"}`)
	c.hears(said("", "pong", "null"))
	<-s.ended
	release() // the first stops only now
	for i := range 3 {
		tick := fmt.Sprint("again ", i)
		select {
		case s.ticks <- tick:
		case <-time.After(10 * time.Second):
			t.Fatal("the successor has ended")
		}
		c.hears(said("a", "next", `{"data":{"ticks":"`+tick+`"}}`))
		time.Sleep(5 * time.Millisecond)
	}
	c.say(fmt.Sprintf(followTicks, "a"))
	c.closes(closeIDTaken)
}

// Operations that are slow to stop still count, so that nobody can start more and more of them by
// ending them at once.
func TestWhatStopsSlowlyCounts(t *testing.T) {
	t.Parallel()
	s := newServer()
	defer s.stopSlowly()()
	c := dial(t, s)
	c.greets()
	for i := range 2 * maxFollowed {
		c.say(fmt.Sprintf(followTicks, fmt.Sprint("s", i)))
		<-s.asked // it is under way
		c.say(fmt.Sprintf(`{"id":"s%d","type":"complete"}`, i))
		<-s.ended
	}
	c.say(fmt.Sprintf(followTicks, "more"))
	c.hears(said("more", "error", `[{"extensions":{"code":"RATE_LIMITED"},"message":"request.follows"}]`))
}

// changing makes the caller welcome until told otherwise.
type changing struct{ why atomic.Pointer[fault.Error] }

func (c *changing) options(o *Options) {
	o.Renew = func(ctx context.Context) (context.Context, error) {
		if why := c.why.Load(); why != nil {
			return ctx, why
		}
		return ctx, nil
	}
}

// The caller of a socket is looked at again before each operation.
func TestASocketClosesOnWhoIsNotWelcome(t *testing.T) {
	t.Parallel()
	const ask = `{"id":"q","type":"subscribe","payload":{"query":"{ echo(text: \"hej\") }"}}`
	for name, row := range map[string]struct {
		why  *fault.Error
		then func(*client)
	}{
		"banned":  {fault.Forbidden("person.banned"), func(c *client) { c.closes(closeForbidden) }},
		"unknown": {fault.Unauthenticated("auth.required"), func(c *client) { c.closes(closeForbidden) }},
		"not sure": {fault.Unavailable("database.unavailable", nil), func(c *client) {
			c.hears(said("q", "error", `[{"extensions":{"code":"UNAVAILABLE"},"message":"database.unavailable"}]`))
			c.say(`{"type":"ping"}`)
			c.hears(said("", "pong", "null"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			caller := &changing{}
			c := dial(t, newServer(caller.options))
			c.greets()
			c.say(ask)
			c.hears(said("q", "next", `{"data":{"echo":"hej"}}`))
			c.hears(said("q", "complete", "null"))
			caller.why.Store(row.why)
			c.say(ask)
			row.then(c)
		})
	}
}

// A subscription that ends because its viewer is no longer welcome does not just complete.
func TestAFeedThatABanEndsSaysSo(t *testing.T) {
	t.Parallel()
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		caller := &changing{}
		s := newServer(caller.options)
		c := dial(t, s)
		c.greets()
		c.say(fmt.Sprintf(followTicks, "a"))
		s.ticks <- "one"
		c.hears(said("a", "next", `{"data":{"ticks":"one"}}`))
		caller.why.Store(fault.Forbidden("person.banned"))
		close(s.ticks)
		c.closes(closeForbidden)
	})
	t.Run("events", func(t *testing.T) {
		t.Parallel()
		caller := &changing{}
		s := newServer(caller.options)
		r, _ := events(t, s, `subscription { ticks }`)
		s.ticks <- "one"
		_, _, _ = nextEvent(t, r)
		caller.why.Store(fault.Forbidden("person.banned"))
		close(s.ticks)
		name, data, err := nextEvent(t, r)
		if err != nil || name != "next" || !strings.Contains(data, `"code":"FORBIDDEN"`) {
			t.Errorf("heard %s %s (%v)", name, data, err)
		}
		if name, _, err := nextEvent(t, r); name != "complete" || err != nil {
			t.Errorf("it ended with %q (%v)", name, err)
		}
	})
}

// A client that stops reading holds nobody else up, and loses its connection when it has not read a
// message for too long.
func TestASlowReaderIsCutOff(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T, *server) (lost func() error){
		"socket": func(t *testing.T, s *server) func() error {
			c := dial(t, s)
			c.greets()
			c.say(fmt.Sprintf(followTicks, "a"))
			c.conn.SetReadLimit(-1)
			return func() error {
				for {
					if _, _, err := c.conn.Read(t.Context()); err != nil {
						return err
					}
				}
			}
		},
		"events": func(t *testing.T, s *server) func() error {
			r, _ := events(t, s, `subscription { ticks }`)
			return func() error {
				_, err := io.Copy(io.Discard, r)
				return err
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const patience = 2 * time.Second
			s := newServer(func(o *Options) { o.WriteTimeout = patience })
			quick := dial(t, s)
			quick.greets()
			lost := open(t, s)
			big := strings.Repeat("x", 128<<10)
			for isStuck := false; !isStuck; {
				select {
				case s.ticks <- big:
				case <-time.After(patience / 4): // the next answer is not asked for, since the last one is still being written
					isStuck = true
				}
			}
			quick.say(fmt.Sprintf(followTicks, "b"))
			s.ticks <- "one"
			quick.hears(said("b", "next", `{"data":{"ticks":"one"}}`))
			time.Sleep(3 * patience / 2)
			end := make(chan error, 1)
			go func() { end <- lost() }()
			select {
			case err := <-end:
				if err == nil {
					t.Error("the slow reader was told everything")
				}
			case <-time.After(10 * time.Second):
				t.Error("the slow reader is still connected")
			}
		})
	}
}

// What a client says before the connection is taken over is not lost.
func TestAHastyClientIsHeard(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(newServer())
	t.Cleanup(web.Close)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	said := `{"type":"connection_init","payload":{"x":"` + strings.Repeat("x", 2*socketBuffer) + `"}}`
	frame := append([]byte{0x81, 0x80 | 126, byte(len(said) >> 8), byte(len(said)), 0, 0, 0, 0}, said...)
	_, err = conn.Write(append([]byte("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: "+subprotocol+"\r\n\r\n"), frame...))
	if err != nil {
		t.Fatal(err)
	}
	var answer []byte
	for !strings.Contains(string(answer), "connection_ack") {
		part := make([]byte, 4096)
		n, err := conn.Read(part)
		if answer = append(answer, part[:n]...); err != nil {
			t.Fatalf("%v after %q", err, answer)
		}
	}
}
