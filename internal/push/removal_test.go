package push

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// A message that removes as much as one may fits where FCM and Apple count, shows nothing, and wakes nobody.
func TestARemovalFitsAndShowsNothing(t *testing.T) {
	t.Parallel()
	m := Message{Label: "removal", TTL: time.Hour, Unread: new(int)}
	for i := range MaxRemoves {
		m.Removes = append(m.Removes, fmt.Sprintf("per_01jabcdefghjkmnpqrstvwxyz0:evt_01jabcdefghjkmnpqrstvwxyz:%d", 10+i)) // 64 bytes, the longest tag
	}
	if n := len(CollapseID(m.Removes[0])); n < 60 {
		t.Fatalf("the tags have %d bytes, and may have 64", n)
	}
	const most = 4096
	for _, platform := range []Platform{PlatformAndroid, PlatformIOS, PlatformWeb, ""} {
		out := compose(Device{Kind: KindToken, Value: "t", Platform: platform}, m, time.Now())
		size := 0
		for key, value := range out.Data {
			size += len(key) + len(value)
		}
		if out.Notification != nil || size > most {
			t.Errorf("on %q it shows %v, and has %d bytes", platform, out.Notification, size)
		}
		var tags []string
		if err := json.Unmarshal([]byte(out.Data["remove"]), &tags); err != nil || len(tags) != MaxRemoves || out.Data["unread"] != "0" {
			t.Errorf("on %q the app reads %v (%v) and %q", platform, tags, err, out.Data["unread"])
		}
		if out.Android != nil && (out.Android.Notification != nil || out.Android.Priority != "normal") {
			t.Errorf("Android: %+v", out.Android)
		}
		if out.APNS != nil {
			payload := map[string]any{"aps": out.APNS.Payload.Aps}
			for key, value := range out.Data {
				payload[key] = value
			}
			raw, err := json.Marshal(payload)
			want := map[string]string{"apns-push-type": "background", "apns-priority": "5", "apns-expiration": out.APNS.Headers["apns-expiration"]}
			if err != nil || len(raw) > most || !maps.Equal(out.APNS.Headers, want) || !strings.Contains(string(raw), `"content-available":1`) {
				t.Errorf("Apple gets %v and %d bytes (%v): %.100s", out.APNS.Headers, len(raw), err, raw)
			}
			t.Logf("%d removals are %d bytes for Apple", MaxRemoves, len(raw))
		}
		t.Logf("%d removals are %d bytes for FCM on %q", MaxRemoves, size, platform)
	}
}
