package push_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"faellesskab/internal/clock"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

var phone = push.Device{Kind: push.KindToken, Value: "phone-1", Platform: push.PlatformAndroid}

var notice = push.Message{
	NoticeID: "notice_1",
	Title:    "Fællesspisning på Østerbro",
	Body:     "Kåre: vi mødes kl. 18 🍲",
	Language: "da",
	Channel:  "events",
	Thread:   "group_1",
	IsPrompt: true,
	Unread:   &three,
	At:       noon,
	Label:    "event_published",
	Data:     map[string]string{"event": "event_1"},
	TTL:      90 * time.Minute,
	Link:     "https://faellesskab.example/e/1",
	Icon:     "https://faellesskab.example/icons/notice-192.png",
}

var three = 3

// actions are buttons as the app gets them.
const actions = `[{"name":"ACCEPT_OFFER","title":"Ja tak","mutation":"acceptOffer","input":{"occurrenceId":"occ_1","clientMutationId":"1"}},
	{"name":"DECLINE_OFFER","title":"Nej tak","mutation":"declineOffer","input":{"occurrenceId":"occ_1","clientMutationId":"2"}}]`

// fcm is the real client, talking to a server of the test.
func fcm(t testing.TB, url string, timeout time.Duration) *push.FCM {
	t.Helper()
	f, err := push.NewFCM(t.Context(), push.Options{
		ProjectID:        "kvarter",
		Endpoint:         url,
		InsecureEndpoint: true,
		Timeout:          timeout,
		Clock:            clock.NewManual(noon),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func simulator(t testing.TB) (*fcmsim.Simulator, string) {
	t.Helper()
	sim := fcmsim.New(fcmsim.Options{Clock: clock.NewManual(noon)})
	url, stop, err := fcmsim.Start(t.Context(), sim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return sim, url
}

// recorder notes what reaches the simulator, byte for byte.
type recorder struct {
	next http.Handler

	mu     sync.Mutex
	method string
	path   string
	body   string
}

func record(t *testing.T) (*recorder, *fcmsim.Simulator, string) {
	t.Helper()
	sim := fcmsim.New(fcmsim.Options{Clock: clock.NewManual(noon)})
	r := &recorder{next: sim}
	srv := httptest.NewServer(r)
	t.Cleanup(srv.Close)
	return r, sim, srv.URL
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	r.method, r.path, r.body = req.Method, req.URL.Path, string(body)
	r.mu.Unlock()
	again := req.Clone(req.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	r.next.ServeHTTP(w, again)
}

func (r *recorder) seen() (method, path, body string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.method, r.path, r.body
}
