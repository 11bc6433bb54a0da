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

// roleEndsArgs name a role that a person holds until an instant.
type roleEndsArgs struct {
	GroupID, PersonID, Key string
	EndsAt                 time.Time
}

// heldBy is the member's holding of that role; nil if they no longer hold it, or if it
// ends at another time.
func (a roleEndsArgs) heldBy(m *Membership) *Holding {
	h := m.holding(a.Key)
	if m.State != StateActive || h == nil || h.EndsAt == nil || !h.EndsAt.Equal(a.EndsAt) {
		return nil
	}
	return h
}

// roleEffects are the effects of a change of a member's roles: their copy follows, and if
// they may no longer invite, their links end.
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
	return notify.Key(id.Pair(a.GroupID, a.PersonID), what, a.Key+":"+strconv.FormatInt(a.EndsAt.UnixMilli(), 10))
}

// endRole records that a role has ended by itself. Readers take it for ended before that;
// the write is needed for its effects.
func (s *Service) endRole(ctx context.Context, a roleEndsArgs) error {
	return s.retry(ctx, func() error {
		m, err := s.store.stored(ctx, a.GroupID, a.PersonID)
		if err != nil || a.heldBy(m) == nil {
			return fault.UnlessNotFound(err)
		}
		m.lapse(a.EndsAt, func(h Holding) bool { return h.Key == a.Key })
		m.Version++
		return s.writeMembership(ctx, m, copyEffect(m), m.accessEnded())
	})
}
