package delivery_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/delivery"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

var update = flag.Bool("update", false, "write the golden files")

var begins = clock.Moment{At: ct.Noon.Add(7 * 24 * time.Hour), Zone: clock.Copenhagen}

// samples are words as the nouns give them. Those of an answer or a state are the first that a text asks for.
var samples = map[string]string{
	"Title": "Fællesspisning", "Group": "Haven", "Place": "Beboerhuset", "Reason": "Kokken er syg.", "Text": "Husk at tage en tallerken med.",
	"Heading": "Parkering", "OldTitle": "Spisning", "Skill": "Førstehjælp", "Skills": "Førstehjælp", "Area": "Østerbro", "Role": "kasserer",
	"Subjects": "Haven: Fællesspisning · Nyt kursus: Knob", "More": "2", "Count": "5", "Answer": "ACTIVE", "Decision": "APPROVED", "Because": "LAPSED",
	"StartsAt": begins.String(), "EndsAt": clock.Moment{At: begins.At.Add(2 * time.Hour), Zone: clock.Copenhagen}.String(),
	"DeadlineAt": clock.Moment{At: ct.Noon.Add(24 * time.Hour)}.String(), "FromAt": clock.Moment{At: begins.At.Add(-time.Hour), Zone: clock.Copenhagen}.String(),
	"NewTime": "1",
}

// wire is what reaches FCM.
type wire struct {
	*delivery.Notifier
	fcm  *push.FCM
	body []byte
}

func newWire(t *testing.T) (*wire, *ct.World) {
	t.Helper()
	w := ct.New(t)
	x := &wire{Notifier: w.Notifier}
	srv := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		x.body, _ = io.ReadAll(r.Body)
		_, _ = to.Write([]byte(`{"name":"projects/test/messages/1"}`))
	}))
	t.Cleanup(srv.Close)
	x.fcm = ct.Must(push.NewFCM(t.Context(), push.Options{ProjectID: "test", Endpoint: srv.URL, InsecureEndpoint: true, Clock: w.Clock}))(t)
	t.Cleanup(x.fcm.Close)
	return x, w
}

// form is the parts of a message as FCM gets it.
type form struct {
	Notification struct{ Title, Body string }
	Data         map[string]string
	Android      *struct {
		Priority, TTL string
		Notification  map[string]any
	}
	APNS *struct {
		Headers map[string]string
		Payload map[string]map[string]any
	}
	Webpush *struct {
		Headers      map[string]string
		Notification map[string]any
		FCMOptions   map[string]any `json:"fcm_options"`
	}
	FCMOptions map[string]string `json:"fcm_options"`
}

// send is a message as FCM gets it for a platform.
func (x *wire) send(t *testing.T, m push.Message, p push.Platform) form {
	t.Helper()
	if r := x.fcm.Send(t.Context(), push.Device{Kind: push.KindToken, Value: "phone", Platform: p}, m); r.Outcome != push.Sent {
		t.Fatalf("%s to %s: %+v", m.Data["kind"], p, r)
	}
	var got struct{ Message form }
	if err := json.Unmarshal(x.body, &got); err != nil {
		t.Fatal(err)
	}
	return got.Message
}

// causeOf is news of a kind with these words.
func causeOf(spec notify.KindSpec, words map[string]string) notify.Cause {
	prefix := id.Announcement
	switch noun, _, _ := strings.Cut(string(spec.Kind), "_"); {
	case noun == "EVENT" || noun == "SEAT" || noun == "BOOKING":
		prefix = id.Event
	case noun == "COURSE" || noun == "SKILLS":
		prefix = id.Course
	case noun == "JOIN" || noun == "INVITATION" || noun == "GROUP" && spec.Kind != "GROUP_ANNOUNCEMENT":
		prefix = id.Group
	}
	subject := id.Derive(prefix, "thing")
	c := notify.Cause{Key: notify.Key(id.Pair(subject, id.Derive(id.Person, "reader")), "requested", "20261126121500"), Kind: spec.Kind, Subject: subject,
		GroupID: id.Derive(id.Group, "group"), Data: words}
	switch spec.Kind {
	case group.NoticeJoinRequested, group.NoticeInviteAnswered:
		c.About = id.Derive(id.Person, "neighbour")
	case notify.KindSummary:
		c.Subject, c.GroupID = "", ""
	}
	if spec.Args != nil {
		c.Args = notify.ArgsOf(filled(spec.Args))
	}
	return c
}

// filled are args whose ids are ids.
func filled(args any) any {
	v := reflect.New(reflect.TypeOf(args)).Elem()
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		prefix, isID := map[string]string{"PersonID": id.Person, "BookableID": id.Occurrence, "GroupID": id.Group}[name]
		switch {
		case isID && f.Kind() == reflect.String:
			f.SetString(id.Derive(prefix, "thing"))
		case f.Type() == reflect.TypeFor[time.Time]():
			f.Set(reflect.ValueOf(begins.At))
		}
	}
	return v.Interface()
}

// wordsOf are the sample words that the texts of a kind mention.
func wordsOf(t *testing.T, kind notify.Kind) map[string]string {
	t.Helper()
	words := map[string]string{}
	key := "notice." + strings.ToLower(string(kind))
	for _, name := range slices.Concat(i18n.Mentioned(key+".title"), i18n.Mentioned(key+".body")) {
		for _, given := range []string{name, name + "At", map[string]string{"When": "StartsAt", "Soon": "StartsAt", "Ends": "EndsAt"}[name]} {
			if word, ok := samples[given]; ok {
				words[given] = word
			}
		}
	}
	return words
}

// A product person can read here what a phone shows of each kind of news, and how it gets there. The file changes with
// a new kind and with every change of a look.
func TestLooks(t *testing.T) {
	t.Parallel()
	x, w := newWire(t)
	var b strings.Builder
	b.WriteString("What a phone shows of each kind of news. -update writes this file.\n")
	for _, spec := range w.News.Kinds.All() {
		fmt.Fprintf(&b, "\n%s (%s)\n", spec.Kind, spec.Family)
		c := causeOf(spec, wordsOf(t, spec.Kind))
		if c.Data["StartsAt"] != "" {
			c.ExpiresAt = &begins.At
		}
		x.draw(t, &b, c, false)
		if spec.Policy.PassesQuiet && !spec.Policy.IsUrgent {
			soon := ct.Noon.Add(2 * time.Hour)
			c.TurnsUpAt = &soon
			b.WriteString("  if somebody would turn up in vain within 12 hours:\n")
			x.looks(t, &b, x.Written(c, false))
		}
		if c.Data["Group"] != "" {
			fmt.Fprintf(&b, "  of a hidden group:\n    | %s\n", x.Written(c, true).Title)
		}
	}
	path := filepath.Join("testdata", "looks.golden.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), b.String()); diff != "" {
		t.Errorf("what phones show has changed (-golden +now); -update writes it:\n%s", diff)
	}
}

func (x *wire) draw(t *testing.T, b *strings.Builder, c notify.Cause, isDiscreet bool) {
	t.Helper()
	m := x.Written(c, isDiscreet)
	fmt.Fprintf(b, "    | %s\n    | %s\n", m.Title, m.Body)
	var buttons []string
	for _, a := range m.Actions {
		buttons = append(buttons, "["+a.Title+"]")
	}
	if len(buttons) > 0 {
		fmt.Fprintf(b, "    | %s\n", strings.Join(buttons, " "))
	}
	x.looks(t, b, m)
}

// looks writes a line for each platform, from what reaches FCM.
func (x *wire) looks(t *testing.T, b *strings.Builder, m push.Message) {
	t.Helper()
	prefix, _, _ := strings.Cut(m.Thread, "_")
	a := x.send(t, m, push.PlatformAndroid)
	shown := a.Android.Notification
	fmt.Fprintf(b, "  Android: channel %v, priority %s, rank %v, %s, number %v, locked screen %v, waits %s, label %s\n", shown["channel_id"], a.Android.Priority,
		or(shown["notification_priority"], "usual"), sound(shown["default_sound"]), shown["notification_count"], or(shown["visibility"], "as its owner says"), hours(t, a.Android.TTL), a.FCMOptions["analytics_label"])
	i := x.send(t, m, push.PlatformIOS)
	aps := i.APNS.Payload["aps"]
	fmt.Fprintf(b, "  iPhone:  level %v, priority %s, %s, number %v, thread %s, category %v\n", aps["interruption-level"], i.APNS.Headers["apns-priority"],
		sound(aps["sound"]), aps["badge"], prefix, or(aps["category"], "none"))
	s := x.send(t, m, push.PlatformWeb)
	of := s.Webpush.Notification
	fmt.Fprintf(b, "  browser: urgency %s, %s, stays until answered %t, %d buttons, lang %v\n", or(s.Webpush.Headers["Urgency"], "usual"), map[bool]string{true: "no sound", false: "sound"}[of["silent"] == true],
		of["requireInteraction"] == true, len(asList(of["actions"])), of["lang"])
}

func or(v any, otherwise string) any {
	if v == nil || v == "" {
		return otherwise
	}
	return v
}

func hours(t *testing.T, ttl string) string {
	t.Helper()
	return fmt.Sprintf("%.0f hours", ct.Must(time.ParseDuration(ttl))(t).Hours())
}

func sound(v any) string {
	if v == nil {
		return "no sound"
	}
	return "sound"
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}
