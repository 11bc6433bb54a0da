package fcmsim

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

var topicPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// webConfig is what FCM hands to a browser's push service.
type webConfig struct {
	Headers      map[string]string `json:"headers"`
	Data         map[string]string `json:"data"`
	Notification *webNotification  `json:"notification"`
	FCMOptions   struct {
		labelled
		Link string `json:"link"`
	} `json:"fcm_options"`
}

// webNotification are the options of the browser's showNotification.
type webNotification struct {
	Title              string          `json:"title"`
	Body               string          `json:"body"`
	Icon               string          `json:"icon"`
	Badge              string          `json:"badge"`
	Dir                string          `json:"dir"`
	Data               json.RawMessage `json:"data"`
	Image              string          `json:"image"`
	Lang               string          `json:"lang"`
	Renotify           bool            `json:"renotify"`
	RequireInteraction bool            `json:"requireInteraction"`
	Silent             bool            `json:"silent"`
	Tag                string          `json:"tag"`
	Timestamp          *int64          `json:"timestamp"`
	Vibrate            []int           `json:"vibrate"`
	Actions            []webAction     `json:"actions"`
}

type webAction struct {
	Action string `json:"action"`
	Title  string `json:"title"`
	Icon   string `json:"icon"`
}

// shown is the notification as the message has it; the zero value if it has none of the browser's own.
func (w webConfig) shown() webNotification {
	if w.Notification == nil {
		return webNotification{}
	}
	return *w.Notification
}

// checkWeb finds what FCM, the browser's push service or the browser itself would object to in the web's part. FCM
// passes on options that no browser knows; here they are refused, as a slip of the pen.
func (m *message) checkWeb() (wrong Answer, ok bool) {
	const at = "message.webpush."
	h := m.Webpush.Headers
	if topic, given := h["Topic"]; given && !topicPattern.MatchString(topic) {
		return invalid(at+"headers", "Topic is not 1 to 32 characters of url-safe base64."), false
	}
	if ttl, given := h["TTL"]; given {
		if seconds, err := strconv.ParseInt(ttl, 10, 64); err != nil || seconds < 0 {
			return invalid(at+"headers", "TTL is no number of seconds."), false
		}
	}
	if wrong, ok = oneOf(at+"headers", h["Urgency"], "very-low", "low", "normal", "high"); !ok {
		return wrong, false
	}
	if link := m.Webpush.FCMOptions.Link; link != "" {
		if u, err := url.Parse(link); err != nil || u.Scheme != "https" {
			return invalid(at+"fcm_options.link", "Not an https address."), false
		}
	}
	return m.checkWebNotification(at + "notification.")
}

// checkWebNotification finds what the browser's showNotification throws at.
func (m *message) checkWebNotification(at string) (wrong Answer, ok bool) {
	n := m.Webpush.shown()
	if wrong, ok = oneOf(at+"dir", n.Dir, "auto", "ltr", "rtl"); !ok {
		return wrong, false
	}
	switch {
	case n.Renotify && n.Tag == "":
		return invalid(at+"renotify", "TypeError: Notifications which set the renotify flag must specify a non-empty tag."), false
	case n.Silent && len(n.Vibrate) > 0:
		return invalid(at+"vibrate", "TypeError: Silent notifications must not specify vibration patterns."), false
	case n.Timestamp != nil && *n.Timestamp < 0:
		return invalid(at+"timestamp", "The time is negative."), false
	}
	for _, a := range n.Actions {
		switch {
		case a.Action == "" || a.Title == "":
			return invalid(at+"actions", "TypeError: an action must have an action and a title."), false
		case !slices.ContainsFunc(m.buttons, func(b Action) bool { return b.Name == a.Action }):
			return invalid(at+"actions", "An action "+strconv.Quote(a.Action)+" without one in the data that says what it does."), false
		}
	}
	return Answer{}, true
}
