package push_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/push"
)

const head = `"notification": {"title": "Fællesspisning på Østerbro", "body": "Kåre: vi mødes kl. 18 🍲"}, "data": {"event": "event_1"},
	"fcm_options": {"analytics_label": "event_published"}`

// FCM gets exactly this message, for each platform and each kind of address.
func TestWhatReachesFCM(t *testing.T) {
	const android = `"android": {"priority": "high", "ttl": "5400s", "notification": {"channel_id": "events", "tag": "notice_1", "default_sound": true,
		"notification_priority": "PRIORITY_HIGH", "notification_count": 3}}`
	const apns = `"apns": {"headers": {"apns-collapse-id": "notice_1", "apns-expiration": "1777642200", "apns-push-type": "alert", "apns-priority": "10"},
		"payload": {"aps": {"sound": "default", "thread-id": "group_1", "interruption-level": "active", "badge": 3}}}`
	const web = `"webpush": {"headers": {"TTL": "5400", "Topic": "notice_1", "Urgency": "high"},
		"notification": {"tag": "notice_1", "lang": "da", "icon": "https://faellesskab.example/icons/notice-192.png", "timestamp": 1777636800000},
		"fcm_options": {"link": "https://faellesskab.example/e/1"}}`

	for name, row := range map[string]struct {
		to   push.Device
		want string
	}{
		"Android": {
			push.Device{Kind: push.KindToken, Value: "a", Platform: push.PlatformAndroid}, `"token": "a", ` + android,
		},
		"iOS": {
			push.Device{Kind: push.KindToken, Value: "i", Platform: push.PlatformIOS}, `"token": "i", ` + apns,
		},
		"web": {
			push.Device{Kind: push.KindFID, Value: "w", Platform: push.PlatformWeb}, `"fid": "w", ` + web,
		},
		"unknown": {
			push.Device{Kind: push.KindFID, Value: "u"}, `"fid": "u", ` + android + "," + apns + "," + web,
		},
	} {
		t.Run(name, func(t *testing.T) {
			rec, sim, url := record(t)
			if got := fcm(t, url, 0).Send(t.Context(), row.to, notice); got.Outcome != push.Sent {
				t.Fatalf("got %+v, want SENT", got)
			}
			method, path, body := rec.seen()
			if method != "POST" || path != "/v1/projects/kvarter/messages:send" {
				t.Errorf("got %s %s", method, path)
			}
			want := `{"message": {` + head + ", " + row.want + `}}`
			if diff := cmp.Diff(object(t, want), object(t, body)); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			p := sim.Pushes()[0]
			if p.Device != row.to.Value || p.Title != notice.Title || p.Body != notice.Body || p.Tag != "notice_1" {
				t.Errorf("the phone got %+v", p)
			}
		})
	}
}

// What a message says of its look is told to each platform in its own words, and only then.
func TestAMessageLooksAsItSays(t *testing.T) {
	for name, row := range map[string]struct {
		change            func(*push.Message)
		android, ios, web []string
	}{
		"urgent": {
			func(m *push.Message) { m.Channel, m.Level, m.IsUrgent = "urgent", push.LevelTimeSensitive, true },
			[]string{`"channel_id":"urgent"`, `"default_vibrate_timings":true`, `"notification_priority":"PRIORITY_MAX"`},
			[]string{`"interruption-level":"time-sensitive"`},
			[]string{`"requireInteraction":true`},
		},
		"a question": {
			func(m *push.Message) {
				m.IsQuestion, m.Category, m.Actions = true, "SEAT_OFFERED", []push.Action{{"ACCEPT_OFFER", "Ja tak"}, {"DECLINE_OFFER", "Nej tak"}}
				m.Data = map[string]string{"actions": actions}
			},
			nil,
			[]string{`"category":"SEAT_OFFERED"`},
			[]string{`"requireInteraction":true`, `"actions":[{"action":"ACCEPT_OFFER","title":"Ja tak"},{"action":"DECLINE_OFFER","title":"Nej tak"}]`},
		},
		"what can wait": {
			func(m *push.Message) { m.IsPrompt = false },
			[]string{`"priority":"normal"`}, nil, nil,
		},
		"quiet": {
			func(m *push.Message) { m.Level, m.IsPrompt = push.LevelPassive, false },
			[]string{`"notification_priority":"PRIORITY_LOW"`},
			[]string{`"interruption-level":"passive"`, `"apns-priority":"5"`},
			[]string{`"silent":true`},
		},
		"in place of an earlier one, without a sound": {
			func(m *push.Message) { m.Level, m.IsSilent, m.SoundsAgain = push.LevelTimeSensitive, true, true },
			[]string{`"notification_priority":"PRIORITY_LOW"`},
			[]string{`"interruption-level":"passive"`, `"apns-priority":"5"`},
			[]string{`"silent":true`},
		},
		"in place of an earlier one, with something new": {
			func(m *push.Message) { m.SoundsAgain = true },
			nil, nil, []string{`"renotify":true`},
		},
		"not for a locked screen": {
			func(m *push.Message) { m.IsPrivate = true },
			[]string{`"visibility":"PRIVATE"`}, nil, nil,
		},
		"cut": {
			func(m *push.Message) { m.IsCut = true },
			nil, []string{`"mutable-content":1`}, nil,
		},
		"nothing unread": {
			func(m *push.Message) { m.Unread = new(int) },
			nil, []string{`"badge":0`}, nil,
		},
	} {
		for platform, want := range map[push.Platform][]string{push.PlatformAndroid: row.android, push.PlatformIOS: row.ios, push.PlatformWeb: row.web} {
			m := notice
			before := bodyOf(t, platform, m)
			row.change(&m)
			after := bodyOf(t, platform, m)
			for _, part := range want {
				if strings.Contains(before, part) || !strings.Contains(after, part) {
					t.Errorf("%s, %s: %s says %s, or does not any more: %s", name, platform, before, part, after)
				}
			}
			if m.Level == push.LevelPassive || m.IsSilent {
				for _, loud := range []string{"sound", "renotify", "PRIORITY_HIGH"} {
					if strings.Contains(after, loud) {
						t.Errorf("%s, %s: %s makes a sound", name, platform, after)
					}
				}
			}
		}
	}
}

// A number that is not known, or that would be negative, leaves the icon as it is.
func TestANumberIsNeverNegative(t *testing.T) {
	negative := -1
	for _, n := range []*int{nil, &negative} {
		m := notice
		m.Unread = n
		for _, platform := range []push.Platform{push.PlatformAndroid, push.PlatformIOS, push.PlatformWeb} {
			if body := bodyOf(t, platform, m); strings.Contains(body, "badge") || strings.Contains(body, "notification_count") {
				t.Errorf("%s got a number: %s", platform, body)
			}
		}
	}
}

// bodyOf is what FCM gets for a message to a platform.
func bodyOf(t *testing.T, platform push.Platform, m push.Message) string {
	t.Helper()
	rec, _, url := record(t)
	if got := fcm(t, url, 0).Send(t.Context(), push.Device{Kind: push.KindToken, Value: "a", Platform: platform}, m); got.Outcome != push.Sent {
		t.Fatalf("got %+v, want SENT", got)
	}
	_, _, body := rec.seen()
	return body
}

func TestLinksThatAreNotHTTPSStayBehind(t *testing.T) {
	browser := push.Device{Kind: push.KindFID, Value: "w", Platform: push.PlatformWeb}
	for _, link := range []string{"", "http://faellesskab.example/e/1", "faellesskab://e/1", "/e/1", "https:", "https://a b"} {
		rec, _, url := record(t)
		m := notice
		m.Link = link
		if got := fcm(t, url, 0).Send(t.Context(), browser, m); got.Outcome != push.Sent {
			t.Errorf("%q: got %+v, want SENT", link, got)
		}
		if _, _, body := rec.seen(); strings.Contains(body, `"link"`) {
			t.Errorf("%q: a link was sent: %s", link, body)
		}
	}
}

func TestLifetimeIsWholeSecondsWithinFCMsLimits(t *testing.T) {
	rec, _, url := record(t)
	f := fcm(t, url, 0)
	for ttl, want := range map[time.Duration]string{
		0:                       "86400s",
		-time.Hour:              "1s",
		time.Millisecond:        "1s",
		1999 * time.Millisecond: "1s",
		time.Hour:               "3600s",
		365 * 24 * time.Hour:    "2419200s",
	} {
		m := notice
		m.TTL = ttl
		if got := f.Send(t.Context(), phone, m); got.Outcome != push.Sent {
			t.Errorf("%v: got %+v, want SENT", ttl, got)
		}
		if _, _, body := rec.seen(); !strings.Contains(body, `"ttl":"`+want+`"`) {
			t.Errorf("%v: want %s in %s", ttl, want, body)
		}
	}
}

func TestCollapseIDsFitEveryPlatform(t *testing.T) {
	long := "person_01h455vb4pex5vsknk084sn02q:event_01h455vb4pex5vsknk084sn02q:changed"
	ids := []string{
		"", "a", strings.Repeat("a", 32), strings.Repeat("a", 33), strings.Repeat("a", 64), strings.Repeat("a", 65),
		"a:b", "a b", "blåbær", "linje\nskift", long, long + "2",
	}
	seen := map[string]string{}
	for _, id := range ids {
		got := push.CollapseID(id)
		if len(got) > 64 {
			t.Errorf("%q: %d bytes, want at most 64", id, len(got))
		}
		if other, ok := seen[got]; ok {
			t.Errorf("%q and %q share %q", id, other, got)
		}
		seen[got] = id
		if got != push.CollapseID(id) {
			t.Errorf("%q: a repeat has another id", id)
		}
		if keep := len(id) <= 64 && !strings.ContainsAny(id, " åæ\n"); keep != (got == id) {
			t.Errorf("%q became %q", id, got)
		}
		// The simulator refuses what Apple or a browser's service would refuse.
		rec, sim, url := record(t)
		m := notice
		m.NoticeID = id
		if res := fcm(t, url, 0).Send(t.Context(), push.Device{Kind: push.KindFID, Value: "u"}, m); res.Outcome != push.Sent {
			_, _, body := rec.seen()
			t.Errorf("%q: got %+v for %s", id, res, body)
			continue
		}
		if key := sim.Pushes()[0].Tag; key != got {
			t.Errorf("%q: sent under %q, want %q", id, key, got)
		}
	}
}

func TestEveryPlatformGetsTheSameDigest(t *testing.T) {
	rec, _, url := record(t)
	m := notice
	m.NoticeID = strings.Repeat("x", 65)
	fcm(t, url, 0).Send(t.Context(), push.Device{Kind: push.KindFID, Value: "u"}, m)
	_, _, body := rec.seen()
	id := push.CollapseID(m.NoticeID)
	// android tag, apns-collapse-id, Topic, web tag
	if n := strings.Count(body, `"`+id+`"`); n != 4 {
		t.Errorf("%q stands %d times, want 4, in %s", id, n, body)
	}
	if strings.Contains(body, m.NoticeID) {
		t.Errorf("the long id was sent too: %s", body)
	}
}

func object(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}
