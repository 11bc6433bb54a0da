package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// follower follows one subscription over a socket.
type follower struct {
	t    testing.TB
	conn *websocket.Conn
}

// follow opens a socket as a persona and subscribes.
func (h *harness) follow(persona, document string, variables vars) *follower {
	h.t.Helper()
	conn, res, err := websocket.Dial(context.Background(), h.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		h.t.Fatal(err)
	}
	if res.Body != nil {
		_ = res.Body.Close()
	}
	h.t.Cleanup(func() { _ = conn.CloseNow() })
	f := &follower{h.t, conn}
	f.say(vars{"type": "connection_init", "payload": vars{"Authorization": "Bearer " + h.tokens[persona]}})
	if m := f.hear(); m["type"] != "connection_ack" {
		h.t.Fatalf("greeted with %v", m)
	}
	f.say(vars{"id": "1", "type": "subscribe", "payload": vars{"query": document, "variables": variables}})
	return f
}

func (f *follower) say(m vars) {
	f.t.Helper()
	raw, err := json.Marshal(m)
	if err == nil {
		err = f.conn.Write(context.Background(), websocket.MessageText, raw)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

// hear is the next message other than a ping; nil if the connection ends.
func (f *follower) hear() vars {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	m := f.await(ctx)
	if ctx.Err() != nil {
		f.t.Fatal("nothing is heard")
	}
	return m
}

func (f *follower) await(ctx context.Context) vars {
	for {
		_, raw, err := f.conn.Read(ctx)
		if err != nil {
			return nil
		}
		var m vars
		if err := json.Unmarshal(raw, &m); err != nil {
			f.t.Error(err)
			return nil
		}
		if m["type"] != "ping" {
			return m
		}
		f.say(vars{"type": "pong"})
	}
}

// begins expects the message that all waiting notices have arrived, and returns its cursor.
func (f *follower) begins() (cursor string) {
	f.t.Helper()
	m := f.hear()
	arrival, _ := valueAt(m, "payload.data.noticeReceived").(vars)
	cursor, _ = arrival["cursor"].(string)
	if notice, isThere := arrival["notice"]; !isThere || notice != nil || cursor == "" {
		f.t.Fatalf("began with %v", m)
	}
	return cursor
}

// arrival is the next notice.
func (f *follower) arrival() (title, cursor string, unread float64) {
	f.t.Helper()
	m := f.hear()
	at := func(path string) any { return valueAt(m, "payload.data.noticeReceived."+path) }
	title, _ = at("notice.title").(string)
	cursor, _ = at("cursor").(string)
	unread, _ = at("unreadNoticeCount").(float64)
	if m["type"] != "next" || title == "" || cursor == "" {
		f.t.Fatalf("heard %v", m)
	}
	return title, cursor, unread
}

const followNotices = `subscription ($after: String) { noticeReceived(after: $after) {
	notice { id title subject { id __typename ... on Event { title group { name } } } } cursor unreadNoticeCount } }`

// liveGroup makes a group of leader-1 and resident-1, and a way to post in it.
func (h *harness) liveGroup() (groupID string, post func(title string)) {
	h.t.Helper()
	groupID = h.must("leader-1", `mutation { createGroup(input: {name: "Haven", kind: HOUSING}) { group { id } } }`, nil).text("createGroup", "group", "id")
	h.must("resident-1", `mutation ($g: ID!) { joinGroup(input: {groupId: $g}) { group { id } } }`, vars{"g": groupID})
	return groupID, func(title string) {
		h.t.Helper()
		e := h.must("leader-1", `mutation ($g: ID!, $t: String!) { createEvent(input: {groupId: $g, title: $t, startsAt: "2035-06-01T18:00:00", endsAt: "2035-06-01T20:00:00"}) { event { id } } }`,
			vars{"g": groupID, "t": title}).text("createEvent", "event", "id")
		h.must("leader-1", `mutation ($e: ID!) { publishEvent(input: {eventId: $e}) { event { id } } }`, vars{"e": e})
	}
}

// A lost connection is taken up where it was lost: nothing is left out or repeated, and people
// whom the news does not concern hear nothing.
func TestNoticesArriveLive(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	_, post := h.liveGroup()
	stranger := h.follow("resident-3", `subscription { unreadNoticeCount }`, nil)
	if got := valueAt(stranger.hear(), "payload.data.unreadNoticeCount"); got != 0.0 {
		t.Errorf("the stranger begins with %v", got)
	}
	f := h.follow("resident-1", followNotices, nil)
	count := h.follow("resident-1", `subscription { unreadNoticeCount }`, nil)
	wantCount := func(want float64) {
		t.Helper()
		if got := valueAt(count.hear(), "payload.data.unreadNoticeCount"); got != want {
			t.Errorf("the count says %v, want %v", got, want)
		}
	}
	wantCount(0)
	// Nothing has come yet. A notice that comes between two connections is heard all the same.
	cursor := f.begins()
	_ = f.conn.CloseNow()
	post("En")
	wantCount(1)
	f = h.follow("resident-1", followNotices, vars{"after": cursor})
	title, cursor, unread := f.arrival()
	if title != "Haven: En" || unread != 1 {
		t.Errorf("heard %s, %v unread", title, unread)
	}
	_ = f.conn.CloseNow()
	post("To")
	wantCount(2)
	post("Tre")
	wantCount(3)
	f = h.follow("resident-1", followNotices, vars{"after": cursor})
	var titles []string
	for range 2 {
		title, _, _ := f.arrival()
		titles = append(titles, title)
	}
	if !slices.Equal(titles, []string{"Haven: To", "Haven: Tre"}) {
		t.Errorf("after the loss came %q", titles)
	}
	cursor = f.begins()
	_ = f.conn.CloseNow()
	f = h.follow("resident-1", followNotices, vars{"after": cursor})
	f.begins()
	post("Fire")
	if title, _, _ := f.arrival(); title != "Haven: Fire" {
		t.Errorf("at last came %s", title)
	}
	wantCount(4)
	// Reading on another phone counts at once.
	list := h.must("resident-1", `{ viewer { notices { edges { node { id } } } } }`, nil)
	h.must("resident-1", `mutation ($n: [ID!]!) { markNoticesRead(input: {noticeIds: $n}) { unreadNoticeCount } }`,
		vars{"n": []string{list.text("viewer", "notices", "edges", 0, "node", "id")}})
	wantCount(3)
	old := h.follow("resident-1", followNotices, vars{"after": "x"})
	if m := old.hear(); valueAt(m, "payload.errors.0.extensions.code") != "BAD_USER_INPUT" {
		t.Errorf("a bad cursor is answered with %v", m)
	}
}

// Notices about a group that was joined while the feed is open show the group.
func TestAFeedFollowsItsViewersGroups(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	f := h.follow("resident-1", followNotices, nil)
	f.begins()
	groupID, post := h.liveGroup()
	h.must("leader-1", `mutation ($g: ID!) { updateGroup(input: {groupId: $g, visibility: HIDDEN}) { group { id } } }`, vars{"g": groupID})
	post("Hemmeligt")
	m := f.hear()
	if got := valueAt(m, "payload.data.noticeReceived.notice.subject.group.name"); got != "Haven" {
		t.Errorf("heard %v", m)
	}
}

// Notices arrive live by server-sent events too.
func TestNoticesArriveByEvents(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	_, post := h.liveGroup()
	body, _ := json.Marshal(vars{"query": followNotices})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+h.tokens["resident-1"])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	hasBegun := false
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if !hasBegun {
				hasBegun = strings.Contains(data, `"notice":null`)
				post("En")
				continue
			}
			if !strings.Contains(data, `"title":"Haven: En"`) {
				t.Errorf("heard %s", data)
			}
			return
		}
	}
	t.Errorf("the stream ended: %v", lines.Err())
}
