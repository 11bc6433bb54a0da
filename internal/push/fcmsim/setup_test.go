package fcmsim_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"faellesskab/internal/clock"
	"faellesskab/internal/push/fcmsim"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func to(device string) string { return fmt.Sprintf(`{"message":{"token":%q}}`, device) }

// post hands a body to the simulator without a network.
func post(sim http.Handler, body string) (status int, answer string, header http.Header) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/v1/projects/p/messages:send", bytes.NewBufferString(body))
	sim.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

// statuses are the answers to n messages for one device.
func statuses(sim http.Handler, device string, n int) []int {
	var got []int
	for range n {
		status, _, _ := post(sim, to(device))
		got = append(got, status)
	}
	return got
}

// start serves the simulator and gives a client that keeps nothing open.
func start(t *testing.T, sim *fcmsim.Simulator) (url string, client *http.Client) {
	t.Helper()
	url, stop, err := fcmsim.Start(t.Context(), sim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url + "/v1/projects/p/messages:send", &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

func newSim() *fcmsim.Simulator {
	return fcmsim.New(fcmsim.Options{Clock: clock.NewManual(noon)})
}

func drain(resp *http.Response) {
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}
