package fcmsim_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	"faellesskab/internal/push/fcmsim"
)

// show is a push that an iPhone shows.
func show(device, tag, thread, title string, badge int) string {
	return fmt.Sprintf(`{"message":{"token":%q,"notification":{"title":%q,"body":"kl. 18"},"apns":{"headers":{"apns-collapse-id":%q},
		"payload":{"aps":{"thread-id":%q,"badge":%d,"sound":"default"}}}}}`, device, title, tag, thread, badge)
}

// takeAway is a background push that takes others off an iPhone's screen.
func takeAway(device string, tags ...string) string {
	list, _ := json.Marshal(tags)
	return fmt.Sprintf(`{"message":{"token":%q,"data":{"remove":%q,"unread":"0"},"apns":{"headers":{"apns-push-type":"background","apns-priority":"5"},
		"payload":{"aps":{"content-available":1}}}}}`, device, list)
}

// A screen groups what stands on it, and knows what replaced what and what was taken away.
func TestAScreenAsItStandsNow(t *testing.T) {
	now := clock.NewManual(noon)
	sim := fcmsim.New(fcmsim.Options{Clock: now})
	for _, body := range []string{
		show("a", "n1", "group_1", "Fællesspisning", 1), show("b", "n1", "group_1", "En andens", 1), show("a", "n2", "event_1", "I morgen", 2),
		show("a", "n3", "group_1", "Loppemarked", 3), show("a", "n1", "group_1", "Fællesspisning aflyst", 3), takeAway("a", "n2", "n9"),
	} {
		if status, answer, _ := post(sim, body); status != 200 {
			t.Fatal(answer)
		}
		now.Advance(time.Minute)
	}
	sim.Dismiss("a", "n3")
	got, ok := sim.Screen("a")
	zero := 0
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	want := fcmsim.Screen{
		Device: "a", Platform: "IOS", Badge: &zero,
		Threads: []fcmsim.Thread{{Thread: "group_1", Pushes: []fcmsim.Shown{
			{Tag: "n1", Title: "Fællesspisning aflyst", Body: "kl. 18", Thread: "group_1", Level: "active", Buttons: []string{}, ReceivedAt: at(4)},
		}}},
		History: []fcmsim.Change{
			{At: at(0), Change: "SHOWN", Tag: "n1", Text: "Fællesspisning · kl. 18", Sound: "default"},
			{At: at(2), Change: "SHOWN", Tag: "n2", Text: "I morgen · kl. 18", Sound: "default"},
			{At: at(3), Change: "SHOWN", Tag: "n3", Text: "Loppemarked · kl. 18", Sound: "default"},
			{At: at(4), Change: "REPLACED", Tag: "n1", Text: "Fællesspisning aflyst · kl. 18", Was: "Fællesspisning · kl. 18", Sound: "default"},
			{At: at(5), Change: "REMOVED", Tag: "n2", Text: "I morgen · kl. 18"},
			{At: at(5), Change: "MISSED", Tag: "n9"},
			{At: at(6), Change: "DISMISSED", Tag: "n3", Text: "Loppemarked · kl. 18"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("screen (-want +got):\n%s", diff)
	}
}

// Pushes without a tag stand beside each other, and threads stand in the order of their newest.
func TestAScreenIsGroupedTheNewestFirst(t *testing.T) {
	sim := newSim()
	for i, thread := range []string{"x", "", "y", "x", ""} {
		post(sim, show("a", "", thread, fmt.Sprint(i), 0))
	}
	screen, _ := sim.Screen("a")
	var got []string
	for _, thread := range screen.Threads {
		line := thread.Thread + ":"
		for _, p := range thread.Pushes {
			line += p.Title
		}
		got = append(got, line)
	}
	if want := []string{":4", "x:30", "y:2", ":1"}; !slices.Equal(got, want) {
		t.Errorf("threads %v, want %v", got, want)
	}
}

// Apple lets three background pushes an hour reach the app. FCM takes the rest, and nobody gets them.
func TestBackgroundPushesReachAnAppThreeTimesAnHour(t *testing.T) {
	now := clock.NewManual(noon)
	sim := fcmsim.New(fcmsim.Options{Clock: now})
	for _, minute := range []int{0, 10, 20, 59, 60, 69, 70} {
		now.Advance(noon.Add(time.Duration(minute) * time.Minute).Sub(now.Now()))
		for _, device := range []string{"a", "b"}[:1+minute/70] {
			if status, answer, _ := post(sim, takeAway(device, fmt.Sprint(minute))); status != 200 {
				t.Fatal(answer)
			}
		}
	}
	var got []string
	for _, p := range sim.Removals() {
		got = append(got, p.Device+p.Removes[0])
	}
	if want := []string{"a0", "a10", "a20", "a60", "a70", "b70"}; !slices.Equal(got, want) {
		t.Errorf("the app got %v, want %v", got, want)
	}
	screen, _ := sim.Screen("a")
	var lost []string
	for _, c := range screen.History {
		if c.Change == fcmsim.ChangeLost {
			lost = append(lost, c.Tag)
		}
	}
	if want := []string{"59", "69"}; !slices.Equal(lost, want) {
		t.Errorf("lost %v, want %v", lost, want)
	}
}

func TestAScreenRemembersSoMuch(t *testing.T) {
	sim := newSim()
	for i := range 60 {
		post(sim, show("a", "n1", "", fmt.Sprint(i), 0))
	}
	screen, _ := sim.Screen("a")
	if len(screen.History) != 50 || !strings.HasPrefix(screen.History[49].Text, "59") || len(screen.Threads) != 1 {
		t.Errorf("%d changes, %d threads", len(screen.History), len(screen.Threads))
	}
}

func TestAScreenOverHTTP(t *testing.T) {
	sim := newSim()
	post(sim, show("a:b", "n1", "x", "Hej", 2))
	get := func(device string) (int, string) {
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, httptest.NewRequest("GET", "/screen?device="+device, nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	const want = `{"device":"a:b","platform":"IOS","badge":2,"threads":[{"thread":"x","pushes":[{"tag":"n1","title":"Hej","body":"kl. 18","thread":"x",` +
		`"channel":"","level":"active","buttons":[],"receivedAt":"2026-05-01T12:00:00Z"}]}],` +
		`"history":[{"at":"2026-05-01T12:00:00Z","change":"SHOWN","tag":"n1","text":"Hej · kl. 18","was":"","sound":"default"}]}`
	if status, body := get("a%3Ab"); status != 200 || body != want {
		t.Errorf("%d %s, want %s", status, body, want)
	}
	if status, body := get("nobody"); status != 404 || body != `{"error":"No push has come to a phone \"nobody\"."}` {
		t.Errorf("%d %s", status, body)
	}
}
