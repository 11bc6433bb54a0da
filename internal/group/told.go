package group

import (
	"context"
	"maps"
	"strconv"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// This file keeps a person who asks, or a group that invites, from ringing on and on, whether it is taken back
// or answered in between. What waits for an answer is told once a day: one that waits at the end of the day is told
// then. Until then those who were told find it in their inboxes, unread again. On one day a person may ask a group, and
// a group may invite a person, only so many times.

const (
	// timerTell is the kind of the timers that tell what was not told at once.
	timerTell = "group.tell"
	// tellAgain is how long after it was told of a request or an invitation a new one is told
	// again.
	tellAgain = 24 * time.Hour
)

// told says when a request, or an invitation, was last told.
type told struct {
	At      time.Time `bson:"at"`
	Version int       `bson:"version"` // the membership's, which the news is about
}

// waits reports whether a membership in the state waits for an answer to what this news says.
func (n news) waits(state MembershipState) bool {
	return n == newsRequested && state == StateRequested || n == newsInvited && state == StateInvited
}

// note notes that what waits for an answer is told now, unless the same was told within a day.
func (m *Membership) note(n news, now time.Time) {
	if last, ok := m.Told[n]; !n.waits(m.State) || ok && now.Before(last.At.Add(tellAgain)) {
		return
	}
	if m.Told = maps.Clone(m.Told); m.Told == nil {
		m.Told = map[news]told{}
	}
	m.Told[n] = told{At: now, Version: m.Version}
}

// isTold reports whether this version of the membership is told.
func (m *Membership) isTold(n news) bool { return m.Told[n].Version == m.Version }

// tellArgs name a membership, and what was told of it when.
type tellArgs struct {
	GroupID, PersonID string
	What              news
	At                time.Time
}

// later is the effect that tells a request or an invitation when a day has passed.
func (m *Membership) later(n news) outbox.Effect {
	a := tellArgs{GroupID: m.GroupID, PersonID: m.PersonID, What: n, At: m.Told[n].At}
	key := notify.Key(m.ID, "tell_"+string(a.What), strconv.FormatInt(a.At.UnixMilli(), 10))
	return timer.Effect(timer.New(key, timerTell, a.At.Add(tellAgain), a))
}

// tell is the effect that tells a request or an invitation.
func (m *Membership) tell(g *Group, n news) outbox.Effect {
	if n == newsInvited {
		return notify.Effect(invited(g, m))
	}
	return notify.Effect(requested(g, m))
}

// maxTimesADay is how often in a day a person may ask to join a group, and a group may invite a person.
const maxTimesADay = 10

// checkTimes refuses to ask or to invite once more to whoever has done it often enough within a day. Returns
// Exhausted.
//
// What the program has done for an invitation by a contact is counted apart, so that it does not show in how
// others are answered.
func (m *Membership) checkTimes(to MembershipState, by string, now time.Time) error {
	if m == nil || to != StateRequested && to != StateInvited {
		return nil
	}
	var times []time.Time
	for _, c := range m.History {
		if c.State == to && (c.By == "") == (by == "") && now.Before(c.At.Add(tellAgain)) {
			times = append(times, c.At)
		}
	}
	if len(times) < maxTimesADay {
		return nil
	}
	wait := times[0].Add(tellAgain).Sub(now)
	if to == StateInvited {
		return fault.Exhausted("group.invite.often", wait).With("Max", maxTimesADay)
	}
	return fault.Exhausted("group.request.often", wait).With("Max", maxTimesADay)
}

// tellLater tells a request or an invitation that was not told when it was made, unless it was
// answered, taken back or told since.
func (s *Service) tellLater(ctx context.Context, a tellArgs) error {
	return s.retry(ctx, func() error {
		m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
		if err != nil || !m.Told[a.What].At.Equal(a.At) || m.isTold(a.What) || !a.What.waits(m.State) {
			return fault.UnlessNotFound(err)
		}
		g, err := s.store.get(ctx, a.GroupID)
		if err != nil {
			return err
		}
		m.Version++
		m.note(a.What, s.now())
		return s.writeMembership(ctx, m, copyEffect(m), m.tell(g, a.What))
	})
}
