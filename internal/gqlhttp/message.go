package gqlhttp

import (
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
)

// message is a message to a client.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// heard is a valid message of a client.
type heard struct {
	kind    string
	id      string
	payload json.RawMessage    // for connection_init
	params  *graphql.RawParams // for subscribe
	no      *refusal           // for subscribe: why the operation is not even tried
}

// The messages a client may send.
const (
	sayInit      = "connection_init"
	sayPing      = "ping"
	sayPong      = "pong"
	saySubscribe = "subscribe"
	sayComplete  = "complete"
)

// understand reads a message. A message that does not follow the protocol has a problem, which
// ends the connection. So has a message with broken text, unless it names the operation that can
// be refused instead.
func understand(kind websocket.MessageType, raw []byte) (m heard, problem string) {
	members, isObject := decodeObject(raw)
	switch {
	case kind != websocket.MessageText:
		return m, "Messages are text"
	case !utf8.Valid(raw) || !isObject:
		return m, "A message is a JSON object"
	case json.Unmarshal(members["type"], &m.kind) != nil || m.kind == "":
		return m, "A message has a type"
	}
	isSound := isSoundJSON(raw)
	switch m.kind {
	case sayInit, sayPing, sayPong:
		m.payload = members["payload"]
		if !isAbsent(m.payload) && !isObjectText(m.payload) {
			return m, "The payload of " + m.kind + " is an object"
		}
	case saySubscribe, sayComplete:
		if id := members["id"]; json.Unmarshal(id, &m.id) != nil || m.id == "" || !isSoundJSON(id) {
			return m, "A message " + m.kind + " has an id"
		}
	default:
		return m, "Unknown message type"
	}
	if m.kind == saySubscribe {
		return m.subscribes(members["payload"], isSound)
	}
	if !isSound {
		return m, "A message has text that cannot be read"
	}
	return m, ""
}

// subscribes reads the operation of a subscribe message. Mistakes for which HTTP would refuse a
// request do not break the protocol; only the operation is refused.
func (m heard) subscribes(payload json.RawMessage, isSound bool) (_ heard, problem string) {
	members, isObject := decodeObject(payload)
	if !isObject {
		return m, "The payload of subscribe is an object"
	}
	if m.params, m.no = decodeParams(payload); m.no != nil {
		return m, "The payload of subscribe has a member of another type"
	}
	m.no = refuseQuery(m.params)
	switch {
	case isAbsent(members["query"]) && m.no != notPersisted:
		return m, "The payload of subscribe has a query"
	case !isSound:
		m.no = refuse(http.StatusBadRequest, "request.text.invalid")
	}
	return m, ""
}

// isAbsent reports whether a member is left out or null, which the protocol takes for the same.
func isAbsent(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func isObjectText(raw json.RawMessage) bool {
	_, ok := decodeObject(raw)
	return ok
}

// maxReason is how many bytes of a reason fit into a close frame. With a longer reason, or one that
// is cut inside a letter, the client would see a lost connection.
const maxReason = 123

// clip shortens a text to at most that many bytes, between two letters.
func clip(text string, length int) string {
	if len(text) <= length {
		return text
	}
	for length > 0 && !utf8.RuneStart(text[length]) {
		length--
	}
	return text[:length]
}
