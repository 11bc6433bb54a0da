package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"faellesskab/internal/community"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/demo"
	"faellesskab/internal/testkit"
)

// pilotCalls are the calls that an app makes all day for a person who is in groups and has
// signed up for events.
var pilotCalls = []struct {
	name, document string
	variables      vars
}{
	{"sign in", `{ viewer { person { id displayName } } }`, nil},
	{"feed", pilotFeed, nil},
	{"event page", `query ($id: ID!) { event(id: $id) { title description state startsAt place { name } group { id name }
		organiser { displayName } occurrences { edges { node { id startsAt seatsLeft viewerBooking { state guests } } } } viewerCan } }`,
		vars{"id": communitytest.PilotEvent(500)}},
	{"group page", `query ($id: ID!) { group(id: $id) { name description memberCount viewerCan viewerMembership { roles { role { key } } }
		memberships(first: 20) { edges { node { roles { role { key } } person { displayName } } } } }
		events(filter: {groupId: $id}, first: 10) { edges { node { id title startsAt } } } }`, vars{"id": communitytest.PilotGroup(0)}},
	{"groups", `{ groups(first: 20) { edges { node { id name memberCount viewerMembership { roles { role { key } } } } } } }`, nil},
	{"search", `{ groups(filter: {query: "naboer på vej"}, first: 20) { edges { node { id name } } } }`, nil},
	{"memberships", `{ viewer { memberships(first: 20) { edges { node { roles { role { key } } group { id name } } } } } }`, nil},
	{"calendar", `{ viewer { upcoming(first: 20) { edges { node { id title startsAt viewerBooking { state } } } } } }`, nil},
	{"inbox", `{ viewer { unreadNoticeCount notices(first: 20) { edges { node { id title body } } } } }`, nil},
	{"sign up and leave", `mutation ($id: ID!) { attendEvent(input: {occurrenceId: $id}) { outcome { __typename } }
		cancelAttendance(input: {occurrenceId: $id}) { occurrence { seatsLeft } } }`, vars{"id": communitytest.DateOf(communitytest.PilotEvent(501))}},
}

const pilotFeed = `{ events(first: 20) { edges { node { id title startsAt group { id name } organiser { id displayName }
	occurrences(first: 1) { edges { node { id startsAt seatsLeft viewerBooking { state } } } } } } } }`

// newPilot is a server in this process with the data of a pilot.
func newPilot(t testing.TB, size communitytest.Pilot) *harness {
	t.Helper()
	h := newHarness(t, withDB(testkit.DB(t, communitytest.Watched()...)), withoutDemo(),
		func(s *Setup) { s.Log = slog.New(slog.DiscardHandler) })
	size.UIDs = []string{demo.Personas[0].UID()}
	size.Fill(context.Background(), t, h.app.Community)
	return h
}

// The calls of the benchmarks fit the present schema.
func TestPilotCallsAreAnswered(t *testing.T) {
	t.Parallel()
	h := newPilot(t, communitytest.Pilot{People: 12, Groups: 4, Events: 600, GroupsEach: 2, SeatsEach: 3, NoticesEach: 1})
	for _, call := range pilotCalls {
		if r := h.do(demo.Personas[0].Name, call.document, call.variables); len(r.Errors) > 0 {
			t.Errorf("%s: %+v", call.name, r.Errors)
		}
	}
}

// BenchmarkEmbeddedCalls measures the calls that an app makes all day, at the size of a small
// pilot, one call at a time.
func BenchmarkEmbeddedCalls(b *testing.B) {
	h := newPilot(b, communitytest.SmallPilot)
	for _, call := range pilotCalls {
		b.Run(call.name, func(b *testing.B) { h.atOnce(b, 1, call.document, call.variables) })
	}
}

// BenchmarkEmbeddedFeed measures the feed at the size of a small pilot, for one caller and for
// four at once. The time ends when the last one has an answer.
func BenchmarkEmbeddedFeed(b *testing.B) {
	h := newPilot(b, communitytest.SmallPilot)
	b.Run("alone", func(b *testing.B) { h.atOnce(b, 1, pilotFeed, nil) })
	b.Run("four at once", func(b *testing.B) { h.atOnce(b, 4, pilotFeed, nil) })
}

// atOnce sends a document n times at once, again and again, and counts the answers with errors.
func (h *harness) atOnce(b *testing.B, n int, document string, variables vars) {
	var failed atomic.Int64
	before := processorTime(b)
	for b.Loop() {
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				if r := h.do(demo.Personas[0].Name, document, variables); len(r.Errors) > 0 {
					failed.Add(1)
				}
			})
		}
		wg.Wait()
	}
	b.ReportMetric(float64(failed.Load())/float64(b.N), "failed/op")
	b.ReportMetric((processorTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/op")
}

// idleFor is how long BenchmarkEmbeddedIdle watches.
const idleFor = 20 * time.Second

// BenchmarkEmbeddedIdle measures how much of a core a server process uses when nobody calls it,
// at the size of a small pilot.
func BenchmarkEmbeddedIdle(b *testing.B) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	r := newRig(ctx, b, communitytest.Crowd{Name: "nobody"}, 0)
	r.open(func(c *community.Community) { communitytest.SmallPilot.Fill(ctx, b, c) })
	p := r.start()
	defer p.kill(b)
	atStart := p.cpu(b)
	time.Sleep(idleFor / 2) // until the work at the start is done
	start := p.cpu(b) - atStart
	var used, watched time.Duration
	for b.Loop() {
		before, began := p.cpu(b), time.Now()
		time.Sleep(idleFor)
		used, watched = used+p.cpu(b)-before, watched+time.Since(began)
	}
	b.ReportMetric(100*used.Seconds()/watched.Seconds(), "%core")
	b.ReportMetric(start.Seconds(), "s-at-start")
	r.wantAnswer(b, p)
}

// wantAnswer fails if the process does not answer, since a dead process would use nothing.
func (r *rig) wantAnswer(t testing.TB, p *process) {
	t.Helper()
	request, err := http.NewRequestWithContext(r.ctx, http.MethodGet, p.url+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("the process answers %s, %v", answer.Status, err)
	}
}

// cpu is the processor time that the process has used.
func (p *process) cpu(t testing.TB) time.Duration { return processorTimeOf(t, p.cmd.Process.Pid) }

// processorTime is the processor time of this process, which does not depend on the load of the
// machine.
func processorTime(t testing.TB) time.Duration { return processorTimeOf(t, os.Getpid()) }

func processorTimeOf(t testing.TB, pid int) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields, used := strings.Fields(rest), 0
	for _, ticks := range fields[11:13] { // user time and system time
		n, err := strconv.Atoi(ticks)
		if err != nil {
			t.Fatal(err)
		}
		used += n
	}
	return time.Duration(used) * time.Second / 100
}
