package group

import (
	"context"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
)

// Invite invites a person to a group and tells them. A person who has asked to join is
// let in. For a person who is a member or invited already nothing changes, and they hear
// nothing. Returns Problems, NotFound for a group the viewer may not know of or an unknown
// person, Forbidden without the permission INVITE and for oneself, Conflict for a
// person who is banned from the group, is in too many groups, or has too many invitations already,
// and Exhausted if they were invited too often within a day.
func (s *Service) Invite(ctx context.Context, in InviteInput) (*Membership, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "inviteToGroup", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, err := s.Require(ctx, in.GroupID, actInvite.permission())
		if err != nil {
			return nil, err
		}
		if err := s.checkPerson(ctx, in.PersonID); err != nil {
			return nil, err
		}
		return s.do(ctx, deed{act: actInvite, group: g, personID: in.PersonID, by: auth.FromContext(ctx).PersonID, token: t})
	})
}

func (s *Service) checkPerson(ctx context.Context, personID string) error {
	found, err := s.People.Load(ctx, []string{personID})
	if err != nil {
		return err
	}
	if p := found[personID]; p == nil || p.ErasedAt != nil {
		return &fault.Error{Kind: fault.KindNotFound, Key: "person.not_found", Field: "input.personId"}
	}
	return nil
}

func invited(g *Group, m *Membership) notify.Cause {
	why := &notify.Reason{Kind: notify.ReasonInvited, Subject: g.ID, Words: map[string]string{"Group": g.Name}}
	return notify.Cause{
		Key: m.newsKey(newsInvited), Kind: NoticeInvited, Args: m.joinArgs(), Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: AudienceInvited, IDs: []string{m.PersonID}, Why: why}},
		Actor:     m.lastBy(), Data: map[string]string{"Group": g.Name},
	}
}

// invitationAnswered tells whoever has invited the person what they have answered; ok is false if it was
// no answer, or nobody is to hear it. What is answered again within a day is the same news.
func invitationAnswered(g *Group, before, after *Membership) (c notify.Cause, ok bool) {
	inviter, isOwn := before.lastBy(), after.lastBy() == after.PersonID
	if before.State != StateInvited || !isOwn || inviter == "" {
		return c, false
	}
	version := strconv.Itoa(before.Told[newsInvited].Version) + ":" + inviter
	why := &notify.Reason{Kind: notify.ReasonInviter, Subject: g.ID, Words: map[string]string{"Group": g.Name}}
	return notify.Cause{
		Key: notify.Key(after.ID, string(newsInviteAnswered), version), Kind: NoticeInviteAnswered, Args: after.joinArgs(), Subject: g.ID, GroupID: g.ID,
		Audiences: []notify.AudienceOf{{Kind: AudienceInviter, IDs: []string{inviter}, Why: why}},
		Actor:     after.PersonID, About: after.PersonID, Data: map[string]string{"Group": g.Name, "Answer": string(after.State)},
	}, true
}

// DeclineInvitation declines the viewer's invitation. Returns Problems, and NotFound for
// a group that the viewer may not know of or is not invited to.
func (s *Service) DeclineInvitation(ctx context.Context, in DeclineInput) (*Membership, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "declineInvitation", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, err := s.visible(ctx, in.GroupID)
		if err != nil {
			return nil, err
		}
		return s.do(ctx, deed{act: actDeclineInvitation, group: g, personID: v.PersonID, by: v.PersonID, token: t})
	})
}
