package fcmsim_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	"faellesskab/internal/push/fcmsim"
)

func TestLogIsWhatPhonesGot(t *testing.T) {
	now := clock.NewManual(noon)
	sim := fcmsim.New(fcmsim.Options{Clock: now})
	post(sim, `{"message":{"token":"a","notification":{"title":"Nyt sted","body":"Ærøgade 3"},
		"data":{"event":"e1"},"android":{"collapse_key":"n1"}}}`)
	now.Advance(time.Second)
	post(sim, `{"message":{"fid":"b","apns":{"headers":{"apns-collapse-id":"n2"}}}}`)

	want := []fcmsim.Push{
		{Device: "a", Platform: "ANDROID", Title: "Nyt sted", Body: "Ærøgade 3", Data: map[string]string{"event": "e1"},
			Level: "active", Actions: []fcmsim.Action{}, CollapseKey: "n1", ReceivedAt: noon},
		{Device: "b", Platform: "IOS", Data: map[string]string{}, Level: "passive", Actions: []fcmsim.Action{},
			CollapseKey: "n2", Tag: "n2", ReceivedAt: noon.Add(time.Second)},
	}
	if diff := cmp.Diff(want, sim.Pushes()); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}

	const text = `{"device":"a","platform":"ANDROID","title":"Nyt sted","body":"Ærøgade 3","data":{"event":"e1"},` +
		`"channel":"","sound":"","badge":null,"thread":"","level":"active","actions":[],"collapseKey":"n1","receivedAt":"2026-05-01T12:00:00Z"}`
	got, err := json.Marshal(sim.Pushes()[0])
	if err != nil || string(got) != text {
		t.Errorf("as JSON: %s, %v", got, err)
	}
}

func TestLogKeepsTheNewest(t *testing.T) {
	sim := fcmsim.New(fcmsim.Options{Keep: 3})
	for i := range 8 {
		post(sim, to(fmt.Sprintf("d%d", i%4)))
	}
	var got []string
	for _, p := range sim.Pushes() {
		got = append(got, p.Device)
	}
	if diff := cmp.Diff([]string{"d1", "d2", "d3"}, got); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if sim.Count("d0") != 2 || sim.Count("nobody") != 0 || sim.Devices() != 4 || sim.Received() != 8 {
		t.Errorf("counts %d, %d, %d, %d", sim.Count("d0"), sim.Count("nobody"), sim.Devices(), sim.Received())
	}
}

func TestResetForgetsEverything(t *testing.T) {
	sim := newSim()
	sim.Script("a", fcmsim.Internal())
	sim.ScriptAll(fcmsim.Internal())
	post(sim, to("a"))
	sim.Reset()
	if got := statuses(sim, "a", 1); got[0] != 200 {
		t.Errorf("status %d after a reset, want 200", got[0])
	}
	if sim.Requests() != 1 || sim.Received() != 1 || sim.Count("a") != 1 {
		t.Errorf("%d requests, %d pushes, %d to a; want 1 each", sim.Requests(), sim.Received(), sim.Count("a"))
	}
}

func TestWaitForWakesAtTheLastPush(t *testing.T) {
	sim := newSim()
	const pushes = 40
	three, all := make(chan error, 1), make(chan error, 1)
	go func() { three <- sim.WaitFor(t.Context(), 3) }()
	go func() { all <- sim.WaitFor(t.Context(), pushes) }()

	for range 3 {
		post(sim, to("a"))
	}
	if err := <-three; err != nil {
		t.Error(err)
	}
	var wg sync.WaitGroup
	for range pushes - 4 {
		wg.Go(func() { post(sim, to("b")) })
	}
	wg.Wait()
	select {
	case err := <-all:
		t.Errorf("woken one push too early: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	post(sim, to("c"))
	if err := <-all; err != nil {
		t.Error(err)
	}
	if err := sim.WaitFor(t.Context(), pushes); err != nil {
		t.Errorf("what has arrived needs no waiting: %v", err)
	}
}

func TestWaitForEndsWithItsContext(t *testing.T) {
	sim := newSim()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := sim.WaitFor(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
	post(sim, to("a")) // nobody waits any more
}

// A client hangs up while its push is on the way to the phone.
func TestWaitAloneWaitsForWhatIsOnItsWay(t *testing.T) {
	arrived, deliver := make(chan struct{}), make(chan struct{})
	sim := fcmsim.New(fcmsim.Options{OnPush: func(fcmsim.Push) { close(arrived); <-deliver }})
	url, client := start(t, sim)
	if err := sim.WaitAlone(t.Context()); err != nil {
		t.Errorf("nobody is connected yet: %v", err)
	}
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(to("a")))
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if resp, err := client.Do(request); err == nil {
			drain(resp)
			t.Error("the client has an answer")
		}
	}()
	<-arrived
	hangUp()
	<-gone
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := sim.WaitAlone(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v before the push is delivered, want the context's error", err)
	}
	close(deliver)
	if err := sim.WaitAlone(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOnPushRunsBeforeTheAnswer(t *testing.T) {
	var got []string
	sim := fcmsim.New(fcmsim.Options{OnPush: func(p fcmsim.Push) { got = append(got, p.Device) }})
	sim.Script("b", fcmsim.Unregistered())
	for _, d := range []string{"a", "b", "c"} {
		post(sim, to(d))
	}
	if diff := cmp.Diff([]string{"a", "c"}, got); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
}
