package group

import (
	"cmp"
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Join makes the viewer a member, or files their request, as the join policy says. With
// the code of an invitation link they become a member at once. Returns NotFound for a
// group that the viewer may not know of or a code that does not let them in, Conflict if
// they are a member or have asked already, and Forbidden if they are banned or not
// invited.
func (s *Service) Join(ctx context.Context, in JoinInput) (*Membership, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "joinGroup", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, l, err := s.joinable(ctx, in)
		if err != nil {
			return nil, err
		}
		if g.isArchived() {
			return nil, fault.Conflict("group.join.archived")
		}
		return s.do(ctx, deed{act: g.door(), group: g, personID: v.PersonID, by: v.PersonID, link: l, token: t})
	})
}

// joinable is the group to join, and the link that lets the viewer in; nil if they use
// none.
func (s *Service) joinable(ctx context.Context, in JoinInput) (*Group, *Link, error) {
	if in.InvitationCode == nil {
		g, err := s.visible(ctx, in.GroupID)
		return g, nil, err
	}
	l, g, err := s.open(ctx, *in.InvitationCode)
	v := auth.FromContext(ctx)
	switch {
	case err != nil:
		return nil, nil, err
	case g.ID != in.GroupID:
		return nil, nil, fault.NotFound("group.invitation.not_found")
	case l.CreatedBy == v.PersonID && !v.InGroup(g.ID):
		// Staff may make links without being members, and nobody lets themselves in.
		return nil, nil, fault.Forbidden("auth.self")
	}
	return g, l, nil
}

// Requests is how many requests of a person wait for an answer.
type Requests int

// Asker is the id of the viewer if they would ask to join; empty if not. m is their own membership, or
// nil.
func (g *Group) Asker(ctx context.Context, m *Membership) string {
	if g.door().from[m.stateOrNone()].to != StateRequested {
		return ""
	}
	return auth.FromContext(ctx).PersonID
}

// RequestsOf are the requests of these people that wait for an answer, as far as they count.
func (s *Service) RequestsOf(ctx context.Context, personIDs []string) (map[string]Requests, error) {
	found := make(map[string]Requests, len(personIDs))
	for _, personID := range personIDs {
		waiting, err := s.store.ofState(ctx, personID, MaxRequests, StateRequested)
		if err != nil {
			return nil, err
		}
		found[personID] = Requests(len(waiting))
	}
	return found, nil
}

func requested(g *Group, m *Membership) notify.Cause {
	return notify.Cause{
		Key: m.newsKey(newsRequested), Kind: NoticeJoinRequested, Args: m.joinArgs(), Subject: g.ID, GroupID: g.ID,
		Audiences: []notify.AudienceOf{{Kind: AudienceApprovers, IDs: []string{g.ID}}},
		Actor:     m.PersonID, About: m.PersonID, Data: map[string]string{"Group": g.Name},
	}
}

// Leave ends the viewer's membership, or takes their request back. Returns NotFound if
// they are no member, and Conflict for the last leader.
func (s *Service) Leave(ctx context.Context, in LeaveInput) (*Membership, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "leaveGroup", Key: in.ClientMutationID, Input: in, On: bothRefs(in.GroupID, v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, err := s.visible(ctx, in.GroupID)
		if err != nil {
			return nil, err
		}
		return s.do(ctx, deed{act: actLeave, group: g, personID: v.PersonID, by: v.PersonID, token: t})
	})
}

// SetNotifications sets how much the viewer wants to hear of a group. Returns Problems,
// and NotFound if they are no member.
func (s *Service) SetNotifications(ctx context.Context, in NotificationsInput) (*Membership, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "setGroupNotifications", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		return s.setLevel(ctx, in.GroupID, in.Level, func(m *Membership) []outbox.Effect { return t.Outcome(m) })
	})
}

// SetLevel is SetNotifications as a part of another mutation, whose outcome the write that
// decides keeps. Returns NotFound if the viewer is no member.
func (s *Service) SetLevel(ctx context.Context, groupID string, level notify.Level, outcome func() []outbox.Effect) error {
	_, err := s.setLevel(ctx, groupID, level, func(*Membership) []outbox.Effect { return outcome() })
	return err
}

// LevelRef is the document that decides how much a person wants to hear of a group.
func (s *Service) LevelRef(groupID, personID string) outbox.Ref {
	return membershipRef(groupID, personID)[0]
}

func (s *Service) setLevel(ctx context.Context, groupID string, level notify.Level, outcome func(*Membership) []outbox.Effect) (*Membership, error) {
	var m *Membership
	err := s.retry(ctx, func() error {
		var err error
		m, err = s.member(ctx, groupID, auth.FromContext(ctx).PersonID)
		if err != nil || cmp.Or(m.Level, notify.LevelAll) == level {
			return err
		}
		m.Level = level
		m.Version++
		return s.writeMembership(ctx, m, append([]outbox.Effect{copyEffect(m)}, outcome(m)...)...)
	})
	return m, err
}

func (g *Group) ref() outbox.Ref { return outbox.Ref{Collection: groups, ID: g.ID} }

func (m *Membership) ref() outbox.Ref { return outbox.Ref{Collection: memberships, ID: m.ID} }

func membershipRef(groupID, personID string) []outbox.Ref {
	return []outbox.Ref{{Collection: memberships, ID: id.Pair(groupID, personID)}}
}

func bothRefs(groupID, personID string) []outbox.Ref {
	return append(membershipRef(groupID, personID), outbox.Ref{Collection: groups, ID: groupID})
}
