package push

import (
	"crypto/sha256"
	"encoding/base64"
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
	if m.Label != "" {
		out.FCMOptions = &messaging.FCMOptions{AnalyticsLabel: m.Label}
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
