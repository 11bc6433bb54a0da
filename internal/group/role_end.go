package group

import (
	"context"
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// timerRoleEnds is the kind of the timers that end roles at their time.
const timerRoleEnds = "group.role_ends"

type roleEndsArgs struct {
	GroupID, PersonID string
	Role              Role
}

// roleEffects follow a change of a member's role: what they held by the old one
// ends, and the new one ends at its time.
func (s *Service) roleEffects(m *Membership) []outbox.Effect {
	effects := []outbox.Effect{copyEffect(m)}
	if !m.Role.Allows(ApproveMembers) {
		effects = append(effects, m.accessEnded())
	}
	if m.RoleExpiresAt != nil {
		key := notify.Key(id.Pair(m.GroupID, m.PersonID), "role_ends", strconv.FormatInt(m.RoleExpiresAt.UnixMilli(), 10))
		effects = append(effects, timer.Effect(timer.New(key, timerRoleEnds, *m.RoleExpiresAt, roleEndsArgs{m.GroupID, m.PersonID, m.Role})))
	}
	return effects
}

// endRole writes down that a role has ended by itself. Readers knew it before: this
// is for what is held by it.
func (s *Service) endRole(ctx context.Context, a roleEndsArgs) error {
	return s.retry(ctx, func() error {
		m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
		if err != nil || m.State != StateActive || m.Role != RoleMember {
			return fault.UnlessNotFound(err) // they have got another role since
		}
		m.Version++
		return s.writeMembership(ctx, m, s.roleEffects(m)...)
	})
}
