package main

import (
	"context"
	"net/http"
	"testing"

	"github.com/coder/websocket"
)

// The request that opens a socket may bring the token of one account, and the first message that of another. Whoever
// introduces themselves acts, also if the other one was read a moment ago.
func TestWhoIntroducesThemselvesActs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const query = `{ viewer { person { id } } }`
	s.must("resident-1", query, nil)
	s.must("resident-1", query, nil)
	conn, res, err := websocket.Dial(context.Background(), s.url+"/graphql", &websocket.DialOptions{
		Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + s.tokens["resident-1"]}}})
	if err != nil {
		t.Fatal(err)
	}
	if res.Body != nil {
		_ = res.Body.Close()
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	f := &follower{t, conn}
	f.say(vars{"type": "connection_init", "payload": vars{"Authorization": "Bearer " + s.tokens["staff-1"]}})
	if m := f.hear(); m["type"] != "connection_ack" {
		t.Fatalf("greeted with %v", m)
	}
	for field, document := range map[string]string{"viewer": query,
		"completeProfile": `mutation { completeProfile(input: {interests: ["chess"]}) { person { id } } }`} {
		answer := reply{Data: f.ask(field, document, nil)["payload"].(map[string]any)}
		if got := answer.at("data", field, "person", "id"); got != s.names["staff"] {
			t.Errorf("%s is done by %v, want %s", field, got, s.names["staff"])
		}
	}
}
