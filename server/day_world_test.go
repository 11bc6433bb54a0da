package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/push/fcmsim"
)

// day is a day in the life of a resident with two phones, told as a story that a golden keeps. Everybody uses the API. The
// clock goes on only when the story does, and what is due is then done at once.
type day struct {
	*ct.World
	handler  http.Handler
	resident string
	phones   []dayPhone
	story    strings.Builder
	hour     time.Time // the next at which the story shows both screens
}

// dayPhone is one of the resident's phones.
type dayPhone struct {
	name, token string
	told        int    // how many changes of its screen the story has told
	shown       string // its screen as the story showed it last
}

func newDay(t *testing.T, resident string, phones ...dayPhone) *day {
	w := ct.New(t)
	log := slog.New(slog.DiscardHandler)
	d := &day{World: w, resident: resident, phones: phones, handler: named(t, (&App{Community: w.Community, log: log}).newGraphQL())}
	d.story.WriteString(dayLegend)
	return d
}

// ask sends a document as somebody, and returns its data.
func (d *day) ask(as, document string, variables vars) reply {
	d.T.Helper()
	body, err := json.Marshal(vars{"query": document, "variables": variables})
	if err != nil {
		d.T.Fatal(err)
	}
	r := httptest.NewRequestWithContext(auth.WithViewer(d.T.Context(), d.viewer(as)), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	var got reply
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Errors) > 0 {
		d.T.Fatalf("%s: %s\nanswered %s", as, document, w.Body)
	}
	return got
}

func (d *day) viewer(name string) auth.Viewer {
	_, p := d.Person(name)
	return p.Viewer()
}

// call calls a mutation as somebody.
func (d *day) call(as, mutation string, input vars, want string) reply {
	d.T.Helper()
	return d.ask(as, fmt.Sprintf("mutation ($input: %s) { %s(input: $input) { %s } }", inputTypes()[mutation], mutation, want), vars{"input": input})
}

// at goes on to a time of the day in Copenhagen, half an hour at a time, and tells what happens then.
func (d *day) at(local, happens string) {
	d.T.Helper()
	d.goOn(dayTime(d.T, local))
	fmt.Fprintf(&d.story, "%s  %s\n", local[11:], happens)
}

// after lets what somebody has just done take effect, which some of it does a little later, and tells what the phones
// make of it.
func (d *day) after() {
	d.T.Helper()
	for range 3 {
		d.settle()
		d.Clock.Advance(20 * time.Second)
	}
	d.settle()
	d.tell()
}

func (d *day) goOn(until time.Time) {
	d.T.Helper()
	for now := d.Clock.Now(); now.Before(until); now = d.Clock.Now() {
		next := now.Truncate(30 * time.Minute).Add(30 * time.Minute)
		if next.After(until) {
			next = until
		}
		d.Clock.Advance(next.Sub(now))
		d.settle()
		d.tell()
		if !d.hour.After(next) && next.Before(until) {
			d.showScreens(next)
		}
	}
	if !d.hour.After(until) {
		d.showScreens(until)
	}
}

// settle does everything that is due now.
func (d *day) settle() {
	d.T.Helper()
	d.RunPending()
	d.Fire()
	d.RunPending()
	d.Drain()
	d.RunPending()
}

// standing is the push that stands on a phone and whose title begins so.
func (d *day) standing(token, title string) fcmsim.Push {
	d.T.Helper()
	screen, _ := d.Phones.Screen(token)
	for _, thread := range screen.Threads {
		for _, shown := range thread.Pushes {
			if strings.HasPrefix(shown.Title, title) {
				return d.pushOf(token, shown.Tag)
			}
		}
	}
	d.T.Fatalf("no push %q stands on %s\n%s", title, token, d.story.String())
	return fcmsim.Push{}
}

// pushOf is the latest push with a tag that a phone got.
func (d *day) pushOf(token, tag string) (latest fcmsim.Push) {
	for _, p := range d.Phones.Pushes() {
		if p.Device == token && p.Tag == tag {
			latest = p
		}
	}
	return latest
}

// open taps a push, which opens the app.
func (d *day) open(token, title string) {
	d.T.Helper()
	p := d.standing(token, title)
	d.Phones.Dismiss(token, p.Tag)
	d.call(d.resident, "noticeOpened", vars{"noticeId": p.Data["noticeId"]}, "__typename")
}

// press taps a button of a push: the app calls the mutation that the push names.
func (d *day) press(token, title, button string) {
	d.T.Helper()
	p := d.standing(token, title)
	for _, a := range p.Actions {
		if a.Title == button {
			d.Phones.Dismiss(token, p.Tag)
			d.ask(d.resident, fmt.Sprintf("mutation ($input: %s) { %s(input: $input) { __typename } }", inputTypes()[a.Mutation], a.Mutation), vars{"input": a.Input})
			d.call(d.resident, "noticeOpened", vars{"noticeId": p.Data["noticeId"], "by": "ACTION"}, "__typename")
			return
		}
	}
	d.T.Fatalf("%q has no button %q, but %+v", p.Title, button, p.Actions)
}

func dayTime(t testing.TB, local string) time.Time {
	t.Helper()
	at, err := ct.Must(clock.ParseLocal(strings.Replace(local, " ", "T", 1)))(t).In(clock.Copenhagen)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
