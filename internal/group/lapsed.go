package group

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/outbox"
)

// effectLapsed follows a write of a membership that leaves out roles whose time has passed.
const effectLapsed = "group.roles_lapsed"

// lapsedArgs name the person whose roles have ended by themselves, when the last of them
// did, and the roles that they held beyond that.
type lapsedArgs struct {
	GroupID, PersonID string
	At                time.Time
	Left              []string
}

// lapse drops roles that had ended by an instant, and notes which they were, and which roles
// did last beyond it.
func (m *Membership) lapse(at time.Time, is func(h Holding) bool) {
	kept := []Holding{}
	for _, h := range m.Holds {
		switch {
		case is(h):
			m.Lapsed = append(m.Lapsed, h)
			continue
		case !h.isOver(at):
			m.Left = append(m.Left, h.Key)
		}
		kept = append(kept, h)
	}
	m.Holds = kept
}

// lapsing is the effect of a write of a membership as it was read: without the roles that had
// ended by then. The timer of such a role no longer finds it.
func (m *Membership) lapsing() []outbox.Effect {
	if len(m.Lapsed) == 0 {
		return nil
	}
	a := lapsedArgs{GroupID: m.GroupID, PersonID: m.PersonID, Left: m.Left}
	for _, h := range m.Lapsed {
		if h.EndsAt.After(a.At) {
			a.At = *h.EndsAt
		}
	}
	return []outbox.Effect{outbox.New(effectLapsed, a)}
}

// endLapsed ends the links that a person made before their roles ended, unless they could let
// people in beyond that. What the person has been given since does not bring the links back.
func (s *Service) endLapsed(ctx context.Context, a lapsedArgs) error {
	g, err := s.store.get(ctx, a.GroupID)
	if err != nil {
		return err
	}
	for _, key := range a.Left {
		if r := g.role(key); r != nil && slices.Contains(r.Permissions, Invite) {
			return nil
		}
	}
	makers, err := s.People.Load(ctx, []string{a.PersonID})
	if err != nil {
		return err
	}
	if maker := makers[a.PersonID]; maker != nil && g.staffReaches(maker.Viewer(), s.now()) {
		return nil
	}
	return s.store.revokeLinksUntil(ctx, a)
}
