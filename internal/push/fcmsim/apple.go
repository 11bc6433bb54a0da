package fcmsim

import (
	"encoding/json"
	"strconv"
)

// Apple's limits.
const maxCollapseID = 64 // bytes

// appleConfig is what FCM hands to Apple's push service.
type appleConfig struct {
	Headers    map[string]string          `json:"headers"`
	Payload    map[string]json.RawMessage `json:"payload"`
	FCMOptions struct {
		labelled
		Image string `json:"image"`
	} `json:"fcm_options"`
	LiveActivityToken string `json:"live_activity_token"`
}

// aps is the part of the payload that the iPhone itself reads.
type aps struct {
	Alert             json.RawMessage `json:"alert"`
	Badge             *int            `json:"badge"`
	Sound             json.RawMessage `json:"sound"`
	ThreadID          string          `json:"thread-id"`
	Category          string          `json:"category"`
	ContentAvailable  int             `json:"content-available"`
	MutableContent    int             `json:"mutable-content"`
	TargetContentID   string          `json:"target-content-id"`
	InterruptionLevel string          `json:"interruption-level"`
	RelevanceScore    *float64        `json:"relevance-score"`
	FilterCriteria    string          `json:"filter-criteria"`
}

// sound is the name of the sound: a text, or the name in an object.
func (a aps) sound() string {
	var named struct {
		Name string `json:"name"`
	}
	var name string
	if json.Unmarshal(a.Sound, &name) != nil && json.Unmarshal(a.Sound, &named) == nil {
		return named.Name
	}
	return name
}

// checkApple finds what FCM or Apple's service would object to in Apple's part, and reads what the iPhone itself
// reads. Apple's service passes on names in aps that no iPhone knows; here they are refused, as a slip of the pen.
func (m *message) checkApple() (wrong Answer, ok bool) {
	const at = "message.apns.payload.aps"
	raw, given := m.APNS.Payload["aps"]
	if !given && len(m.APNS.Payload) > 0 {
		return invalid("message.apns.payload", "Payload of Apple Push Notification Service must contain an [aps] key."), false
	}
	if given {
		if wrong, ok = strict(raw, at, &m.apple); !ok {
			return wrong, false
		}
	}
	if wrong, ok = m.apple.check(at + "."); !ok {
		return wrong, false
	}
	if m.apple.Category != "" && len(m.buttons) == 0 {
		return invalid(at+".category", "A category, and no actions in the data for its buttons."), false
	}
	if wrong, ok = m.checkAppleHeaders("message.apns.headers"); !ok {
		return wrong, false
	}
	if n := m.appleSize(); n > maxPayload && len(m.APNS.Headers)+len(m.APNS.Payload) > 0 {
		return tooBig("message.apns.payload", "APNs payload is too big", n), false
	}
	return Answer{}, true
}

func (a aps) check(at string) (wrong Answer, ok bool) {
	if wrong, ok = oneOf(at+"interruption-level", a.InterruptionLevel, "passive", "active", "time-sensitive", "critical"); !ok {
		return wrong, false
	}
	switch {
	case a.Badge != nil && *a.Badge < 0:
		return invalid(at+"badge", "The number is negative."), false
	case a.ContentAvailable != 0 && a.ContentAvailable != 1:
		return invalid(at+"content-available", "Neither 0 nor 1."), false
	case a.MutableContent != 0 && a.MutableContent != 1:
		return invalid(at+"mutable-content", "Neither 0 nor 1."), false
	case a.RelevanceScore != nil && (*a.RelevanceScore < 0 || *a.RelevanceScore > 1):
		return invalid(at+"relevance-score", "Not between 0 and 1."), false
	}
	return Answer{}, true
}

func (m *message) checkAppleHeaders(at string) (wrong Answer, ok bool) {
	h := m.APNS.Headers
	if wrong, ok = oneOf(at, h["apns-push-type"], "alert", "background", "location", "voip", "complication", "fileprovider",
		"mdm", "liveactivity", "pushtotalk", "widgets", "controls"); !ok {
		return byApple(at, "InvalidPushType", wrong.failure.Error.Message), false
	}
	if wrong, ok = oneOf(at, h["apns-priority"], "1", "5", "10"); !ok {
		return byApple(at, "BadPriority", wrong.failure.Error.Message), false
	}
	if _, err := strconv.ParseInt(h["apns-expiration"], 10, 64); h["apns-expiration"] != "" && err != nil {
		return byApple(at, "BadExpirationDate", "apns-expiration is no number of seconds."), false
	}
	if len(h["apns-collapse-id"]) > maxCollapseID {
		return byApple(at, "BadCollapseId", "apns-collapse-id is longer than 64 bytes."), false
	}
	if h["apns-push-type"] == "background" {
		return m.checkBackground(at)
	}
	if h["apns-priority"] == "10" && !m.isShown() && !m.apple.interrupts() {
		return invalid(at, "A message with nothing but data must have apns-priority 5."), false
	}
	return Answer{}, true
}

// checkBackground finds what is wrong with a push that only wakes the app. An iPhone that gets one which shows
// something as well shows it or not, as it likes; here it is refused.
func (m *message) checkBackground(at string) (wrong Answer, ok bool) {
	switch {
	case m.APNS.Headers["apns-priority"] == "10":
		return byApple(at, "BadPriority", "A background push must not have apns-priority 10."), false
	case m.apple.ContentAvailable != 1:
		return invalid("message.apns.payload.aps", "A background push must have content-available 1."), false
	case m.isShown() || m.apple.interrupts():
		return invalid("message.apns.payload.aps", "A background push must have neither alert, sound nor badge."), false
	}
	return Answer{}, true
}

// interrupts reports whether the iPhone does something that its owner notices.
func (a aps) interrupts() bool { return a.Alert != nil || a.Sound != nil || a.Badge != nil }

// addedByFCM is what FCM adds to an iPhone's payload: gcm.message_id, google.c.a.e, google.c.fid and
// google.c.sender.id with their values, in bytes.
const addedByFCM = 150

// appleSize is how many bytes the payload has that FCM makes for Apple's service, about.
func (m *message) appleSize() int {
	n := addedByFCM + len(`{"aps":{"alert":{"title":,"body":},}}`) + quoted(m.Notification.Title) + quoted(m.Notification.Body)
	for name, value := range m.APNS.Payload {
		n += len(value) + quoted(name) + len(":,")
	}
	for key, value := range m.Data {
		n += quoted(key) + quoted(value) + len(":,")
	}
	return n
}

// quoted is how many bytes a text has in JSON.
func quoted(s string) int {
	n := len(s) + len(`""`)
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"', c == '\\', c == '\n', c == '\r', c == '\t':
			n++
		case c < ' ':
			n += len("u0000")
		}
	}
	return n
}
