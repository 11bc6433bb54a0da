package push

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"time"

	"firebase.google.com/go/v4/messaging"
)

// MaxRemoves is how many notices one message may take off a screen, so that it stays well under what FCM and
// Apple take.
const MaxRemoves = 40

// removal gives a message that takes earlier ones off the screen the form of each platform. It shows nothing
// and makes no sound: the app reads what to remove in its data.
func removal(out *messaging.Message, m Message, ttl time.Duration, expires time.Time) {
	out.Notification = nil
	out.Data = removalData(m)
	seconds := strconv.FormatInt(int64(ttl/time.Second), 10)
	if out.Android != nil {
		out.Android = &messaging.AndroidConfig{Priority: "normal", TTL: &ttl} // FCM lowers senders who wake phones and show nothing
	}
	if out.APNS != nil {
		out.APNS = &messaging.APNSConfig{
			Headers: map[string]string{"apns-push-type": "background", "apns-priority": "5", "apns-expiration": strconv.FormatInt(expires.Unix(), 10)},
			Payload: &messaging.APNSPayload{Aps: &messaging.Aps{ContentAvailable: true}},
		}
	}
	if out.Webpush != nil {
		out.Webpush = &messaging.WebpushConfig{Headers: map[string]string{"TTL": seconds, "Urgency": "low"}}
	}
}

// removalData are the tags of what the message takes off the screen, as a JSON array, and the number that is then
// on the app's icon.
func removalData(m Message) map[string]string {
	tags := make([]string, len(m.Removes))
	for i, noticeID := range m.Removes {
		tags[i] = CollapseID(noticeID)
	}
	var list strings.Builder
	in := json.NewEncoder(&list)
	in.SetEscapeHTML(false) // tags are visible ASCII
	_ = in.Encode(tags)     //nolint:errchkjson // strings always marshal
	data := maps.Clone(m.Data)
	if data == nil {
		data = map[string]string{}
	}
	data["remove"] = strings.TrimSpace(list.String())
	if m.Unread != nil {
		data["unread"] = strconv.Itoa(max(0, *m.Unread))
	}
	return data
}
