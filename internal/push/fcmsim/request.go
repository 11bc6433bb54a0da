package fcmsim

import (
	"bytes"
	"cmp"
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

// request is the body of messages:send. Parts that the simulator does not check stay raw, but like FCM
// it refuses unknown names.
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
	Android struct {
		CollapseKey           string            `json:"collapse_key"`
		Priority              string            `json:"priority"`
		TTL                   string            `json:"ttl"`
		RestrictedPackageName string            `json:"restricted_package_name"`
		Data                  map[string]string `json:"data"`
		Notification          json.RawMessage   `json:"notification"`
		FCMOptions            json.RawMessage   `json:"fcm_options"`
		DirectBootOK          bool              `json:"direct_boot_ok"`
		BandwidthOK           bool              `json:"bandwidth_constrained_ok"`
		SatelliteOK           bool              `json:"restricted_satellite_ok"`
	} `json:"android"`
	APNS struct {
		Headers           map[string]string `json:"headers"`
		Payload           json.RawMessage   `json:"payload"`
		FCMOptions        json.RawMessage   `json:"fcm_options"`
		LiveActivityToken string            `json:"live_activity_token"`
	} `json:"apns"`
	Webpush struct {
		Headers      map[string]string `json:"headers"`
		Data         map[string]string `json:"data"`
		Notification json.RawMessage   `json:"notification"`
		FCMOptions   struct {
			Link           string `json:"link"`
			AnalyticsLabel string `json:"analytics_label"`
		} `json:"fcm_options"`
	} `json:"webpush"`
	FCMOptions json.RawMessage `json:"fcm_options"`
}

// parse reads a request as FCM would; wrong is the answer if it must be refused.
func parse(body []byte) (req request, wrong Answer, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&req); err != nil {
		field := "message"
		var typed *json.UnmarshalTypeError
		if errors.As(err, &typed) && typed.Field != "" {
			field = typed.Field
		}
		return req, invalid(field, "Invalid JSON payload received. "+err.Error()), false
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return req, invalid("message", "Invalid JSON payload received. Something follows the message."), false
	}
	if req.Message == nil {
		return req, invalid("message", "Message is missing."), false
	}
	if field, problem := req.Message.problem(); problem != "" {
		return req, invalid(field, problem), false
	}
	return req, Answer{}, true
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

// push is the push that a phone would show.
func (m *message) push() Push {
	p := Push{Title: m.Notification.Title, Body: m.Notification.Body, Data: m.Data, CollapseKey: m.collapseKey(), Tag: m.tag(), Platform: m.platform(), Link: m.Webpush.FCMOptions.Link}
	if p.Data == nil {
		p.Data = map[string]string{}
	}
	switch {
	case m.Token != "":
		p.Device = m.Token
	case m.FID != "":
		p.Device = m.FID
	case m.Topic != "":
		p.Device = "/topics/" + m.Topic
	default:
		p.Device = m.Condition
	}
	return p
}

// platform is the platform that the message is made for; empty for all.
func (m *message) platform() string {
	android, apple, web := m.Android.CollapseKey != "" || m.Android.TTL != "", len(m.APNS.Headers) > 0, len(m.Webpush.Headers) > 0
	switch {
	case android && !apple && !web:
		return "ANDROID"
	case apple && !android && !web:
		return "IOS"
	case web && !android && !apple:
		return "WEB"
	}
	return ""
}

// collapseKey is the id under which the platform's push service replaces an earlier message that
// waits for a phone.
func (m *message) collapseKey() string {
	return cmp.Or(m.Android.CollapseKey, m.APNS.Headers["apns-collapse-id"], m.Webpush.Headers["Topic"])
}

// tag is the id under which a phone replaces an earlier message on its screen.
func (m *message) tag() string {
	return cmp.Or(tagOf(m.Android.Notification), m.APNS.Headers["apns-collapse-id"], tagOf(m.Webpush.Notification))
}

func tagOf(notification json.RawMessage) string {
	var shown struct {
		Tag string `json:"tag"`
	}
	if json.Unmarshal(notification, &shown) != nil {
		return ""
	}
	return shown.Tag
}
