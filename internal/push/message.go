package push

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"time"

	"firebase.google.com/go/v4/messaging"
)

// These limits say how long a message may wait for a phone that is off.
const (
	DefaultTTL = 24 * time.Hour
	minTTL     = time.Second         // a message for now or never
	maxTTL     = 28 * 24 * time.Hour // FCM refuses more
)

const (
	maxCollapseID = 64 // bytes, Apple's limit
	maxTopic      = 32 // characters, the limit of web push (RFC 8030)
)

// CollapseID is the id under which a phone's screen replaces an earlier message about the same notice. It is the
// notice's id, or a digest of it if that is longer than Apple's 64 bytes or not plain ASCII. All
// platforms get the same id.
func CollapseID(noticeID string) string {
	if len(noticeID) <= maxCollapseID && isVisibleASCII(noticeID) {
		return noticeID
	}
	return digest(noticeID)
}

// topic is the collapse id in the narrower form that web push asks for: at most
// 32 characters, letters, digits, '-' and '_'.
func topic(noticeID string) string {
	if len(noticeID) <= maxTopic && isURLSafe(noticeID) {
		return noticeID
	}
	return digest(noticeID)
}

// digest is 32 characters, so it fits both limits.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:24])
}

func isVisibleASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

func isURLSafe(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}

// roundTTL rounds to whole seconds within FCM's limits. The caller decides whether something that has
// begun is still worth a message.
func roundTTL(ttl time.Duration) time.Duration {
	if ttl == 0 {
		return DefaultTTL
	}
	return min(max(ttl.Truncate(time.Second), minTTL), maxTTL)
}

// compose writes the message in FCM's form, for the device's platform.
func compose(to Device, m Message, now time.Time) *messaging.Message {
	ttl := roundTTL(m.TTL)
	out := &messaging.Message{
		Notification: &messaging.Notification{Title: m.Title, Body: m.Body},
		Data:         m.Data,
	}
	if to.Kind == KindFID {
		out.Fid = to.Value
	} else {
		out.Token = to.Value //nolint:staticcheck // deprecated in the SDK, and what every app in use today still has
	}
	if to.Platform == PlatformAndroid || to.Platform == "" {
		out.Android = forAndroid(m, ttl)
	}
	if to.Platform == PlatformIOS || to.Platform == "" {
		out.APNS = forApple(m, now.Add(ttl))
	}
	if to.Platform == PlatformWeb || to.Platform == "" {
		out.Webpush = forWeb(m, ttl)
	}
	if len(m.Removes) > 0 {
		removal(out, m, ttl, now.Add(ttl))
	}
	return out
}

func forAndroid(m Message, ttl time.Duration) *messaging.AndroidConfig {
	priority := "normal"
	if m.IsPrompt {
		priority = "high" // FCM lowers senders who wake phones for what can wait
	}
	shown := &messaging.AndroidNotification{ChannelID: m.Channel, Tag: CollapseID(m.NoticeID)} // the tag replaces it on the screen
	if m.IsUrgent {
		shown.Priority, shown.DefaultSound, shown.DefaultVibrateTimings = messaging.PriorityMax, true, true
	}
	return &messaging.AndroidConfig{
		CollapseKey:  m.Series, // FCM keeps four of them, so a key for each notice would lose the fifth
		Priority:     priority,
		TTL:          &ttl,
		Notification: shown,
	}
}

func forApple(m Message, expires time.Time) *messaging.APNSConfig {
	priority := "10"
	if m.Level == LevelPassive {
		priority = "5"
	}
	headers := map[string]string{"apns-expiration": strconv.FormatInt(expires.Unix(), 10), "apns-push-type": "alert", "apns-priority": priority}
	if m.NoticeID != "" {
		headers["apns-collapse-id"] = CollapseID(m.NoticeID)
	}
	aps := &messaging.Aps{ThreadID: m.Thread, Badge: m.Unread, CustomData: map[string]any{"interruption-level": string(cmp.Or(m.Level, LevelActive))}}
	if m.Level != LevelPassive {
		aps.Sound = "default" // without a name there is none
	}
	return &messaging.APNSConfig{Headers: headers, Payload: &messaging.APNSPayload{Aps: aps}}
}

func forWeb(m Message, ttl time.Duration) *messaging.WebpushConfig {
	out := &messaging.WebpushConfig{
		Headers: map[string]string{"TTL": strconv.FormatInt(int64(ttl/time.Second), 10)},
	}
	if m.NoticeID != "" {
		out.Headers["Topic"] = topic(m.NoticeID)                                                                       // replaces it while it waits
		out.Notification = &messaging.WebpushNotification{Tag: CollapseID(m.NoticeID), RequireInteraction: m.IsUrgent} // replaces it on the screen
	}
	if link, err := url.ParseRequestURI(m.Link); err == nil && link.Scheme == "https" && link.Host != "" {
		out.FCMOptions = &messaging.WebpushFCMOptions{Link: m.Link}
	}
	return out
}
