package fcmsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// FCM's limits.
const (
	maxPayload    = 4096 // bytes of title, body and data together
	maxTTLSeconds = 28 * 24 * 60 * 60
)

var (
	ttlPattern   = regexp.MustCompile(`^([0-9]+)(\.[0-9]{1,9})?s$`)
	topicPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)
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
}

// labelled are the options that all parts have: under what Firebase counts the message.
type labelled struct {
	AnalyticsLabel string `json:"analytics_label"`
}

// parse reads a request as FCM would; wrong is the answer if it must be refused.
func parse(body []byte) (req request, wrong Answer, ok bool) {
	if field, problem := strict(body, "message", &req); problem != "" {
		return req, invalid(field, problem), false
	}
	if req.Message == nil {
		return req, invalid("message", "Message is missing."), false
	}
	if field, problem := req.Message.problem(); problem != "" {
		return req, invalid(field, problem), false
	}
	return req, Answer{}, true
}

// strict reads JSON that may have no names but those of v, and nothing behind it. field is what the
// problem is about: that of a wrong type, and else the one that stands for the whole.
func strict(raw []byte, whole string, v any) (field, problem string) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		var typed *json.UnmarshalTypeError
		if errors.As(err, &typed) && typed.Field != "" {
			whole = typed.Field
		}
		return whole, "Invalid JSON payload received. " + err.Error()
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return whole, "Invalid JSON payload received. Something follows the message."
	}
	return "", ""
}

// problem is the first thing to which FCM would object; empty if there is none.
func (m *message) problem() (field, problem string) {
	if m.targets() != 1 {
		return "message", "Exactly one of token, fid, topic or condition must be given."
	}
	if n := m.size(); n > maxPayload {
		return "message", fmt.Sprintf("Message is too big: %d bytes of at most %d.", n, maxPayload)
	}
	for key := range m.Data {
		if key == "from" || key == "message_type" || strings.HasPrefix(key, "google.") || strings.HasPrefix(key, "gcm.") {
			return "message.data", fmt.Sprintf("%q is a reserved name.", key)
		}
	}
	if p := m.Android.Priority; p != "" && !strings.EqualFold(p, "high") && !strings.EqualFold(p, "normal") {
		return "message.android.priority", "Neither high nor normal."
	}
	if ttl := m.Android.TTL; ttl != "" && !isTTL(ttl) {
		return "message.android.ttl", "Not a duration between 0 and 28 days."
	}
	if id := m.APNS.Headers["apns-collapse-id"]; len(id) > 64 {
		return "message.apns.headers", "apns-collapse-id is longer than 64 bytes."
	}
	if topic, ok := m.Webpush.Headers["Topic"]; ok && !topicPattern.MatchString(topic) {
		return "message.webpush.headers", "Topic is not 1 to 32 characters of url-safe base64."
	}
	if link := m.Webpush.FCMOptions.Link; link != "" {
		if u, err := url.Parse(link); err != nil || u.Scheme != "https" {
			return "message.webpush.fcm_options.link", "Not an https address."
		}
	}
	return "", ""
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
