package fcmsim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// FCM's limits.
const (
	maxPayload    = 4096 // bytes, by FCM's count and by Apple's
	maxTTLSeconds = 28 * 24 * 60 * 60
)

var (
	ttlPattern   = regexp.MustCompile(`^([0-9]+)(\.[0-9]{1,9})?s$`)
	labelPattern = regexp.MustCompile(`^[a-zA-Z0-9-_.~%]{1,50}$`)
)

// request is the body of messages:send. Like FCM, the simulator refuses unknown names.
type request struct {
	ValidateOnly bool     `json:"validate_only"`
	Message      *message `json:"message"`
}

type message struct {
	Name         string            `json:"name"`
	Token        string            `json:"token"`
	FID          string            `json:"fid"`
	Topic        string            `json:"topic"`
	Condition    string            `json:"condition"`
	Data         map[string]string `json:"data"`
	Notification struct {
		Title string `json:"title"`
		Body  string `json:"body"`
		Image string `json:"image"`
	} `json:"notification"`
	Android    androidConfig `json:"android"`
	APNS       appleConfig   `json:"apns"`
	Webpush    webConfig     `json:"webpush"`
	FCMOptions labelled      `json:"fcm_options"`

	apple   aps      // what the iPhone itself reads
	buttons []Action // what the app reads about its buttons
	removes []string // what the app is to take off the screen
}

// labelled are the options that all parts have: under what Firebase counts the message.
type labelled struct {
	AnalyticsLabel string `json:"analytics_label"`
}

// parse reads a request as FCM would; wrong is the answer if it must be refused.
func parse(body []byte) (req request, wrong Answer, ok bool) {
	if wrong, ok = strict(body, "", &req); !ok {
		return req, wrong, false
	}
	if req.Message == nil {
		return req, invalid("message", "Message is missing."), false
	}
	for _, check := range []func() (Answer, bool){req.Message.check, req.Message.readData, req.Message.checkAndroid, req.Message.checkApple, req.Message.checkWeb} {
		if wrong, ok = check(); !ok {
			return req, wrong, false
		}
	}
	return req, Answer{}, true
}

// check finds what FCM would object to in what all platforms share.
func (m *message) check() (wrong Answer, ok bool) {
	if m.targets() != 1 {
		return invalid("message", "Exactly one of token, fid, topic or condition must be given."), false
	}
	if n := m.size(); n > maxPayload {
		return tooBig("message", "Android message is too big", n), false
	}
	for key := range m.Data {
		if key == "from" || key == "message_type" || strings.HasPrefix(key, "google.") || strings.HasPrefix(key, "gcm.") {
			return invalid("message.data", fmt.Sprintf("%q is a reserved name.", key)), false
		}
	}
	for path, label := range map[string]string{
		"message": m.FCMOptions.AnalyticsLabel, "message.android": m.Android.FCMOptions.AnalyticsLabel,
		"message.apns": m.APNS.FCMOptions.AnalyticsLabel, "message.webpush": m.Webpush.FCMOptions.AnalyticsLabel,
	} {
		if label != "" && !labelPattern.MatchString(label) {
			return invalid(path+".fcm_options.analytics_label", fmt.Sprintf("%q does not match %s", label, labelPattern)), false
		}
	}
	return Answer{}, true
}

// oneOf finds fault with a value that is none of the known ones. Nothing at all is fine.
func oneOf(field, value string, known ...string) (wrong Answer, ok bool) {
	if value == "" || slices.Contains(known, value) {
		return Answer{}, true
	}
	return invalid(field, fmt.Sprintf("%q is none of %s", value, strings.Join(known, ", "))), false
}

func isTTL(s string) bool {
	match := ttlPattern.FindStringSubmatch(s)
	if match == nil {
		return false
	}
	seconds, err := strconv.ParseInt(match[1], 10, 64)
	return err == nil && seconds <= maxTTLSeconds
}

func (m *message) targets() int {
	n := 0
	for _, s := range []string{m.Token, m.FID, m.Topic, m.Condition} {
		if s != "" {
			n++
		}
	}
	return n
}

func (m *message) size() int {
	n := len(m.Notification.Title) + len(m.Notification.Body)
	for k, v := range m.Data {
		n += len(k) + len(v)
	}
	return n
}
