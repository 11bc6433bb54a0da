package announcement

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// The kinds of news that are announcements, and of news about them.
const (
	NoticeToGroup     notify.Kind = "GROUP_ANNOUNCEMENT"
	NoticeBroadcast   notify.Kind = "BROADCAST"
	NoticeUrgent      notify.Kind = "URGENT_BROADCAST"
	NoticeMessage     notify.Kind = "ATTENDEE_MESSAGE"
	NoticeWaits       notify.Kind = "ANNOUNCEMENT_WAITS"
	NoticeUrgentWaits notify.Kind = "URGENT_BROADCAST_WAITS"
	NoticeDecided     notify.Kind = "ANNOUNCEMENT_DECIDED"
)

// noticeKinds are the kinds with their channels and policies. An answer that its author waits for
// is not counted among the pushes of a day.
func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticeToGroup, Default: notify.Push, Policy: notify.Policy{ByMembership: true}},
		{Kind: NoticeBroadcast, Default: notify.Push},
		{Kind: NoticeUrgent, Default: notify.Push, Policy: notify.Policy{IsUrgent: true}},
		{Kind: NoticeMessage, Default: notify.Push},
		{Kind: NoticeWaits, Default: notify.Push},
		{Kind: NoticeUrgentWaits, Default: notify.Push, Policy: notify.Policy{IsUrgent: true}},
		{Kind: NoticeDecided, Default: notify.Push, Policy: notify.Policy{PassesBudget: true}, Args: decidedArgs{}},
	}
}

// AudienceDeciders are the people who may approve an announcement that waits; the ids are
// announcements'.
const AudienceDeciders notify.AudienceKind = "ANNOUNCEMENT_DECIDERS"

// audiences are the audiences of announcements.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{{Kind: AudienceDeciders, Reason: notify.ReasonDecider, Walk: s.walkDeciders, Still: s.stillDecide, Now: "not_yours"}, s.audienceOfBookings()}
}

// asksSecond tells the people who may approve it that it, or its correction, waits for one of them:
// once a day, however often it is changed.
func (s *Service) asksSecond(a *Announcement) notify.Cause {
	titles, _ := a.wording()
	what, kind := "waits", NoticeWaits
	actor := a.AuthorID
	if a.Proposed != nil {
		what, actor = "correction"+strconv.Itoa(a.Corrections), a.Proposed.AuthorID
	}
	if a.IsUrgent {
		kind = NoticeUrgentWaits
	}
	return notify.Cause{Key: notify.Key(a.ID, what, clock.Day(s.now(), clock.Copenhagen)), Kind: kind, Subject: a.ID, Actor: actor,
		Audiences: []notify.AudienceOf{{Kind: AudienceDeciders, IDs: []string{a.ID}}}, Data: a.titleWords(titles)}
}

// decidedArgs say which decision the news tells.
type decidedArgs struct{ State State }

// decided tells its author what has become of an announcement, or of a correction. Whoever decides
// about their own knows it; by is empty if nobody did.
func (a *Announcement) decided(authorID, by, decision string) notify.Cause {
	c := notify.Cause{Key: notify.Key(a.ID, "decided", strconv.Itoa(a.Version)), Kind: NoticeDecided, Subject: a.ID, Actor: by,
		Args: notify.ArgsOf(decidedArgs{a.State}), Data: a.titleWords(a.Titles),
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{authorID}, Why: &notify.Reason{Kind: notify.ReasonAuthor, Subject: a.ID}}}}
	c.Data["Decision"] = decision
	if a.Reason != nil {
		c.Data["Reason"] = *a.Reason
	}
	return c
}

// walkDeciders finds the people who may approve these announcements: those with BROADCAST, and
// those who speak for the group.
func (s *Service) walkDeciders(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
	a, err := s.store.get(ctx, ids[0])
	if err != nil {
		return nil, fault.UnlessNotFound(err)
	}
	why := notify.Reason{Kind: notify.ReasonDecider, Subject: a.GroupID, Words: map[string]string{"Group": a.GroupName}}
	var found []notify.Found
	for len(found) < limit {
		people, err := s.mayDecide(ctx, a, after, limit)
		if err != nil || len(people) == 0 {
			return found, err
		}
		may, err := s.deciders(ctx, a, people)
		if err != nil {
			return nil, err
		}
		for _, personID := range may[:min(len(may), limit-len(found))] {
			found = append(found, notify.Found{PersonID: personID, Reasons: []notify.Reason{why}})
		}
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

// subjects lets news be about announcements. What was announced is true while the announcement is
// SENT, that it waits while it does, and a decision until the next one.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Announcement,
		State: func(ctx context.Context, n notify.News) (notify.SubjectState, error) {
			a, err := s.store.get(ctx, n.Subject)
			if err != nil {
				return notify.SubjectState{}, fault.UnlessNotFound(err)
			}
			return a.stateOf(n)
		},
		States: notify.AllByIDs(s.store.byIDs, (*Announcement).stateOf)}}
}

// stateOf is the present state of a piece of news about the announcement. What it says is said as it
// is now: a correction replaces the text where it stands.
func (a *Announcement) stateOf(n notify.News) (notify.SubjectState, error) {
	is := notify.SubjectState{Alive: a.State == StateSent}
	switch n.Kind {
	case NoticeWaits, NoticeUrgentWaits:
		is.Alive = a.waits()
		titles, _ := a.wording()
		is.Words = a.titleWords(titles)
	case NoticeDecided:
		var told decidedArgs
		if err := n.Args.Decode(&told); err != nil {
			return is, err
		}
		is.Alive = a.State == told.State
	default:
		is.Words = a.words()
	}
	delete(is.Words, "Group") // it stays as it was told
	if !is.Alive {
		is.Words, is.Now = nil, "announcement_"+strings.ToLower(string(a.State))
	}
	return is, nil
}
