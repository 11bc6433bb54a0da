package fcmsim

import "encoding/json"

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
