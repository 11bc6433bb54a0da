package fcmsim_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWhatFCMRefuses(t *testing.T) {
	for name, row := range map[string]struct{ body, field string }{
		"not JSON":               {`hello`, "message"},
		"nothing":                {`{}`, "message"},
		"two messages":           {to("a") + to("b"), "message"},
		"unknown name":           {`{"message":{"token":"a","titel":"x"}}`, "message"},
		"no target":              {`{"message":{"notification":{"title":"x"}}}`, "message"},
		"two targets":            {`{"message":{"token":"a","fid":"b"}}`, "message"},
		"number in data":         {`{"message":{"token":"a","data":{"n":12}}}`, "message.data"},
		"reserved name":          {`{"message":{"token":"a","data":{"from":"x"}}}`, "message.data"},
		"reserved prefix":        {`{"message":{"token":"a","data":{"google.x":"x"}}}`, "message.data"},
		"too big":                {fmt.Sprintf(`{"message":{"token":"a","data":{"k":%q}}}`, strings.Repeat("x", 4096)), "message"},
		"too many bytes":         {fmt.Sprintf(`{"message":{"token":"a","notification":{"body":%q}}}`, strings.Repeat("æ", 2049)), "message"},
		"huge":                   {strings.Repeat(" ", 1<<20) + to("a"), "message"},
		"ttl in minutes":         {`{"message":{"token":"a","android":{"ttl":"5m"}}}`, "message.android.ttl"},
		"ttl of a year":          {`{"message":{"token":"a","android":{"ttl":"31536000s"}}}`, "message.android.ttl"},
		"priority":               {`{"message":{"token":"a","android":{"priority":"urgent"}}}`, "message.android.priority"},
		"collapse id":            {fmt.Sprintf(`{"message":{"token":"a","apns":{"headers":{"apns-collapse-id":%q}}}}`, strings.Repeat("x", 65)), "message.apns.headers"},
		"long topic":             {fmt.Sprintf(`{"message":{"token":"a","webpush":{"headers":{"Topic":%q}}}}`, strings.Repeat("x", 33)), "message.webpush.headers"},
		"unsafe topic":           {`{"message":{"token":"a","webpush":{"headers":{"Topic":"a:b"}}}}`, "message.webpush.headers"},
		"http link":              {`{"message":{"token":"a","webpush":{"fcm_options":{"link":"http://x"}}}}`, "message.webpush.fcm_options.link"},
		"android name":           {`{"message":{"token":"a","android":{"notification":{"badge":"3"}}}}`, "message.android.notification"},
		"web name":               {`{"message":{"token":"a","webpush":{"notification":{"require_interaction":true}}}}`, "message.webpush.notification"},
		"web action name":        {`{"message":{"token":"a","webpush":{"notification":{"actions":[{"name":"A"}]}}}}`, "message.webpush.notification.actions[0]"},
		"option name":            {`{"message":{"token":"a","fcm_options":{"label":"x"}}}`, "message.fcm_options"},
		"aps name":               {apple(`"aps":{"thread_id":"x"}`), "message.apns.payload.aps"},
		"no aps":                 {apple(`"sound":"default"`), "message.apns.payload"},
		"badge as text":          {apple(`"aps":{"badge":"3"}`), "message.apns.payload.aps.badge"},
		"negative badge":         {apple(`"aps":{"badge":-1}`), "message.apns.payload.aps.badge"},
		"level":                  {apple(`"aps":{"interruption-level":"timeSensitive"}`), "message.apns.payload.aps.interruption-level"},
		"content":                {apple(`"aps":{"content-available":2}`), "message.apns.payload.aps.content-available"},
		"mutable":                {apple(`"aps":{"mutable-content":-1}`), "message.apns.payload.aps.mutable-content"},
		"relevance":              {apple(`"aps":{"relevance-score":3}`), "message.apns.payload.aps.relevance-score"},
		"category alone":         {apple(`"aps":{"category":"SEAT_OFFERED"}`), "message.apns.payload.aps.category"},
		"push type":              {`{"message":{"token":"a","apns":{"headers":{"apns-push-type":"silent"}}}}`, "message.apns.headers"},
		"apple priority":         {`{"message":{"token":"a","apns":{"headers":{"apns-priority":"high"}}}}`, "message.apns.headers"},
		"expiration":             {`{"message":{"token":"a","apns":{"headers":{"apns-expiration":"2026-05-01"}}}}`, "message.apns.headers"},
		"data at once":           {`{"message":{"token":"a","apns":{"headers":{"apns-priority":"10"}}}}`, "message.apns.headers"},
		"background 10":          {background("10", `"content-available":1`), "message.apns.headers"},
		"background, no content": {background("5", ``), "message.apns.payload.aps"},
		"background sound":       {background("5", `"content-available":1,"sound":"default"`), "message.apns.payload.aps"},
		"background badge":       {background("5", `"content-available":1,"badge":0`), "message.apns.payload.aps"},
		"background alert":       {background("5", `"content-available":1,"alert":"x"`), "message.apns.payload.aps"},
		"background title": {`{"message":{"token":"a","notification":{"title":"x"},"apns":{"headers":{"apns-push-type":"background"},
			"payload":{"aps":{"content-available":1}}}}}`, "message.apns.payload.aps"},
		"big for Apple":           {bigForApple(4096), "message.apns.payload"},
		"visibility":              {android(`"visibility":"private"`), "message.android.notification.visibility"},
		"importance":              {android(`"notification_priority":"HIGH"`), "message.android.notification.notification_priority"},
		"proxy":                   {android(`"proxy":"NO"`), "message.android.notification.proxy"},
		"negative count":          {android(`"notification_count":-1`), "message.android.notification.notification_count"},
		"count as text":           {android(`"notification_count":"3"`), "message.android.notification.notification_count"},
		"event time":              {android(`"event_time":"today"`), "message.android.notification.event_time"},
		"label":                   {`{"message":{"token":"a","fcm_options":{"analytics_label":"seat offered"}}}`, "message.fcm_options.analytics_label"},
		"long label":              {fmt.Sprintf(`{"message":{"token":"a","apns":{"fcm_options":{"analytics_label":%q}}}}`, strings.Repeat("x", 51)), "message.apns.fcm_options.analytics_label"},
		"android label":           {`{"message":{"token":"a","android":{"fcm_options":{"analytics_label":"å"}}}}`, "message.android.fcm_options.analytics_label"},
		"web label":               {`{"message":{"token":"a","webpush":{"fcm_options":{"analytics_label":"å"}}}}`, "message.webpush.fcm_options.analytics_label"},
		"renotify":                {web(`"renotify":true`), "message.webpush.notification.renotify"},
		"vibrate":                 {web(`"silent":true,"vibrate":[200]`), "message.webpush.notification.vibrate"},
		"time as text":            {web(`"timestamp":"2026-05-01T12:00:00Z"`), "message.webpush.notification.timestamp"},
		"negative time":           {web(`"timestamp":-1`), "message.webpush.notification.timestamp"},
		"direction":               {web(`"dir":"up"`), "message.webpush.notification.dir"},
		"untitled action":         {web(`"actions":[{"action":"A"}]`), "message.webpush.notification.actions"},
		"action alone":            {web(`"actions":[{"action":"A","title":"Ja"}]`), "message.webpush.notification.actions"},
		"urgency":                 {`{"message":{"token":"a","webpush":{"headers":{"Urgency":"urgent"}}}}`, "message.webpush.headers"},
		"web ttl":                 {`{"message":{"token":"a","webpush":{"headers":{"TTL":"60s"}}}}`, "message.webpush.headers"},
		"actions, no list":        {data("actions", `{}`), "message.data"},
		"action, unknown name":    {data("actions", `[{"name":"A","title":"Ja","mutation":"m","input":{"clientMutationId":"k"},"url":"x"}]`), "message.data"},
		"action without a name":   {data("actions", `[{"title":"Ja","mutation":"m","input":{"clientMutationId":"k"}}]`), "message.data"},
		"action without a title":  {data("actions", `[{"name":"A","mutation":"m","input":{"clientMutationId":"k"}}]`), "message.data"},
		"action without mutation": {data("actions", `[{"name":"A","title":"Ja","input":{"clientMutationId":"k"}}]`), "message.data"},
		"action without a key":    {data("actions", `[{"name":"A","title":"Ja","mutation":"m","input":{"eventId":"e"}}]`), "message.data"},
		"removal of nothing":      {data("remove", `[]`), "message.data"},
		"removal without a tag":   {data("remove", `["n1",""]`), "message.data"},
		"removal of a number":     {data("remove", `[1]`), "message.data"},
		"negative unread":         {data("unread", `-1`), "message.data"},
		"unread, no number":       {data("unread", `many`), "message.data"},
		"a removal that is shown": {`{"message":{"token":"a","notification":{"title":"x"},"data":{"remove":"[\"n1\"]"}}}`, "message.data"},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			status, body, _ := post(sim, row.body)
			if status != http.StatusBadRequest {
				t.Errorf("status %d, want 400: %s", status, body)
			}
			if !strings.Contains(body, `"status":"INVALID_ARGUMENT"`) || !strings.Contains(body, "google.rpc.BadRequest") ||
				!strings.Contains(body, `"field":"`+row.field+`"`) {
				t.Errorf("want INVALID_ARGUMENT with a BadRequest about %s: %s", row.field, body)
			}
			if sim.Received() != 0 {
				t.Error("it arrived all the same")
			}
		})
	}
}

// android, apple and web are messages with that in the notification of one platform.
func android(part string) string {
	return fmt.Sprintf(`{"message":{"token":"a","android":{"notification":{%s}}}}`, part)
}

func apple(part string) string {
	return fmt.Sprintf(`{"message":{"token":"a","apns":{"payload":{%s}}}}`, part)
}

func web(part string) string {
	return fmt.Sprintf(`{"message":{"token":"a","webpush":{"notification":{%s}}}}`, part)
}

// background is a push that only wakes the iPhone's app.
func background(priority, aps string) string {
	return fmt.Sprintf(`{"message":{"token":"a","apns":{"headers":{"apns-push-type":"background","apns-priority":%q},"payload":{"aps":{%s}}}}}`, priority, aps)
}

// data is a message with one value in its data.
func data(key, value string) string {
	return fmt.Sprintf(`{"message":{"token":"a","data":{%q:%q}}}`, key, value)
}

// bigForApple has so many bytes of data by FCM's count, half of them quotation marks, which are two bytes in JSON.
func bigForApple(size int) string {
	return fmt.Sprintf(`{"message":{"token":"a","data":{"k":%q},"apns":{"headers":{"apns-priority":"5"}}}}`, strings.Repeat(`x"`, (size-1)/2))
}

// Refusals are in the words of FCM and Apple, where they are known.
func TestWordsOfRefusals(t *testing.T) {
	const apns = `{"@type":"type.googleapis.com/google.firebase.fcm.v1.ApnsError","statusCode":400,"reason":`
	for body, want := range map[string]string{
		android(`"badge":"3"`):                                                     `"message":"Invalid JSON payload received. Unknown name \"badge\" at 'message.android.notification': Cannot find field."`,
		`{"message":{"token":"a"},"dry":true}`:                                     `"message":"Invalid JSON payload received. Unknown name \"dry\" at '': Cannot find field."`,
		data("k", strings.Repeat("x", 4096)):                                       `"message":"Android message is too big"`,
		apple(`"alert":"x"`):                                                       `Payload of Apple Push Notification Service must contain an [aps] key.`,
		background("10", `"content-available":1`):                                  apns + `"BadPriority"}`,
		`{"message":{"token":"a","apns":{"headers":{"apns-push-type":"silent"}}}}`: apns + `"InvalidPushType"}`,
		`{"message":{"token":"a","apns":{"headers":{"apns-expiration":"soon"}}}}`:  apns + `"BadExpirationDate"}`,
		`{"message":{"token":"a","apns":{"headers":{"apns-collapse-id":"` + strings.Repeat("x", 65) + `"}}}}`: apns + `"BadCollapseId"}`,
	} {
		if _, got, _ := post(newSim(), body); !strings.Contains(got, want) {
			t.Errorf("%.100s: %s, want %s", body, got, want)
		}
	}
}

func TestWhatFCMTakes(t *testing.T) {
	for name, row := range map[string]struct{ body, device, collapseKey string }{
		"token":         {to("a"), "a", ""},
		"fid":           {`{"message":{"fid":"f"}}`, "f", ""},
		"topic":         {`{"message":{"topic":"t"}}`, "/topics/t", ""},
		"condition":     {`{"message":{"condition":"'t' in topics"}}`, "'t' in topics", ""},
		"full":          {fmt.Sprintf(`{"message":{"token":"a","data":{"k":%q}}}`, strings.Repeat("x", 4095)), "a", ""},
		"web tag":       {`{"message":{"fid":"f","webpush":{"headers":{"Topic":"t"},"notification":{"tag":"n"}}}}`, "f", "t"},
		"web topic":     {`{"message":{"fid":"f","webpush":{"headers":{"Topic":"t"}}}}`, "f", "t"},
		"custom apns":   {apple(`"aps":{"alert":{"title":"x"},"badge":0},"custom":1`), "a", ""},
		"big for Apple": {bigForApple(2600), "a", ""},
		"big, no Apple": {data("k", strings.Repeat(`"`, 4000)), "a", ""},
		"background":    {background("5", `"content-available":1`), "a", ""},
		"label":         {`{"message":{"token":"a","fcm_options":{"analytics_label":"seat_offered-1.~%"}}}`, "a", ""},
		"android look":  {android(`"visibility":"PRIVATE","notification_priority":"PRIORITY_MAX","proxy":"DENY","event_time":"2026-05-01T12:00:00.000000001Z","notification_count":0`), "a", ""},
		"web look":      {web(`"tag":"n","renotify":true,"timestamp":1777636800000,"lang":"da","silent":false,"vibrate":[1]`), "a", ""},
		"upper case":    {`{"message":{"token":"a","android":{"priority":"HIGH","ttl":"3.500000000s"}}}`, "a", ""},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			status, body, _ := post(sim, row.body)
			if status != http.StatusOK || strings.TrimSpace(body) != `{"name":"projects/p/messages/0:0000000000000001"}` {
				t.Fatalf("status %d: %s", status, body)
			}
			if p := sim.Pushes()[0]; p.Device != row.device || p.CollapseKey != row.collapseKey {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestDryRunReachesNobody(t *testing.T) {
	sim := newSim()
	if status, body, _ := post(sim, `{"validate_only":true,"message":{"token":"a"}}`); status != http.StatusOK {
		t.Errorf("status %d: %s", status, body)
	}
	if sim.Received() != 0 {
		t.Error("a dry run arrived")
	}
}

func TestOnlyOneDoor(t *testing.T) {
	sim := newSim()
	for target, want := range map[string]int{
		"GET /v1/projects/p/messages:send":  http.StatusMethodNotAllowed,
		"POST /projects/p/messages:send":    http.StatusNotFound,
		"POST /v1/projects/p/messages":      http.StatusNotFound,
		"POST /v1/projects/p/messages:send": http.StatusOK,
	} {
		method, path, _ := strings.Cut(target, " ")
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(to("a"))))
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", target, w.Code, want)
		}
	}
}
