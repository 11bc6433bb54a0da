package main

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

// TestCrashAtEveryWriteOfAnErasure stops the process after each write of an erasure. What
// other processes do of themselves then ends it, and leaves what an erasure leaves that
// nothing has interrupted.
func TestCrashAtEveryWriteOfAnErasure(t *testing.T) {
	t.Parallel()
	const who = "admin-2"
	r := newCrashRig(t)
	r.beBusy(who)
	personID := crashPerson(who)
	erase := func(p *crashProcess) { _ = p.Erase(t.Context(), personID) }
	whole := r.dieDoing(-1, erase)
	want := r.endErasure(personID, whole)
	if whole.writes < 20 {
		t.Fatalf("only %d writes: nothing is tested", whole.writes)
	}
	for _, at := range crashesOf("an erasure", whole.writes) {
		if at.write == 0 {
			continue // nothing was begun
		}
		got := r.endErasure(personID, r.dieDoing(at.write, erase))
		if !slices.Equal(want, got) {
			t.Errorf("a crash after write %d of %d leaves something else (-want +got):\n%s", at.write, whole.writes, cmp.Diff(want, got))
		}
	}
	t.Logf("%d writes", whole.writes)
}

// beBusy lets somebody do much, so that something is kept of them everywhere, and keeps
// the state.
func (r *crashRig) beBusy(who string) {
	r.t.Helper()
	r.base.Restore(r.t, r.db)
	r.arrange(who, "completeProfile", vars{"displayName": "Navn Nummer1", "homeAreaId": crashArea, "interests": []string{"roning"}}, "person { id }")
	own := r.arrange(who, "createGroup", vars{"name": "Læsekredsen", "kind": "ASSOCIATION", "areaId": crashArea}, "group { id }").text("createGroup", "group", "id")
	r.arrange("other", "joinGroup", vars{"groupId": own}, "group { id }")
	r.arrange("other", "setGroupNotifications", vars{"groupId": own, "level": "SUMMARY"}, "membership { id }")
	group := r.group(nil, who, "resident")
	r.arrange("leader", "grantGroupRole", vars{"groupId": group, "personId": crashPerson(who), "key": "ORGANISER"}, "membership { id }")
	r.arrange(who, "setGroupNotifications", vars{"groupId": group, "level": "SUMMARY"}, "membership { id }")
	r.date(nil, who, "resident")
	r.course(1, who, "resident") // the other one is in the line
	r.arrange(who, "registerDevice", vars{"value": "new-phone", "platform": "IOS"}, "device { id }")
	r.restart(r.process(r.db))
	r.phone.reset()
	r.from, r.at, r.lines = testkit.Take(r.t, r.db), r.clock.Now(), map[string][]string{}
}

// endErasure is what is left when other processes have taken up what a dead one left.
func (r *crashRig) endErasure(personID string, dead crashDeath) []string {
	r.t.Helper()
	dead.left.Restore(r.t, r.db)
	r.clock.Advance(r.at.Sub(r.clock.Now()))
	p := r.process(r.db)
	for _, later := range []time.Duration{2 * time.Minute, privacy.LooksAgain, privacy.LooksAgain} {
		r.clock.Advance(later)
		if later == 2*time.Minute {
			r.restart(p) // what sets the timer of the erasure
		}
		if _, err := p.Timers.Fire(r.t.Context()); err != nil {
			r.t.Errorf("after write %d: %v", dead.after, err)
		}
		r.restart(p)
	}
	when := fmt.Sprintf("after write %d of the erasure", dead.after)
	s := r.checkInvariants(when)
	kept := rowsBy(func(n noun) map[string]string { return n.kept })
	for collection, found := range testkit.MentionsAnywhere(r.t, r.db, personID, "Nummer1", "new-phone") {
		for _, at := range found {
			if !isKept(kept, collection, at, personID) {
				r.t.Errorf("%s: %s has still %s", when, collection, at)
			}
		}
	}
	return slices.DeleteFunc(r.describe(s), fences.MatchString)
}

// fences rise with each attempt to take a person out of a job or a chunk.
var fences = regexp.MustCompile(`^notify_(jobs|chunks) \S+ fence `)
