package push

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"firebase.google.com/go/v4/messaging"
)

// forAndroid is the message as Firebase's SDK on an Android phone shows it. Where there are channels, the channel
// decides how it sounds and how far up it stands; the older phones read that from the message.
func forAndroid(m Message, ttl time.Duration) *messaging.AndroidConfig {
	priority := "normal"
	if m.IsPrompt {
		priority = "high" // FCM lowers senders who wake phones for what can wait
	}
	shown := &messaging.AndroidNotification{ChannelID: m.Channel, Tag: CollapseID(m.NoticeID), // the tag replaces it on the screen
		Priority: m.rank(), DefaultSound: m.sounds(), DefaultVibrateTimings: m.IsUrgent}
	if m.IsPrivate {
		shown.Visibility = messaging.VisibilityPrivate
	}
	if n := m.number(); n != nil && *n > 0 { // none is what Android takes for "one more"
		shown.NotificationCount = n
	}
	return &messaging.AndroidConfig{
		CollapseKey:  m.Series, // FCM keeps four of them, so a key for each notice would lose the fifth
		Priority:     priority,
		TTL:          &ttl,
		Notification: shown,
	}
}

// rank is how far up an Android phone without channels shows the message; the zero value: where others are.
func (m Message) rank() (p messaging.AndroidNotificationPriority) {
	switch {
	case m.IsUrgent:
		return messaging.PriorityMax
	case !m.sounds():
		return messaging.PriorityLow
	case m.IsPrompt:
		return messaging.PriorityHigh
	}
	return p
}

// sounds reports whether the phone's owner hears the message.
func (m Message) sounds() bool { return m.level() != LevelPassive }

func (m Message) level() Level {
	if m.IsSilent {
		return LevelPassive
	}
	return cmp.Or(m.Level, LevelActive)
}

// number is the number on the app's icon; nil if it stays as it is.
func (m Message) number() *int {
	if m.Unread == nil || *m.Unread < 0 {
		return nil // Apple and FCM refuse a number below none
	}
	return m.Unread
}

// forApple is the message as an iPhone shows it.
func forApple(m Message, expires time.Time) *messaging.APNSConfig {
	headers := map[string]string{"apns-expiration": strconv.FormatInt(expires.Unix(), 10), "apns-push-type": "alert", "apns-priority": "10"}
	if m.NoticeID != "" {
		headers["apns-collapse-id"] = CollapseID(m.NoticeID)
	}
	aps := &messaging.Aps{ThreadID: m.Thread, Badge: m.number(), Category: m.Category,
		MutableContent: m.IsCut, // the app's extension may load the whole text
		CustomData:     map[string]any{"interruption-level": m.level()}}
	if m.sounds() {
		aps.Sound = "default" // without a name there is none
	} else {
		headers["apns-priority"] = "5" // when it suits the phone's battery
	}
	return &messaging.APNSConfig{Headers: headers, Payload: &messaging.APNSPayload{Aps: aps}}
}

// forWeb is the message as a browser shows it.
func forWeb(m Message, ttl time.Duration) *messaging.WebpushConfig {
	out := &messaging.WebpushConfig{
		Headers: map[string]string{"TTL": strconv.FormatInt(int64(ttl/time.Second), 10)},
	}
	if m.IsPrompt {
		out.Headers["Urgency"] = "high" // or a phone that sleeps gets it when it wakes
	}
	shown := &messaging.WebpushNotification{Icon: m.Icon, Language: m.Language, RequireInteraction: m.IsQuestion || m.IsUrgent, Silent: !m.sounds()}
	if m.NoticeID != "" {
		out.Headers["Topic"] = topic(m.NoticeID)                                        // replaces it while it waits
		shown.Tag, shown.Renotify = CollapseID(m.NoticeID), m.SoundsAgain && m.sounds() // the tag replaces it on the screen
	}
	if !m.At.IsZero() {
		at := m.At.UnixMilli()
		shown.TimestampMillis = &at
	}
	for _, a := range m.Actions {
		shown.Actions = append(shown.Actions, &messaging.WebpushNotificationAction{Action: a.Name, Title: a.Title})
	}
	out.Notification = shown
	if link, err := url.ParseRequestURI(m.Link); err == nil && link.Scheme == "https" && link.Host != "" {
		out.FCMOptions = &messaging.WebpushFCMOptions{Link: m.Link}
	}
	return out
}
