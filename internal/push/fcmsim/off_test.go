package fcmsim_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/push/fcmsim"
)

// An Android phone that is off keeps the last message of each collapse key, of four keys at most, and a hundred
// without one.
func TestWhatWaitsForAPhoneThatIsOff(t *testing.T) {
	many := func(n int) []string { return slices.Repeat([]string{""}, n) }
	for name, row := range map[string]struct {
		keys []string // of the messages that are sent while it is off
		want []int    // which of them it shows, from 0
	}{
		"nothing":             {nil, nil},
		"without keys":        {many(3), []int{0, 1, 2}},
		"one key":             {[]string{"a", "a", "a"}, []int{2}},
		"four keys":           {[]string{"a", "b", "c", "d", "a"}, []int{1, 2, 3, 4}},
		"five keys":           {[]string{"a", "b", "c", "d", "e"}, []int{1, 2, 3, 4}},
		"both":                {[]string{"a", "", "a"}, []int{1, 2}},
		"more than a hundred": {append([]string{"a"}, many(101)...), []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			sim.TurnOff("off")
			for i, key := range row.keys {
				for _, phone := range []string{"off", "on"} {
					post(sim, fmt.Sprintf(`{"message":{"token":%q,"notification":{"title":"%d"},"android":{"ttl":"60s","collapse_key":%q}}}`, phone, i, key))
				}
			}
			if n := sim.Count("off"); n != 0 {
				t.Errorf("%d pushes reached a phone that is off", n)
			}
			sim.TurnOn("off")
			var got []string
			for _, p := range sim.Pushes()[sim.Count("on"):] {
				got = append(got, p.Title)
			}
			var want []string
			for _, i := range row.want {
				want = append(want, fmt.Sprint(i))
			}
			if !slices.Equal(got, want) || sim.Count("on") != len(row.keys) {
				t.Errorf("it shows %v, want %v; the other phone got %d of %d", got, want, sim.Count("on"), len(row.keys))
			}
			post(sim, to("off"))
			if n := sim.Count("off"); n != len(want)+1 {
				t.Errorf("turned on, it has %d pushes", n)
			}
		})
	}
}

// An iPhone that is off gets one push of each collapse id, the newest background push, and nothing that is over.
func TestWhatWaitsForAnIPhoneThatIsOff(t *testing.T) {
	now := clock.NewManual(noon)
	sim := fcmsim.New(fcmsim.Options{Clock: now})
	sim.TurnOff("a")
	send := func(title, headers string) {
		t.Helper()
		if status, body, _ := post(sim, fmt.Sprintf(`{"message":{"token":"a","notification":{"title":%q},"apns":{"headers":{%s}}}}`, title, headers)); status != 200 {
			t.Fatal(body)
		}
	}
	send("moved", `"apns-collapse-id":"n1"`)
	send("cancelled", `"apns-collapse-id":"n1"`)
	send("over", fmt.Sprintf(`"apns-expiration":"%d"`, noon.Add(time.Hour).Unix()))
	send("still on", fmt.Sprintf(`"apns-expiration":"%d"`, noon.Add(3*time.Hour).Unix()))
	send("now or never", `"apns-expiration":"0"`)
	for _, tag := range []string{"n2", "n3"} {
		post(sim, takeAway("a", tag))
	}
	now.Advance(2 * time.Hour)
	sim.TurnOn("a")
	var got []string
	for _, p := range append(sim.Pushes(), sim.Removals()...) {
		got = append(got, p.Title+fmt.Sprint(p.Removes))
	}
	if want := []string{"cancelled[]", "still on[]", "[n3]"}; !slices.Equal(got, want) {
		t.Errorf("turned on, it gets %v, want %v", got, want)
	}
}
