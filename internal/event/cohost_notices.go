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

// coHostArgs say which other group the news is about, and in which group people are told.
type coHostArgs struct{ GroupID, ToldID string }

// publishedArgs say in which group people are told; empty: in the event's own.
type publishedArgs struct{ GroupID string }

// hostNews tells those who may post in a group what another group has to do with an event. The text names the other group
// unless outsiders may not know of it.
func (s *Service) hostNews(ctx context.Context, e *Event, kind notify.Kind, of CoHost, toldID string) notify.Cause {
	c := e.about()
	c.Key = notify.Key(e.ID, string(kind)+":"+of.Card.ID, strconv.Itoa(e.Version))
	c.Kind, c.Args, c.Actor, c.Data = kind, notify.ArgsOf(coHostArgs{of.Card.ID, toldID}), auth.FromContext(ctx).PersonID, e.words()
	c.GroupID, c.MembersOnly = toldID, false
	told, other := e.Card, of.Card
	if toldID == other.ID {
		told, other = other, told
	}
	c.Data["Group"] = told.KnownName(s.now())
	if !other.Visibility.IsHidden() {
		c.Data["Other"] = other.KnownName(s.now())
	}
	c.Audiences = []notify.AudienceOf{{Kind: group.AudiencePosters, IDs: []string{toldID}}}
	return c
}

// stateOfHosting is the present state of such news; ok is false for other news. People whose group hosts the event no longer
// know it as it was when they were told that.
func (e *Event) stateOfHosting(n notify.News, now notify.SubjectState) (_ notify.SubjectState, ok bool, err error) {
	var a coHostArgs
	switch n.Kind {
	case NoticeCoHostInvited, NoticeCoHostAccepted, NoticeCoHostEnded:
		err = n.Args.Decode(&a)
	default:
		return now, false, nil
	}
	c, isHost := e.CoHosts[a.GroupID]
	now.Words["Group"] = e.nameIn(a.ToldID)
	is := map[notify.Kind]bool{NoticeCoHostInvited: isHost && c.AcceptedAt == nil, NoticeCoHostAccepted: isHost && c.AcceptedAt != nil, NoticeCoHostEnded: !isHost}
	now.Alive = is[n.Kind] && (e.State == StateDraft || e.State == StatePublished)
	now.ExpiresAt = &e.EndsAt
	if n.Kind == NoticeCoHostEnded && a.ToldID != e.GroupID {
		now.Words = nil
		now.MayKnow = func(v auth.Viewer) bool { return v.InGroup(a.ToldID) }
	}
	return now, true, err
}

// publishedIn tells the members of another group that hosts the event of it. Whoever is in a group before it is told there.
func (s *Service) publishedIn(ctx context.Context, e *Event, card group.Card) notify.Cause {
	c := s.published(ctx, e)
	c.Key += ":" + card.ID
	c.GroupID, c.MembersOnly, c.Args = card.ID, false, notify.ArgsOf(publishedArgs{card.ID})
	c.Data["Group"] = card.KnownName(s.now())
	ids := []string{card.ID}
	for _, groupID := range e.GroupIDs() {
		if groupID == card.ID {
			break
		}
		ids = append(ids, groupID)
	}
	c.Audiences = []notify.AudienceOf{{Kind: group.AudienceMembersBesides, IDs: ids}}
	return c
}

// called is the name of the first group, by which people know of whom an event is. It is empty if those who come by another
// group may not know of the first.
func (h Hosting) called(first group.Card, name string) string {
	if len(h.CoGroupIDs) > 0 && first.Visibility.IsHidden() {
		return ""
	}
	return name
}

// GroupName is the name of the event's group for everybody who is told of the event.
func (e *Event) GroupName() string { return e.called(e.Card, e.Card.Name) }

// nameIn is the name of a group that hosts the event, or is asked to, for the people in it.
func (e *Event) nameIn(groupID string) string {
	if c, isHost := e.CoHosts[groupID]; isHost {
		return c.Card.Name
	}
	return e.Card.Name
}
