package fcmsim

import "encoding/json"

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
	Color          string          `json:"color"`
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
