package group

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// timerRoleReminder is the kind of the timers that remind of roles that will end.
const timerRoleReminder = "group.role_reminder"

const (
	// remindAhead is how long before the end of a role its holder and the leaders are
	// reminded, if it was given for at least twice as long.
	remindAhead = 14 * 24 * time.Hour
	// remindShort is the same for a role given for a shorter time, which must be at least
	// twice as long as this. Still shorter roles get no reminder.
	remindShort = 24 * time.Hour
)

// remindAt is when to remind of a role that is given now and ends then.
func remindAt(now, ends time.Time) (at time.Time, ok bool) {
	for _, ahead := range []time.Duration{remindAhead, remindShort} {
		if ends.Sub(now) >= 2*ahead {
			return ends.Add(-ahead), true
		}
	}
	return time.Time{}, false
}

// reminder is the effect that sets the reminder of a role; there is none for a short one.
func (a roleEndsArgs) reminder(now time.Time) []outbox.Effect {
	at, ok := remindAt(now, a.EndsAt)
	if !ok {
		return nil
	}
	return []outbox.Effect{timer.Effect(timer.New(a.key("role_reminder"), timerRoleReminder, at, a))}
}

// remindRole tells the holder of a role and the leaders, who can renew it, that it ends
// soon. It tells nobody if the role was renewed or taken since, or has ended.
func (s *Service) remindRole(ctx context.Context, a roleEndsArgs) error {
	m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
	if err != nil || a.heldBy(m) == nil {
		return fault.UnlessNotFound(err)
	}
	g, err := s.store.get(ctx, a.GroupID)
	if err != nil {
		return err
	}
	role := g.role(a.Key)
	people, err := s.People.Load(ctx, []string{a.PersonID})
	if err != nil || role == nil || people[a.PersonID] == nil {
		return err
	}
	leaders := slices.DeleteFunc(slices.Clone(g.LeaderIDs), func(leaderID string) bool { return leaderID == a.PersonID })
	words := role.words()
	words["Group"], words["DeadlineAt"] = g.Name, clock.Moment{At: a.EndsAt}.String()
	c := notify.Cause{Kind: NoticeRoleEnds, Args: notify.ArgsOf(a), Subject: g.ID, GroupID: g.ID, ExpiresAt: &a.EndsAt}
	// The holder is spoken to, and the leaders are told of somebody else: two pieces of news.
	own, others := c, c
	own.Key, own.Data = a.key("role_reminder_own"), maps.Clone(words)
	own.Data["Own"] = "1"
	own.Audiences = []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{a.PersonID}, Why: &notify.Reason{Kind: notify.ReasonGroupMember, Subject: g.ID}}}
	if err := s.Enqueue(ctx, own); err != nil || len(leaders) == 0 {
		return err
	}
	others.Key, others.Data, others.About = a.key("role_reminder"), words, a.PersonID
	others.Audiences = []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: leaders, Why: &notify.Reason{Kind: notify.ReasonGroupLeader, Subject: g.ID}}}
	return s.Enqueue(ctx, others)
}

// words are the words that name a role in a text: its name in each language, or the
// group's own name.
func (r *Role) words() map[string]string {
	if r.Name != nil {
		return map[string]string{"Role": *r.Name}
	}
	words := map[string]string{}
	for _, l := range i18n.Languages {
		words["Role_"+string(l)] = r.nameIn(l)
	}
	return words
}

// nameIn is what people call a role that every group has.
func (r *Role) nameIn(l i18n.Language) string {
	return i18n.Translate(l, "role."+strings.ToLower(r.Key), nil)
}
