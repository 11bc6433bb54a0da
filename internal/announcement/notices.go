package announcement

import (
	"context"
	"strconv"
	"strings"

	"faellesskab/internal/area"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
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
		{Kind: NoticeToGroup, Default: notify.Push, Family: notify.FamilyAnnouncements, Policy: notify.Policy{ByMembership: true}, Actions: []notify.Action{group.Mute}},
		{Kind: NoticeBroadcast, Default: notify.Push, Family: notify.FamilyAnnouncements},
		{Kind: NoticeUrgent, Default: notify.Push, Family: notify.FamilyUrgent, Policy: notify.Policy{IsUrgent: true}},
		{Kind: NoticeMessage, Default: notify.Push, Family: notify.FamilyAnnouncements, Attention: notify.AttentionPrompt},
		{Kind: NoticeWaits, Default: notify.Push, Family: notify.FamilyRequests, Args: waitsArgs{}},
		{Kind: NoticeUrgentWaits, Default: notify.Push, Family: notify.FamilyUrgent, Policy: notify.Policy{IsUrgent: true}, Args: waitsArgs{}},
		{Kind: NoticeDecided, Default: notify.Push, Family: notify.FamilyRequests, Policy: notify.Policy{PassesBudget: true, PassesQuiet: true}, Args: decidedArgs{}},
	}
}

// audiences are the audiences of announcements.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{{Kind: AudienceDeciders, Reason: notify.ReasonDecider, Walk: s.walkDeciders, Still: s.stillDecide, Now: "not_yours"}, s.audienceOfBookings()}
}

// decidedArgs say which decision the news tells.
type decidedArgs struct{ State State }

// decided tells its author what has become of an announcement, or of a correction. Whoever decides
// about their own knows it; by is empty if nobody did.
func (a *Announcement) decided(authorID, by, decision string) notify.Cause {
	c := notify.Cause{Key: notify.Key(a.ID, "decided", strconv.Itoa(a.Version)), Kind: NoticeDecided, Subject: a.ID, Actor: by,
		Args: notify.ArgsOf(decidedArgs{a.State}), Data: a.titleWords(a.Titles),
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{authorID}, Why: &notify.Reason{Kind: notify.ReasonAuthor, Subject: a.ID}}}}
	if a.IsUrgent {
		c.TurnsUpAt = &a.CreatedAt // its author waits for the answer, at night too
	}
	c.Data["Decision"] = decision
	if a.Reason != nil {
		c.Data["Reason"] = *a.Reason
	}
	return c
}

// subjects lets news be about announcements. What was announced is true while the announcement is
// SENT, that it waits while it does and nobody was asked again, and a decision until the next one.
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
		var asked waitsArgs
		if err := n.Args.Decode(&asked); err != nil {
			return is, err
		}
		is.Alive = a.waits() && asked.Ask == a.Asked
		titles := a.heading()
		is.Words = a.titleWords(titles)
	case area.NoticeHandedOver:
		personID, err := area.HandedTo(n)
		if err != nil {
			return is, err
		}
		is.Alive, is.Words = a.State == StateScheduled && a.AuthorID == personID, a.titleWords(a.Titles)
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
