package fcmsim

import (
	"encoding/json"
	"net/http/httptest"
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
		s.deliver(Push{Device: device, Title: "Hej", Data: map[string]string{"noticeId": "n-" + device}})
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
