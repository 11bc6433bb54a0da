package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	"faellesskab/internal/device"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
)

// tapCase is a button on the pushes of a kind of notice, and what a tap on it is answered when it is too late.
type tapCase struct {
	kind   string // empty: of every kind whose pushes have the button
	action string
	want   string // the selection of the mutation's payload
	// late makes it too late, by what the button's call says; code is that of the answer then.
	late func(r *crashRig, in vars)
	code string
}

// tapped is a button as a phone got it.
type tapped struct {
	Name, Title, Mutation string
	Input                 vars
}

// tapRig is a crashRig with a simulator in place of Firebase, in which everybody has two phones.
type tapRig struct {
	*crashRig
	sim *fcmsim.Simulator
}

func newTapRig(t *testing.T) *tapRig {
	t.Helper()
	r := &tapRig{crashRig: newCrashRig(t), sim: fcmsim.New(fcmsim.Options{})}
	url, stop, err := fcmsim.Start(t.Context(), r.sim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	sender, err := push.NewFCM(t.Context(), push.Options{ProjectID: "tap", Endpoint: url, InsecureEndpoint: true, Clock: r.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sender.Close)
	r.phone.through = sender
	var phones []*device.Device
	for name := range crashPeople {
		phones = append(phones, device.Demo(crashPerson(name), "tablet-"+name, crashStart))
	}
	if err := r.outside.Devices.PutAll(t.Context(), phones); err != nil {
		t.Fatal(err)
	}
	r.base = testkit.Keep(t, r.db)
	return r
}

// Every button of every push does what it says once, however often and on whichever phone of the person it is
// tapped. It does nothing for anybody else, and says so when it is too late.
func TestEveryButtonOfEveryPush(t *testing.T) {
	t.Parallel()
	rows := map[string][]tapCase{}
	for _, row := range rowsOf(func(n noun) []tapCase { return n.taps }) {
		key := row.kind + " " + row.action
		rows[key] = append(rows[key], row)
	}
	rig, tried := newTapRig(t), map[string]bool{}
	for _, c := range rowsOf(func(n noun) []noticeCase { return n.notices }) {
		t.Run(c.kind, func(t *testing.T) {
			rig.t = t
			for _, a := range rig.buttonsOf(c) {
				key := c.kind + " " + a.Name
				if rows[key] == nil {
					key = " " + a.Name
				}
				if rows[key] == nil {
					t.Fatalf("no noun has a row for the button %s", key)
				}
				tried[c.kind+" "+a.Name], tried[key] = true, true
				rig.tapAll(c, rows[key], a)
			}
		})
	}
	for _, spec := range rig.outside.News.Kinds.All() {
		for _, a := range spec.Actions {
			if !tried[string(spec.Kind)+" "+a.Name] {
				t.Errorf("no push of %s has the button %s", spec.Kind, a.Name)
			}
		}
	}
	for key := range rows {
		if !tried[key] {
			t.Errorf("no push has the button of the row %q", key)
		}
	}
}

// buttonsOf lets a kind of notice come about and are the buttons of its push, which are the same on both phones.
func (r *tapRig) buttonsOf(c noticeCase) []tapped {
	r.t.Helper()
	r.base.Restore(r.t, r.db)
	r.clock.Advance(crashStart.Sub(r.clock.Now()))
	r.sim.Reset()
	if c.kind != "SUMMARY" {
		r.arrange(c.whom, "updateNotificationSettings", vars{"kinds": []vars{{"kind": c.kind, "channel": "PUSH"}}, "quietHours": nil}, "settings { version }")
	}
	c.happen(r.crashRig)
	r.later(0)
	phone, tablet := r.got("phone-"+c.whom, c.kind), r.got("tablet-"+c.whom, c.kind)
	if diff := cmp.Diff(phone.Data["actions"], tablet.Data["actions"]); diff != "" {
		r.t.Errorf("the buttons differ between two phones:\n%s", diff)
	}
	if phone.Data["actions"] == "" {
		return nil
	}
	var list []tapped
	if err := json.Unmarshal([]byte(phone.Data["actions"]), &list); err != nil {
		r.t.Fatalf("%v in %s", err, phone.Data["actions"])
	}
	return list
}

// got is the last push of a kind that came to a device.
func (r *tapRig) got(value, kind string) fcmsim.Push {
	r.t.Helper()
	var found *fcmsim.Push
	for _, p := range r.sim.Pushes() {
		if p.Device == value && p.Data["kind"] == kind {
			found = &p
		}
	}
	if found == nil {
		r.t.Fatalf("no push %s on %s: there are %+v", kind, value, r.sim.Pushes())
	}
	return *found
}

// tapAll taps a button in every way, each time as the push found the database.
func (r *tapRig) tapAll(c noticeCase, rows []tapCase, a tapped) {
	r.t.Helper()
	pushed, at := testkit.Keep(r.t, r.db), r.clock.Now()
	back := func() {
		pushed.Restore(r.t, r.db)
		r.clock.Advance(at.Sub(r.clock.Now()))
	}
	r.tapAsOthers(c.whom, rows[0], a)
	back()
	r.tapTwice(c.whom, rows[0], a)
	for _, row := range rows {
		if back(); row.late == nil {
			continue
		}
		in := maps.Clone(a.Input)
		delete(in, "clientMutationId")
		row.late(r.crashRig, in)
		if got := r.tap(c.whom, row, a); got.code != row.code {
			r.t.Errorf("%s too late: %+v, not %q", a.Name, got, row.code)
		}
	}
	back()
}

// tapAsOthers taps a button signed out, and as everybody whose it is not.
func (r *tapRig) tapAsOthers(owner string, row tapCase, a tapped) {
	r.t.Helper()
	if got := r.tap("", row, a); got.code != "UNAUTHENTICATED" {
		r.t.Errorf("%s, signed out: %+v", a.Name, got)
	}
	for name := range crashPeople {
		if name == owner {
			continue
		}
		if got := r.tap(name, row, a); got.code != "FORBIDDEN" {
			r.t.Errorf("%s by %s: %+v", a.Name, name, got)
		}
	}
}

// tapTwice taps a button, and again on both phones, whose calls are the same.
func (r *tapRig) tapTwice(owner string, row tapCase, a tapped) {
	r.t.Helper()
	first := r.tap(owner, row, a)
	if first.code != "" {
		r.t.Fatalf("%s: %+v", a.Name, first)
	}
	r.later(0)
	done := r.outcomes()
	for range 2 {
		if again := r.tap(owner, row, a); again != first {
			r.t.Errorf("%s once more: %+v, not %+v", a.Name, again, first)
		}
	}
	r.later(0)
	if diff := cmp.Diff(done, r.outcomes()); diff != "" {
		r.t.Errorf("%s once more changes:\n%s", a.Name, diff)
	}
}

// outcomes are what taps can change.
func (r *tapRig) outcomes() map[string][]map[string]any {
	state, all := r.stateOf(testkit.Take(r.t, r.db)), map[string][]map[string]any{}
	for _, collection := range []string{"bookings", "group_memberships", "notify_settings", "notify_jobs", "notices"} {
		all[collection] = state[collection]
	}
	return all
}

// tap makes the call of a button as somebody; empty: signed out.
func (r *tapRig) tap(as string, row tapCase, a tapped) crashAnswer {
	r.t.Helper()
	m := crashCall{as, a.Mutation, a.Input, row.want}
	if as != "" {
		key, _ := a.Input["clientMutationId"].(string)
		return r.call(r.process(r.db), m, key)
	}
	body, err := json.Marshal(vars{"query": m.document(), "variables": vars{"input": a.Input}})
	if err != nil {
		r.t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(auth.WithViewer(context.Background(), auth.Viewer{}), http.MethodPost, "/graphql", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	r.process(r.db).handler.ServeHTTP(w, req)
	var got reply
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		r.t.Fatalf("answered %q", w.Body)
	}
	return crashAnswer{strings.TrimSpace(w.Body.String()), got.code()}
}

// afterwards lets so much time pass that an offer has lapsed and an event is over.
func afterwards(r *crashRig, _ vars) { r.later(300 * 24 * time.Hour) }

// already makes a call of the app by somebody before the button is tapped, with the input of the button.
func already(as, mutation, want string) func(r *crashRig, in vars) {
	return func(r *crashRig, in vars) {
		r.arrange(as, mutation, in, want)
		r.later(0)
	}
}
