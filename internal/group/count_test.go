package group_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// Of many who come and go at once none is lost or counted twice.
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

// Somebody joins right before the count of somebody else is written.
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

// A process that was asleep between the join and its count counts nobody whom
// another has counted, and overwrites nothing that was counted since.
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
	// What was counted is forgotten after a while, and not sooner.
	if n := len(marks(t, w, g)); n != 2 {
		t.Errorf("%d marks", n)
	}
	w.Clock.Advance(time.Hour)
	w.Join(g, "dan")
	if n := len(marks(t, w, g)); n != 1 {
		t.Errorf("an hour later %d marks", n)
	}
}

func marks(t *testing.T, w *ct.World, groupID string) map[string]group.Counted {
	t.Helper()
	return ct.Must(w.Groups.Load(t.Context(), []string{groupID}))(t)[groupID].Counted
}

// A join looks at no other membership, however many there are.
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
