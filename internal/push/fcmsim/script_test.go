package fcmsim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestScriptsOfPlatformsAndTurns(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	s.ScriptPlatform("IOS", ThirdPartyAuth())
	s.ScriptEvery(3, Internal())
	s.Script("special", OK())
	ask := func(device, platform string) int { return s.next(Push{Device: device, Platform: platform}).status }
	if got := ask("a", "IOS"); got != 401 {
		t.Errorf("an iPhone got %d", got)
	}
	if got := ask("special", "IOS"); got != 0 {
		t.Errorf("a device's own script does not come first: %d", got)
	}
	var got [6]int
	for i := range got {
		got[i] = ask("b", "ANDROID")
	}
	if want := [6]int{0, 0, 500, 0, 0, 500}; got != want {
		t.Errorf("every third: %v, want %v", got, want)
	}
	s.ScriptPlatform("IOS", OK())
	s.ScriptEvery(0, OK())
	for range 4 {
		if got := ask("a", "IOS"); got != 0 {
			t.Errorf("taken back, and still %d", got)
		}
	}
}

func TestTheLogCanBeAsked(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	for _, device := range []string{"a", "b", "a"} {
		s.deliver(arrival{push: Push{Device: device, Title: "Hej", Data: map[string]string{"noticeId": "n-" + device}}})
	}
	for query, want := range map[string]int{"": 3, "?device=a": 2, "?noticeId=n-b": 1, "?device=a&noticeId=n-b": 0} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/log"+query, nil))
		var log struct {
			Received int
			Pushes   []Push
		}
		if err := json.Unmarshal(w.Body.Bytes(), &log); err != nil || w.Code != 200 {
			t.Fatal(w.Code, err)
		}
		if len(log.Pushes) != want || log.Received != 3 {
			t.Errorf("%q: %d pushes of %d received, want %d of 3", query, len(log.Pushes), log.Received, want)
		}
	}
}

// The log has refused messages too, with their answers.
func TestTheLogHasEveryTry(t *testing.T) {
	t.Parallel()
	s := New(Options{Keep: 5})
	url, stop, err := Start(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	s.Script("gone", Unregistered())
	s.Script("odd", InvalidPayload())
	s.ScriptPlatform("IOS", ThirdPartyAuth())
	send := func(device, platform string) {
		t.Helper()
		body := `{"message": {"token": "` + device + `", "data": {"noticeId": "n"}` + map[string]string{
			"ANDROID": `, "android": {"ttl": "60s"}`, "IOS": `, "apns": {"headers": {"apns-priority": "5"}}`}[platform] + `}}`
		res, err := http.Post(url+"/v1/projects/p/messages:send", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	send("old", "ANDROID") // the log is full before the last
	send("a", "ANDROID")
	send("gone", "ANDROID")
	send("odd", "ANDROID")
	send("b", "IOS")
	send("a", "ANDROID")
	for query, want := range map[string][]string{
		"":                     {"OK", "UNREGISTERED", "INVALID_ARGUMENT", "THIRD_PARTY_AUTH_ERROR", "OK"},
		"?answer=OK":           {"OK", "OK"},
		"?platform=IOS":        {"THIRD_PARTY_AUTH_ERROR"},
		"?device=gone":         {"UNREGISTERED"},
		"?noticeId=n&device=b": {"THIRD_PARTY_AUTH_ERROR"},
		"?noticeId=m":          nil,
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/log"+query, nil))
		var log struct{ Tries []Try }
		if err := json.Unmarshal(w.Body.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, try := range log.Tries {
			got = append(got, try.Answer)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
	}
}
