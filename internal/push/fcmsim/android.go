package fcmsim

import (
	"encoding/json"
	"strings"
	"time"
)

// androidConfig is what FCM does for Android phones alone.
type androidConfig struct {
	CollapseKey           string               `json:"collapse_key"`
	Priority              string               `json:"priority"`
	TTL                   string               `json:"ttl"`
	RestrictedPackageName string               `json:"restricted_package_name"`
	Data                  map[string]string    `json:"data"`
	Notification          *androidNotification `json:"notification"`
	FCMOptions            labelled             `json:"fcm_options"`
	DirectBootOK          bool                 `json:"direct_boot_ok"`
	BandwidthOK           bool                 `json:"bandwidth_constrained_ok"`
	SatelliteOK           bool                 `json:"restricted_satellite_ok"`
}

// androidNotification is how an Android phone shows it.
type androidNotification struct {
	Title          string          `json:"title"`
	Body           string          `json:"body"`
	Icon           string          `json:"icon"`
	Tint           string          `json:"color"` //nolint:misspell // FCM spells so
	Sound          string          `json:"sound"`
	Tag            string          `json:"tag"`
	ClickAction    string          `json:"click_action"`
	BodyLocKey     string          `json:"body_loc_key"`
	BodyLocArgs    []string        `json:"body_loc_args"`
	TitleLocKey    string          `json:"title_loc_key"`
	TitleLocArgs   []string        `json:"title_loc_args"`
	ChannelID      string          `json:"channel_id"`
	Image          string          `json:"image"`
	Ticker         string          `json:"ticker"`
	Sticky         bool            `json:"sticky"`
	EventTime      string          `json:"event_time"`
	LocalOnly      bool            `json:"local_only"`
	Priority       string          `json:"notification_priority"`
	VibrateTimings []string        `json:"vibrate_timings"`
	DefaultVibrate bool            `json:"default_vibrate_timings"`
	DefaultSound   bool            `json:"default_sound"`
	LightSettings  json.RawMessage `json:"light_settings"`
	DefaultLight   bool            `json:"default_light_settings"`
	Visibility     string          `json:"visibility"`
	Count          *int            `json:"notification_count"`
	Proxy          string          `json:"proxy"`
}

func (a androidConfig) isEmpty() bool { return a.CollapseKey == "" && a.TTL == "" }

// shown is the notification as the message has it; the zero value if it has none of Android's own.
func (a androidConfig) shown() androidNotification {
	if a.Notification == nil {
		return androidNotification{}
	}
	return *a.Notification
}

// checkAndroid finds what FCM would object to in Android's part.
func (m *message) checkAndroid() (wrong Answer, ok bool) {
	const at = "message.android."
	if wrong, ok = oneOf(at+"priority", strings.ToLower(m.Android.Priority), "high", "normal"); !ok {
		return wrong, false
	}
	if ttl := m.Android.TTL; ttl != "" && !isTTL(ttl) {
		return invalid(at+"ttl", "Not a duration between 0 and 28 days."), false
	}
	return m.Android.shown().check(at + "notification.")
}

func (n androidNotification) check(at string) (wrong Answer, ok bool) {
	if wrong, ok = oneOf(at+"notification_priority", n.Priority,
		"PRIORITY_UNSPECIFIED", "PRIORITY_MIN", "PRIORITY_LOW", "PRIORITY_DEFAULT", "PRIORITY_HIGH", "PRIORITY_MAX"); !ok {
		return wrong, false
	}
	if wrong, ok = oneOf(at+"visibility", n.Visibility, "VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"); !ok {
		return wrong, false
	}
	if wrong, ok = oneOf(at+"proxy", n.Proxy, "PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED"); !ok {
		return wrong, false
	}
	if n.Count != nil && *n.Count < 0 {
		return invalid(at+"notification_count", "The number is negative."), false
	}
	if _, err := time.Parse(time.RFC3339Nano, n.EventTime); n.EventTime != "" && err != nil {
		return invalid(at+"event_time", "Not a time in RFC 3339 format."), false
	}
	return Answer{}, true
}
