package delivery_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/push"
)

// The longest texts that the inputs allow fit every platform with their buttons, by FCM's count and by that of the
// service that brings them to the phone. They are cut, and their times and sentences are not.
func TestTheLongestTextsFit(t *testing.T) {
	t.Parallel()
	x, w := newWire(t)
	far := clock.Moment{At: begins.At, Zone: "America/Argentina/Buenos_Aires"}
	moves := clock.Moves([]clock.Move{{From: far, To: begins}, {From: begins, To: far}, {From: far, To: far}})
	written := []string{"Title", "Group", "Place", "Reason", "Text", "Heading", "OldTitle", "Skill", "Skills", "Area", "Role", "Name", "Subjects"}
	most := map[string]int{}
	for name, one := range map[string]string{"Danish": "Rødgrød med fløde på Ærø, ", "all letters": "ÆØÅ", "one word": "å", "quotes": `"\`, "lines": "\nå", "pictures": "👩\u200d👩\u200d👧\u200d👦"} {
		for _, spec := range w.News.Kinds.All() {
			for _, l := range i18n.Languages {
				words := wordsOf(t, spec.Kind)
				maps.Copy(words, map[string]string{"AlsoAt": moves, "GoneAt": moves, "FromAt": far.String(), "NewTime": "1"})
				for _, word := range written {
					words[word] = strings.Repeat(one, 5000/len(one)+1)
				}
				m := x.WrittenIn(causeOf(spec, words), l, "America/New_York")
				for _, p := range []push.Platform{push.PlatformAndroid, push.PlatformIOS, push.PlatformWeb} {
					for by, n := range sizes(t, x.send(t, m, p)) {
						if n > 4096 {
							t.Errorf("%s in %s, %s: %d bytes for %s by %s", spec.Kind, l, name, n, p, by)
						}
						most[string(p)+" by "+by] = max(most[string(p)+" by "+by], n)
					}
				}
			}
		}
	}
	for _, at := range slices.Sorted(maps.Keys(most)) {
		t.Logf("the largest message for %s: %d bytes of 4,096", at, most[at])
	}
}

// sizes are how many bytes a message has by FCM's count, and about how many by that of the platform's service, with what
// FCM adds.
func sizes(t *testing.T, f form) map[string]int {
	t.Helper()
	n := map[string]int{"FCM": len(f.Notification.Title) + len(f.Notification.Body)}
	for key, value := range f.Data {
		n["FCM"] += len(key) + len(value)
	}
	payload := map[string]any{}
	for key, value := range f.Data {
		payload[key] = value
	}
	switch {
	case f.APNS != nil:
		aps := maps.Clone(f.APNS.Payload["aps"])
		aps["alert"] = map[string]string{"title": f.Notification.Title, "body": f.Notification.Body}
		payload["aps"] = aps
		n["Apple"] = 150 + jsonSize(t, payload)
	case f.Webpush != nil:
		shown := maps.Clone(f.Webpush.Notification)
		shown["title"], shown["body"] = f.Notification.Title, f.Notification.Body
		n["the browser's service"] = 150 + jsonSize(t, map[string]any{"data": payload, "notification": shown, "fcmOptions": f.Webpush.FCMOptions})
	}
	return n
}

func jsonSize(t *testing.T, v any) int {
	t.Helper()
	var b strings.Builder
	in := json.NewEncoder(&b)
	in.SetEscapeHTML(false)
	if err := in.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
