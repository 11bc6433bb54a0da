package group

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// This file keeps a person who asks and takes it back, or a group that invites and takes it
// back, on and on, from filling others' inboxes. What waits for an answer is told once; it is
// told again a day later at the earliest, or after an answer.

const (
	// timerTell is the kind of the timers that tell what was not told at once.
	timerTell = "group.tell"
	// tellAgain is how long after it was told of a request or an invitation a new one is told
	// again.
	tellAgain = 24 * time.Hour
)

// told says which request or invitation was last told, and when. It is kept until somebody
// answers.
type told struct {
	What    news      `bson:"what"`
	At      time.Time `bson:"at"`
	Version int       `bson:"version"` // the membership's, which the news is about
}

// waits reports whether a membership in the state waits for an answer to what this news says.
func (n news) waits(state MembershipState) bool {
	return n == newsRequested && state == StateRequested || n == newsInvited && state == StateInvited
}

// isAnswered reports whether a change of the membership's state answers what was told: any
// change by the other side does. Whoever takes their own request or invitation back has no
// answer.
func (t *told) isAnswered(m *Membership, by string) bool {
	return m.State == StateActive || (t.What == newsInvited) == (by == m.PersonID)
}

// note notes that what waits for an answer is told now, unless it was told within a day.
func (m *Membership) note(n news, now time.Time) {
	if !n.waits(m.State) || m.Told != nil && m.Told.What == n && now.Before(m.Told.At.Add(tellAgain)) {
		return
	}
	m.Told = &told{What: n, At: now, Version: m.Version}
}

// isTold reports whether this version of the membership is told.
func (m *Membership) isTold() bool { return m.Told != nil && m.Told.Version == m.Version }

// tellArgs name a membership, and what was told of it when.
type tellArgs struct {
	GroupID, PersonID string
	What              news
	At                time.Time
}

// later is the effect that tells a request or an invitation when a day has passed.
func (m *Membership) later() outbox.Effect {
	a := tellArgs{GroupID: m.GroupID, PersonID: m.PersonID, What: m.Told.What, At: m.Told.At}
	key := notify.Key(m.ID, "tell_"+string(a.What), strconv.FormatInt(a.At.UnixMilli(), 10))
	return timer.Effect(timer.New(key, timerTell, a.At.Add(tellAgain), a))
}

// tell is the effect that tells a request or an invitation.
func (m *Membership) tell(g *Group) outbox.Effect {
	if m.Told.What == newsInvited {
		return notify.Effect(invited(g, m))
	}
	return notify.Effect(requested(g, m))
}

// tellLater tells a request or an invitation that was not told when it was made, unless it was
// answered, taken back or told since.
func (s *Service) tellLater(ctx context.Context, a tellArgs) error {
	return s.retry(ctx, func() error {
		m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
		if err != nil || m.Told == nil || m.Told.What != a.What || !m.Told.At.Equal(a.At) || m.isTold() || !a.What.waits(m.State) {
			return fault.UnlessNotFound(err)
		}
		g, err := s.store.get(ctx, a.GroupID)
		if err != nil {
			return err
		}
		m.Version++
		m.note(a.What, s.now())
		return s.writeMembership(ctx, m, copyEffect(m), m.tell(g))
	})
}
