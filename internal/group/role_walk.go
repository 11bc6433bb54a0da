package group

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

const (
	// effectRoleChanged follows a write that changes the permissions of a group's own
	// role, or deletes the role.
	effectRoleChanged = "group.role_changed"
	// timerRoleChanged is the kind of the timers that go on with the walk over its
	// holders.
	timerRoleChanged = "group.role_changed"
	// holdersStep is how many holders one step brings up to date.
	holdersStep = 20
)

// roleWalk goes through the holders of a role whose permissions have changed, since each
// person keeps a copy of what they may do. A person who gets the role meanwhile gets it in
// its new form.
type roleWalk struct {
	GroupID, Key string
	Version      int    // the version of the group's roles
	After        string // the last person; empty: none
}

// roleChanged is the effect of a change of what a role allows, whose write raises the
// version of the group's roles by one.
func (g *Group) roleChanged(key string, now []Permission) outbox.Effect {
	if slices.Contains(g.OwnRoles[key].Permissions, Invite) && !slices.Contains(now, Invite) {
		g.InviteLostAsOf = g.RolesVersion + 1
	}
	return outbox.New(effectRoleChanged, roleWalk{GroupID: g.ID, Key: key, Version: g.RolesVersion + 1})
}

func (w roleWalk) timer(at time.Time) timer.Timer {
	key := strings.Join([]string{"role", w.GroupID, w.Key, strconv.Itoa(w.Version), w.After}, ":")
	return timer.New(key, timerRoleChanged, at, w)
}

// tellHolders is one step of the walk.
func (s *Service) tellHolders(ctx context.Context, w roleWalk) error {
	holders, err := s.store.memberIDs(ctx, w.GroupID, []string{w.Key}, w.After, holdersStep)
	if err != nil {
		return err
	}
	for _, personID := range holders {
		if err := s.tellHolder(ctx, w, personID); err != nil {
			return err
		}
	}
	if len(holders) < holdersStep {
		return nil
	}
	w.After = holders[len(holders)-1]
	return s.Timers.Set(ctx, w.timer(s.now()))
}

// tellHolder brings a holder in line with the group's roles as they are, also those
// that have changed since: a later walk may be here before an earlier one.
func (s *Service) tellHolder(ctx context.Context, w roleWalk, personID string) error {
	return s.retry(ctx, func() error {
		m, err := s.store.membership(ctx, w.GroupID, personID)
		if err != nil || m.holding(w.Key) == nil || m.RolesAsOf >= w.Version {
			return err
		}
		g, err := s.store.get(ctx, w.GroupID)
		if err != nil {
			return err
		}
		m.Holds = slices.DeleteFunc(m.Holds, g.hasDeleted)
		before := m.RolesAsOf
		m.RolesAsOf = g.RolesVersion
		m.Version++
		effects := []outbox.Effect{copyEffect(m)}
		if g.InviteLostAsOf > before {
			effects = append(effects, m.accessEnded())
		}
		return s.writeMembership(ctx, m, effects...)
	})
}
