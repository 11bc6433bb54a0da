package event

import (
	"context"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// The kinds of news about the groups that host an event.
const (
	NoticeCoHostInvited  notify.Kind = "EVENT_CO_HOST_INVITED"
	NoticeCoHostAccepted notify.Kind = "EVENT_CO_HOST_ACCEPTED"
	NoticeCoHostEnded    notify.Kind = "EVENT_CO_HOST_ENDED"
)

// hostKinds are these kinds with their channels.
func hostKinds() []notify.KindSpec {
	var specs []notify.KindSpec
	for _, k := range []notify.Kind{NoticeCoHostInvited, NoticeCoHostAccepted, NoticeCoHostEnded} {
		specs = append(specs, notify.KindSpec{Kind: k, Default: notify.Push, Family: notify.FamilyEvents, Args: coHostArgs{}})
	}
	return specs
}

// coHostArgs say which other group the news is about.
type coHostArgs struct{ GroupID string }

// hostNews tells those who may post in a group what another group has to do with an event.
func (s *Service) hostNews(ctx context.Context, e *Event, kind notify.Kind, otherID, toldID string) notify.Cause {
	c := e.about()
	c.Key = notify.Key(e.ID, string(kind)+":"+otherID, strconv.Itoa(e.Version))
	c.Kind, c.Args, c.Actor, c.Data = kind, notify.ArgsOf(coHostArgs{otherID}), auth.FromContext(ctx).PersonID, e.words()
	c.GroupID, c.MembersOnly = toldID, false
	if other, isHost := e.CoHosts[otherID]; isHost && toldID != otherID {
		c.Data["Group"] = other.Card.KnownName(s.now())
	}
	c.Audiences = []notify.AudienceOf{{Kind: group.AudiencePosters, IDs: []string{toldID}}}
	return c
}

// stateOfHosting is the present state of such news; ok is false for other news.
func (e *Event) stateOfHosting(n notify.News, now notify.SubjectState) (_ notify.SubjectState, ok bool, err error) {
	var a coHostArgs
	switch n.Kind {
	case NoticeCoHostInvited, NoticeCoHostAccepted, NoticeCoHostEnded:
		err = n.Args.Decode(&a)
	default:
		return now, false, nil
	}
	c, isHost := e.CoHosts[a.GroupID]
	is := map[notify.Kind]bool{NoticeCoHostInvited: isHost && c.AcceptedAt == nil, NoticeCoHostAccepted: isHost && c.AcceptedAt != nil, NoticeCoHostEnded: !isHost}
	now.Alive = is[n.Kind] && (e.State == StateDraft || e.State == StatePublished)
	now.ExpiresAt = &e.EndsAt
	if isHost && n.Kind == NoticeCoHostAccepted {
		now.Words["Group"] = c.Card.Name
	}
	return now, true, err
}

// publishedIn tells the members of another group that hosts the event of it.
func (s *Service) publishedIn(ctx context.Context, e *Event, card group.Card) notify.Cause {
	c := s.published(ctx, e)
	c.Key += ":" + card.ID
	c.GroupID, c.MembersOnly = card.ID, false
	c.Audiences = []notify.AudienceOf{{Kind: group.AudienceMembers, IDs: []string{card.ID}}}
	return c
}
