package gqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// malformed are messages that the protocol answers with 4400, whenever they come.
var malformed = map[string]string{
	"nothing":                     ``,
	"not JSON":                    `hello`,
	"half of it":                  `{"type":"ping"`,
	"two messages":                `{"type":"ping"}{"type":"ping"}`,
	"a list":                      `[{"type":"ping"}]`,
	"a text":                      `"ping"`,
	"null":                        `null`,
	"no type":                     `{}`,
	"a null type":                 `{"type":null}`,
	"a number for a type":         `{"type":1}`,
	"an empty type":               `{"type":""}`,
	"a type in capitals":          `{"type":"PING"}`,
	"a member in capitals":        `{"Type":"ping"}`,
	"of another protocol":         `{"type":"start","id":"x","payload":{"query":"{echo}"}}`,
	"what only servers say: ack":  `{"type":"connection_ack"}`,
	"what only servers say: next": `{"type":"next","id":"x","payload":{"data":{}}}`,
	"what only servers say: end":  `{"type":"error","id":"x","payload":[]}`,
	"ping with a text":            `{"type":"ping","payload":"x"}`,
	"pong with a list":            `{"type":"pong","payload":[]}`,
	"introduced by a list":        `{"type":"connection_init","payload":[]}`,
	"introduced by a text":        `{"type":"connection_init","payload":"Bearer x"}`,
	"introduced by a number":      `{"type":"connection_init","payload":0}`,
	"no id":                       `{"type":"subscribe","payload":{"query":"{echo}"}}`,
	"a null id":                   `{"type":"subscribe","id":null,"payload":{"query":"{echo}"}}`,
	"an empty id":                 `{"type":"subscribe","id":"","payload":{"query":"{echo}"}}`,
	"a number for an id":          `{"type":"subscribe","id":1,"payload":{"query":"{echo}"}}`,
	"an object for an id":         `{"type":"subscribe","id":{},"payload":{"query":"{echo}"}}`,
	"an id in capitals":           `{"type":"subscribe","ID":"x","payload":{"query":"{echo}"}}`,
	"no payload":                  `{"type":"subscribe","id":"x"}`,
	"a null payload":              `{"type":"subscribe","id":"x","payload":null}`,
	"a text for a payload":        `{"type":"subscribe","id":"x","payload":"{echo}"}`,
	"a list for a payload":        `{"type":"subscribe","id":"x","payload":[]}`,
	"no query":                    `{"type":"subscribe","id":"x","payload":{}}`,
	"a null query":                `{"type":"subscribe","id":"x","payload":{"query":null}}`,
	"a number for a query":        `{"type":"subscribe","id":"x","payload":{"query":1}}`,
	"a parsed query":              `{"type":"subscribe","id":"x","payload":{"query":{"kind":"Document"}}}`,
	"a query in capitals":         `{"type":"subscribe","id":"x","payload":{"Query":"{echo}"}}`,
	"a list of variables":         `{"type":"subscribe","id":"x","payload":{"query":"{echo}","variables":[]}}`,
	"a text of variables":         `{"type":"subscribe","id":"x","payload":{"query":"{echo}","variables":"{}"}}`,
	"a number for a name":         `{"type":"subscribe","id":"x","payload":{"query":"{echo}","operationName":1}}`,
	"a list of extensions":        `{"type":"subscribe","id":"x","payload":{"query":"{echo}","extensions":[]}}`,
	"completes nothing":           `{"type":"complete"}`,
	"completes a number":          `{"type":"complete","id":1}`,
	"completes an empty id":       `{"type":"complete","id":""}`,
	"an id that is half a letter": `{"type":"subscribe","id":"\ud800","payload":{"query":"{echo}"}}`,
	"an id with NUL":              `{"type":"complete","id":"a\u0000"}`,
	"a ping with half a letter":   `{"type":"ping","payload":{"x":"\udc00"}}`,
	"introduced with NUL":         `{"type":"connection_init","payload":{"x":"\u0000"}}`,
	"introduced by half a letter": `{"type":"connection_init","payload":{"\ud800":"x"}}`,
	"not UTF-8":                   "{\"type\":\"ping\",\"payload\":{\"x\":\"\xff\"}}",
}

func TestMalformedMessagesEndTheConnection(t *testing.T) {
	t.Parallel()
	for name, text := range malformed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			early := dial(t, newServer())
			early.say(text)
			early.closes(closeBadMessage)
			if strings.Contains(text, sayInit) {
				return
			}
			late := dial(t, newServer())
			late.greets()
			late.say(text)
			late.closes(closeBadMessage)
		})
	}
	t.Run("binary", func(t *testing.T) {
		t.Parallel()
		c := dial(t, newServer())
		if err := c.conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"type":"ping"}`)); err != nil {
			t.Fatal(err)
		}
		c.closes(closeBadMessage)
	})
}

// Odd messages that the protocol allows are not refused: nulls, unknown members, ids of any form,
// and an operation that has ended already.
func TestOddMessagesAreTaken(t *testing.T) {
	t.Parallel()
	c := dial(t, newServer())
	c.say(`{"type":"ping","payload":{"before":"the introduction"}}`)
	c.hears(said("", "pong", "null"))
	c.say(`{"type":"pong"}`)
	c.say(`{"type":"connection_init","payload":null,"id":1}`)
	c.hears(said("", "connection_ack", "null"))
	for _, text := range []string{
		`{"type":"pong","payload":null}`, `{"type":"pong","payload":{"a":[1]}}`, `{"type":"complete","id":"nobody's"}`,
		`{"type":"ping","payload":null,"more":"x"}`,
	} {
		c.say(text)
	}
	c.hears(said("", "pong", "null"))
	for _, id := range []string{"0", " ", "æ😀", strings.Repeat("x", 1000)} {
		c.say(fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":{"query":"{echo(text:\"\\ud83d\\ude00\")}","variables":null,"operationName":null,"extensions":null,"more":1}}`, id))
		c.hears(said(id, "next", `{"data":{"echo":"😀"}}`))
		c.hears(said(id, "complete", "null"))
	}
}

// A request that HTTP refuses with 400 is refused on a socket too, and the socket stays open.
func TestASocketRefusesWhatHTTPDoes(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ payload, key string }{
		"half a letter":            {`{"query":"query($t:String){echo(text:$t)}","variables":{"t":"\ud800"}}`, "request.text.invalid"},
		"half a letter, literally": {`{"query":"{echo(text:\"\\uDC00\")}"}`, "request.text.invalid"},
		"NUL":                      {`{"query":"query($t:String){echo(text:$t)}","variables":{"t":"a\u0000"}}`, "request.text.invalid"},
		"NUL, literally":           {`{"query":"{echo(text:\"\\u0000\")}"}`, "request.text.invalid"},
		"NUL in braces":            {`{"query":"{echo(text:\"\\u{0}\")}"}`, "request.text.invalid"},
		"NUL in a block":           {`{"query":"{echo(text:\"\"\"\u0000\"\"\")}"}`, "request.text.invalid"},
		"in a list":                {`{"query":"{echo}","variables":{"t":["a","\ud800x"]}}`, "request.text.invalid"},
		"in a name of a variable":  {`{"query":"{echo}","variables":{"\ud800":1}}`, "request.text.invalid"},
		"in the operation's name":  {`{"query":"query A{echo}","operationName":"A\u0000"}`, "request.text.invalid"},
		"in an extension":          {`{"query":"{echo}","extensions":{"x":"\udfff"}}`, "request.text.invalid"},
		"no document":              {`{"query":" "}`, "request.query.empty"},
		"no such operation":        {`{"query":"query A{echo}","operationName":"B"}`, "request.operation.unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer()
			if got := s.post(t, row.payload); got.status != 400 || got.key() != row.key {
				t.Errorf("HTTP answers %d %s", got.status, got.body)
			}
			c := dial(t, s)
			c.greets()
			c.say(`{"id":"a","type":"subscribe","payload":` + row.payload + `}`)
			c.hears(said("a", "error", `[{"extensions":{"code":"BAD_USER_INPUT"},"message":"`+row.key+`"}]`))
			c.say(fmt.Sprintf(followTicks, "a"))
			s.ticks <- "one"
			c.hears(said("a", "next", `{"data":{"ticks":"one"}}`))
		})
	}
}

// A token that is no text does not make its caller anonymous.
func TestATokenIsText(t *testing.T) {
	t.Parallel()
	c := dial(t, newServer())
	c.say(`{"type":"connection_init","payload":{"authorization":{"bearer":"x"}}}`)
	c.closes(closeForbidden)
}

// Every reason fits into a close frame and is not cut inside a letter.
func TestReasonsFitTheFrame(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		strings.Repeat("x", 5000), strings.Repeat("ø", 2000), "x" + strings.Repeat("ø", 2000), strings.Repeat("😀", 60),
		"xy" + strings.Repeat("😀", 60), "xyz" + strings.Repeat("😀", 60), strings.Repeat("x", 39) + "ø",
	} {
		s := newServer()
		c := dial(t, s)
		c.greets()
		for range 2 {
			c.say(fmt.Sprintf(followTicks, id))
		}
		_, _, err := c.conn.Read(t.Context())
		end, ok := errors.AsType[websocket.CloseError](err)
		if !ok || end.Code != closeIDTaken || !utf8.ValidString(end.Reason) || len(end.Reason) > maxReason ||
			!strings.HasPrefix(end.Reason, "Subscriber for "+id[:4]) || !strings.HasSuffix(end.Reason, " already exists") {
			t.Errorf("an id like %.20s: %v", id, err)
		}
	}
}

// Each operation of a socket has a request id of its own, in its answers and in the log.
func TestEachOperationHasItsOwnRequestID(t *testing.T) {
	t.Parallel()
	s := newServer()
	c := dial(t, s)
	c.greets()
	seen := map[string]bool{}
	for i, payload := range []string{`{"query":"{boom}"}`, `{"query":"{boom}"}`, `{"query":"{nothing}"}`, `{"query":""}`, `{"query":"{boom}"}`} {
		c.say(fmt.Sprintf(`{"id":"o%d","type":"subscribe","payload":%s}`, i, payload))
		for kind := ""; kind != "complete" && kind != "error"; {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			_, raw, err := c.conn.Read(ctx)
			cancel()
			if err != nil {
				t.Fatal(err)
			}
			var m message
			if err := json.Unmarshal(raw, &m); err != nil {
				t.Fatal(err)
			}
			if kind = m.Type; kind == "complete" {
				continue
			}
			_, after, _ := strings.Cut(string(m.Payload), `"requestId":"`)
			id, _, _ := strings.Cut(after, `"`)
			if !isRequestID(id) || seen[id] {
				t.Errorf("operation %d has the id %q: %s", i, id, raw)
			}
			seen[id] = true
		}
	}
	_ = c.conn.CloseNow()
	for id := range seen {
		if !strings.Contains(s.log.String(), id) {
			t.Errorf("the log does not know %s", id)
		}
	}
}

// Every input is either a message with all its parts or a problem with a reason that fits.
func FuzzMessages(f *testing.F) {
	for _, text := range malformed {
		f.Add(text)
	}
	f.Add(fmt.Sprintf(followTicks, "a"))
	f.Add(`{"type":"subscribe","id":"\ud83d\ude00","payload":{"extensions":{"persistedQuery":{}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, problem := understand(websocket.MessageText, []byte(text))
		if problem != "" {
			if len(problem) > maxReason {
				t.Errorf("%q: %s", text, problem)
			}
			return
		}
		var same struct {
			Type string
			ID   any
		}
		if err := json.Unmarshal([]byte(text), &same); err != nil {
			t.Fatalf("%q is taken: %v", text, err)
		}
		switch m.kind {
		case saySubscribe:
			if m.id == "" || m.params == nil || m.no == nil && m.params.Query == "" || m.no == nil && !isSoundJSON([]byte(text)) {
				t.Errorf("%q: %+v", text, m)
			}
		case sayComplete:
			if m.id == "" {
				t.Errorf("%q: %+v", text, m)
			}
		case sayInit, sayPing, sayPong:
		default:
			t.Errorf("%q is a %s", text, m.kind)
		}
		for n := range 10 {
			if short := clip(m.id, n); !utf8.ValidString(short) || len(short) > n || !strings.HasPrefix(m.id, short) {
				t.Errorf("%q is cut to %q", m.id, short)
			}
		}
	})
}
