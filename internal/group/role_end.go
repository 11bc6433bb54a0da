package group

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// timerRoleEnds is the kind of the timers that end roles at their time.
const timerRoleEnds = "group.role_ends"

// roleEndsArgs are a role that somebody holds until an instant.
type roleEndsArgs struct {
	GroupID, PersonID, Key string
	EndsAt                 time.Time
}

// heldBy is how the person still holds the role that ends then; nil if they do not,
// or it ends at another time.
func (a roleEndsArgs) heldBy(m *Membership) *Holding {
	h := m.holding(a.Key)
	if m.State != StateActive || h == nil || h.EndsAt == nil || !h.EndsAt.Equal(a.EndsAt) {
		return nil
	}
	return h
}

// roleEffects follow a change of what a member holds: the copy, and what they held
// by being allowed to invite ends with that.
func (s *Service) roleEffects(g *Group, before, after *Membership) []outbox.Effect {
	effects := []outbox.Effect{copyEffect(after)}
	if now := s.now(); GrantAllows(before.grant(g), Invite, now) && !GrantAllows(after.grant(g), Invite, now) {
		effects = append(effects, after.accessEnded())
	}
	return effects
}

// endEffects end a role at its time.
func (s *Service) endEffects(m *Membership, h Holding) []outbox.Effect {
	if h.EndsAt == nil {
		return nil
	}
	a := roleEndsArgs{GroupID: m.GroupID, PersonID: m.PersonID, Key: h.Key, EndsAt: *h.EndsAt}
	return append(a.reminder(s.now()), timer.Effect(timer.New(a.key("role_ends"), timerRoleEnds, a.EndsAt, a)))
}

func (a roleEndsArgs) key(what string) string {
	return notify.Key(id.Pair(a.GroupID, a.PersonID), what, a.Key+"@"+strconv.FormatInt(a.EndsAt.UnixMilli(), 10))
}

// endRole writes down that a role has ended by itself. Readers knew it before: this
// is for what is held by it.
func (s *Service) endRole(ctx context.Context, a roleEndsArgs) error {
	return s.retry(ctx, func() error {
		m, err := s.store.stored(ctx, a.GroupID, a.PersonID)
		if err != nil || a.heldBy(m) == nil {
			return fault.UnlessNotFound(err)
		}
		m.Holds = m.without(a.Key)
		m.Version++
		return s.writeMembership(ctx, m, copyEffect(m), m.accessEnded())
	})
}
