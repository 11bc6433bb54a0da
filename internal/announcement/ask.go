package announcement

import (
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// AudienceDeciders are the people who may approve an announcement that waits; the ids are
// announcements'.
const AudienceDeciders notify.AudienceKind = "ANNOUNCEMENT_DECIDERS"

// maxAsks is how often people are asked to approve one announcement or corrections of it. Whoever edits and
// publishes it again and again makes their phones ring no more than that.
const maxAsks = 5

// askFor is for how long people are asked again to approve something urgent.
const askFor = 30 * time.Minute

// askAgainAfter is when the people who may approve something urgent are asked again, if nobody has: they
// may sleep.
var askAgainAfter = [...]time.Duration{5 * time.Minute, 15 * time.Minute, askFor}

// timerAsk is the kind of the timer that asks again.
const timerAsk = "announcement.ask"

type askArgs struct {
	AnnouncementID string
	Ask            int // how often it had been asked
	Again          int
}

// waitsArgs say which question the news is: it is true until there is another.
type waitsArgs struct{ Ask int }

// asks are the effects that ask the people who may approve it for what waits: the announcement, or its
// correction.
func (s *Service) asks(a *Announcement) []outbox.Effect {
	if a.Asked == maxAsks {
		return nil // the last question is asked as long as it waits
	}
	a.Asked++
	effects := []outbox.Effect{notify.Effect(a.question(0))}
	if a.IsUrgent {
		for i, wait := range askAgainAfter {
			again := askArgs{a.ID, a.Asked, i + 1}
			key := a.ID + ":ask:" + strconv.Itoa(a.Asked) + ":" + strconv.Itoa(again.Again)
			effects = append(effects, timer.Effect(timer.New(key, timerAsk, s.now().Add(wait), again)))
		}
	}
	return effects
}

// askAgain asks again, unless somebody has decided or it was changed. It does not change the announcement,
// so that whoever reads it meanwhile can approve what they read.
func (s *Service) askAgain(ctx context.Context, again askArgs) error {
	a, err := s.store.get(ctx, again.AnnouncementID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	if !a.waits() || a.Asked != again.Ask {
		return nil
	}
	return s.Notifier.Enqueue(ctx, a.question(again.Again))
}

// question is the news that it, or its correction, waits for a second person, for the first time or again.
func (a *Announcement) question(again int) notify.Cause {
	titles := a.heading()
	kind, actor := NoticeWaits, a.AuthorID
	if a.Proposed != nil {
		actor = a.Proposed.AuthorID
	}
	if a.IsUrgent {
		kind = NoticeUrgentWaits
	}
	return notify.Cause{Key: notify.Key(a.ID, "waits", strconv.Itoa(a.Asked)+"."+strconv.Itoa(again)), Kind: kind, Subject: a.ID, Actor: actor,
		Args: notify.ArgsOf(waitsArgs{a.Asked}), Audiences: []notify.AudienceOf{{Kind: AudienceDeciders, IDs: []string{a.ID}}}, Data: a.titleWords(titles)}
}

// walkDeciders finds the people who may approve these announcements: those with BROADCAST, and
// those who speak for the group.
func (s *Service) walkDeciders(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
	a, err := s.store.get(ctx, ids[0])
	if err != nil {
		return nil, fault.UnlessNotFound(err)
	}
	may, err := s.nextDeciders(ctx, a, after, limit)
	why := notify.Reason{Kind: notify.ReasonDecider, Subject: a.GroupID, Words: map[string]string{"Group": a.GroupName}}
	found := make([]notify.Found, len(may))
	for i, personID := range may {
		found[i] = notify.Found{PersonID: personID, Reasons: []notify.Reason{why}}
	}
	return found, err
}

// nextDeciders are the people who may approve an announcement that waits, in order, after the given one.
func (s *Service) nextDeciders(ctx context.Context, a *Announcement, after string, limit int) ([]string, error) {
	var found []string
	for len(found) < limit {
		people, err := s.mayDecide(ctx, a, after, limit)
		if err != nil || len(people) == 0 {
			return found, err
		}
		may, err := s.deciders(ctx, a, people)
		if err != nil {
			return nil, err
		}
		found = append(found, may[:min(len(may), limit-len(found))]...)
		after = people[len(people)-1]
	}
	return found, nil
}

// mayDecide are ids of people who may have to do with the decision, in order, after the given one.
func (s *Service) mayDecide(ctx context.Context, a *Announcement, after string, limit int) ([]string, error) {
	officers, err := s.People.Officers(ctx, auth.CapabilityBroadcast)
	if err != nil {
		return nil, err
	}
	var people []string
	if a.GroupID != "" {
		if people, err = s.Groups.Speakers(ctx, a.GroupID, after, limit); err != nil {
			return nil, err
		}
	}
	for _, p := range officers {
		if p.ID > after {
			people = append(people, p.ID)
		}
	}
	slices.Sort(people)
	people = slices.Compact(people)
	return people[:min(len(people), limit)], nil
}

// deciders are those of these people who may approve the announcement now.
func (s *Service) deciders(ctx context.Context, a *Announcement, people []string) ([]string, error) {
	around, err := s.surroundings(ctx, a)
	if err != nil {
		return nil, err
	}
	known, err := s.People.Load(ctx, people)
	return slices.DeleteFunc(slices.Clone(people), func(personID string) bool {
		p := known[personID]
		return p == nil || p.Admits() != nil || !s.standingIn(around, p.Viewer(), a).allows(a, ActionApprove)
	}), err
}

// stillDecide tells which of these people may still approve what waits in a group, or what the municipality
// says if the subject is empty.
func (s *Service) stillDecide(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
	people := map[string][]string{} // by group
	for _, c := range asked {
		people[c.Subject] = append(people[c.Subject], c.PersonID)
	}
	const writer = "a third person" // who decides is never the author
	still := make(map[notify.Concern]bool, len(asked))
	for groupID, asked := range people {
		may, err := s.deciders(ctx, &Announcement{GroupID: groupID, State: StatePending, AuthorID: writer}, asked)
		if err != nil {
			return nil, err
		}
		for _, personID := range may {
			still[notify.Concern{Subject: groupID, PersonID: personID}] = true
		}
	}
	return still, nil
}
