package group_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/outbox"
)

// When many people join and leave at once, the count misses nobody and counts nobody
// twice.
func TestTheMemberCountLosesNobody(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	var calls sync.WaitGroup
	for i := range 24 {
		ctx := w.Stranger(fmt.Sprint("joiner-", i))
		calls.Go(func() {
			if _, err := w.Groups.Join(ctx, group.JoinInput{GroupID: g}); err != nil {
				t.Error(err)
				return
			}
			if i%3 > 0 {
				return
			}
			if _, err := w.Groups.Leave(ctx, group.LeaveInput{GroupID: g}); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if n, _ := members(t, w, g); n != 17 {
		t.Errorf("it counts %d members, want 17", n)
	}
}

// A person joins right before the count of another one is written.
func TestTwoJoinsAtOnceAreBothCounted(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna").ID
	bo, seen := w.As("bo"), false
	m.Before("findAndModify", "groups", func() {
		seen = true
		w.Join(g, "cara")
	})
	ct.Must(w.Groups.Join(bo, group.JoinInput{GroupID: g}))(t)
	if n, _ := members(t, w, g); n != 3 || !seen {
		t.Errorf("it counts %d members, want 3; the moment came: %t", n, seen)
	}
}

// A process that slept between a join and its count does not count a person whom another
// process has counted, and overwrites no later count.
func TestALateCountCountsNothingTwice(t *testing.T) {
	t.Parallel()
	r := &ct.Repeater{}
	w := ct.New(t, r.Option())
	g := w.Group("anna").ID
	w.RunPending()
	r.Take()
	w.Join(g, "bo")
	late := r.Take()
	w.Join(g, "cara")
	repeat(t, w, late)
	if n, _ := members(t, w, g); n != 3 {
		t.Errorf("it counts %d members, want 3", n)
	}
	// A mark is removed after a while, and not sooner.
	if n := len(marks(t, w, g)); n != 2 {
		t.Errorf("%d marks", n)
	}
	w.Clock.Advance(time.Hour)
	w.Join(g, "dan")
	if n := len(marks(t, w, g)); n != 1 {
		t.Errorf("an hour later %d marks", n)
	}
}

func marks(t *testing.T, w *ct.World, groupID string) outbox.Marks {
	t.Helper()
	return ct.Must(w.Groups.Load(t.Context(), []string{groupID}))(t)[groupID].Counted
}

// A join reads no other memberships, however many there are.
func TestAJoinCountsByOne(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna").ID
	m.Before("aggregate", "group_memberships", func() { t.Error("a join counts the group") })
	w.Join(g, "bo")
	if n, _ := members(t, w, g); n != 2 {
		t.Errorf("it counts %d members", n)
	}
}
