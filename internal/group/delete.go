package group

import (
	"context"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

const (
	// effectEmptied follows the write that empties a group which is deleted.
	effectEmptied = "group.emptied"
	// timerDelete is the kind of the timers that delete groups at their time, and timerDisband that of
	// those that go on with ending the memberships.
	timerDelete  = "group.delete"
	timerDisband = "group.disband"
	// disbandStep is how many memberships one step ends.
	disbandStep = 20
)

// deleteArgs name a group and when it is deleted. If it was brought back, it has another time, or none.
type deleteArgs struct {
	GroupID string
	At      time.Time
}

// deletionTimer has the version in its key, so that a group which is deleted, brought back and deleted again has
// another.
func (g *Group) deletionTimer() outbox.Effect {
	a := deleteArgs{GroupID: g.ID, At: *g.DeletesAt}
	return timer.Effect(timer.New(strings.Join([]string{"delete", g.ID, strconv.Itoa(g.Version)}, ":"), timerDelete, a.At, a))
}

// deleteAt empties a group whose time has come. What names it finds nothing from then on: the document stays
// without its name, texts and leaders, so that nothing that comes late makes it again.
func (s *Service) deleteAt(ctx context.Context, a deleteArgs) error {
	return s.retry(ctx, func() error {
		g, err := s.store.get(ctx, a.GroupID)
		if err != nil || g.DeletesAt == nil || !g.DeletesAt.Equal(a.At) || g.Visibility == visibilityNone {
			return fault.UnlessNotFound(err)
		}
		g.Version++
		g.Name, g.Description, g.Visibility, g.JoinPolicy = "", "", visibilityNone, JoinInvite
		g.derive()
		g.Facets, g.NameKey = []string{}, ""
		effects := []outbox.Effect{outbox.New(EffectChanged, Changed{g.ID}), g.accessEnded(), outbox.New(effectEmptied, disbandWalk{GroupID: g.ID})}
		return s.Outbox.Commit(ctx, g.ref(), effects, func(b outbox.Batch) error { return s.store.empty(ctx, g, b) })
	})
}

// disbandWalk goes through what people still are to a group that is deleted, state by state.
type disbandWalk struct {
	GroupID string
	Round   int // how many steps were taken
}

// disband is one step of ending the memberships. Each step begins anew: what has ended is no longer found.
func (s *Service) disband(ctx context.Context, w disbandWalk) error {
	g, err := s.store.get(ctx, w.GroupID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	left := disbandStep
	for _, state := range []MembershipState{StateActive, StateInvited, StateRequested} {
		people, err := s.store.peopleIn(ctx, g.ID, state, "", left)
		if err != nil {
			return err
		}
		for _, personID := range people {
			if _, err := s.do(ctx, deed{act: actDisband, group: g, personID: personID}); err != nil {
				return err
			}
		}
		if left -= len(people); left == 0 {
			w.Round++
			return s.Timers.Set(ctx, timer.New(strings.Join([]string{"disband", g.ID, strconv.Itoa(w.Round)}, ":"), timerDisband, s.now(), w))
		}
	}
	return nil
}
