package group

import (
	"context"
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// The kinds of news about groups.
const (
	NoticeJoinRequested  notify.Kind = "JOIN_REQUESTED"
	NoticeJoinAnswered   notify.Kind = "JOIN_REQUEST_ANSWERED"
	NoticeInvited        notify.Kind = "GROUP_INVITED"
	NoticeInviteAnswered notify.Kind = "INVITATION_ANSWERED"
	NoticeRoleEnds       notify.Kind = "GROUP_ROLE_ENDS"
	NoticeLeads          notify.Kind = "GROUP_LED_BY_YOU"
	NoticeCloses         notify.Kind = "GROUP_CLOSES"
)

// noticeKinds are the kinds with their channels and policies.
func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticeJoinRequested, Default: notify.Push, Family: notify.FamilyRequests, Policy: notify.Policy{ByMembership: true}, Args: joinArgs{}, Actions: requestActions()},
		{Kind: NoticeJoinAnswered, Default: notify.Push, Family: notify.FamilyRequests, Policy: notify.Policy{PassesBudget: true}, Args: joinArgs{}},
		{Kind: NoticeInvited, Default: notify.Push, Family: notify.FamilyRequests, Args: joinArgs{}, Actions: invitedActions()},
		{Kind: NoticeInviteAnswered, Default: notify.Inbox, Family: notify.FamilyRequests, Attention: notify.AttentionQuiet, Args: joinArgs{}},
		{Kind: NoticeRoleEnds, Default: notify.Push, Family: notify.FamilyReminders, Policy: notify.Policy{ByMembership: true}, Args: roleEndsArgs{}},
		{Kind: NoticeLeads, Default: notify.Push, Family: notify.FamilyAnnouncements, Args: leaderArgs{}},
		{Kind: NoticeCloses, Default: notify.Push, Family: notify.FamilyAnnouncements, Policy: notify.Policy{ByMembership: true}, Args: closesArgs{}, Actions: []notify.Action{Mute}},
	}
}

// Mute is the action that mutes the group from which members are told something.
var Mute = notify.Action{Name: "MUTE_GROUP", Mutation: "setGroupNotifications", Input: func(n notify.News) map[string]string {
	if n.GroupID == "" {
		return nil
	}
	return map[string]string{"groupId": n.GroupID, "level": string(notify.LevelInbox)}
}}

// requestActions are the answers to somebody who asks to join.
func requestActions() []notify.Action {
	request := func(n notify.News) map[string]string {
		var a joinArgs
		if n.Args.Decode(&a) != nil || a.PersonID == "" {
			return nil
		}
		return map[string]string{"groupId": n.Subject, "personId": a.PersonID}
	}
	return []notify.Action{{Name: "APPROVE_JOIN_REQUEST", Mutation: "approveJoinRequest", Input: request},
		{Name: "DECLINE_JOIN_REQUEST", Mutation: "declineJoinRequest", Input: request}}
}

// invitedActions are the answers to an invitation.
func invitedActions() []notify.Action {
	invitation := func(n notify.News) map[string]string { return map[string]string{"groupId": n.Subject} }
	return []notify.Action{{Name: "ACCEPT_INVITATION", Mutation: "joinGroup", Input: invitation},
		{Name: "DECLINE_INVITATION", Mutation: "declineInvitation", Input: invitation}}
}

// The audiences of groups. Their ids are groups', and for AudienceInvited and AudienceInviter people's.
const (
	AudienceMembers notify.AudienceKind = "GROUP_MEMBERS"
	// AudienceMembersBesides are the members of the first of its groups who are in none of the others.
	AudienceMembersBesides notify.AudienceKind = "GROUP_MEMBERS_BESIDES"
	AudienceApprovers      notify.AudienceKind = "GROUP_APPROVERS"
	AudiencePosters        notify.AudienceKind = "GROUP_POSTERS" // those who may post events
	AudienceInvited        notify.AudienceKind = "GROUP_INVITED"
	AudienceInviter        notify.AudienceKind = "GROUP_INVITER"
)

// audiences are the audiences of groups.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{
		{Kind: AudienceMembers, Reason: notify.ReasonGroupMember, Walk: notify.Each(notify.ReasonGroupMember, s.walkMembers)},
		{Kind: AudienceMembersBesides, Reason: notify.ReasonGroupMember, Walk: s.walkBesides},
		{Kind: AudienceApprovers, Reason: notify.ReasonGroupLeader, Walk: notify.Each(notify.ReasonGroupLeader, s.walkApprovers),
			Still: s.still(func(g *Group, m *Membership) bool { return GrantAllows(m.grant(g), ApproveMembers, s.now()) }), Now: "not_yours"},
		{Kind: AudiencePosters, Reason: notify.ReasonGroupLeader, Walk: notify.Each(notify.ReasonGroupLeader, s.walkPosters),
			Still: s.still(func(g *Group, m *Membership) bool { return GrantAllows(m.grant(g), PostEvents, s.now()) }), Now: "not_yours"},
		// An invitation that was answered or taken back does not even go to the inbox.
		{Kind: AudienceInvited, Reason: notify.ReasonInvited, Walk: notify.Named,
			Still:     s.still(func(_ *Group, m *Membership) bool { return m.State == StateInvited }),
			Otherwise: notify.Verdict{Channel: notify.Drop, Rule: notify.RuleUntrue}},
		{Kind: AudienceInviter, Reason: notify.ReasonInviter, Walk: notify.Named, Still: s.knowMembers},
	}
}

// subjects lets news be about groups.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Group, State: s.subjectState, States: s.subjectStates}}
}

// walkMembers are ids of active members of a group, in order, after the given one.
func (s *Service) walkMembers(ctx context.Context, groupID, after string, limit int) ([]string, error) {
	return s.store.memberIDs(ctx, groupID, nil, after, limit)
}

// walkBesides walks the members of the first group who are in none of the others.
func (s *Service) walkBesides(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
	found := []notify.Found{}
	for {
		people, err := s.store.memberIDs(ctx, ids[0], nil, after, limit)
		if err != nil {
			return nil, err
		}
		others, err := s.store.membersAmong(ctx, ids[1:], people)
		if err != nil {
			return nil, err
		}
		for _, personID := range people {
			if !others[personID] && len(found) < limit {
				found = append(found, notify.Found{PersonID: personID, Reasons: []notify.Reason{{Kind: notify.ReasonGroupMember, Subject: ids[0]}}})
			}
		}
		if len(people) < limit || len(found) == limit {
			return found, nil
		}
		after = people[len(people)-1]
	}
}

// walkApprovers are ids of members who may let others in, in order, after the given one.
func (s *Service) walkApprovers(ctx context.Context, groupID, after string, limit int) ([]string, error) {
	g, err := s.store.get(ctx, groupID)
	if err != nil {
		return nil, fault.UnlessNotFound(err)
	}
	return s.store.memberIDs(ctx, groupID, g.rolesWith(ApproveMembers), after, limit)
}

// walkPosters are ids of members who may post events, in order, after the given one.
func (s *Service) walkPosters(ctx context.Context, groupID, after string, limit int) ([]string, error) {
	g, err := s.store.get(ctx, groupID)
	if err != nil {
		return nil, fault.UnlessNotFound(err)
	}
	return s.store.memberIDs(ctx, groupID, g.rolesWith(PostEvents), after, limit)
}

// Speakers are ids of members who may speak for the group, in order, after the given one.
func (s *Service) Speakers(ctx context.Context, groupID, after string, limit int) ([]string, error) {
	g, err := s.store.get(ctx, groupID)
	if err != nil {
		return nil, fault.UnlessNotFound(err)
	}
	return s.store.memberIDs(ctx, groupID, g.rolesWith(SpeakForGroup), after, limit)
}

// knowMembers tells which of these people may still know who is a member of the group.
func (s *Service) knowMembers(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
	var groupIDs, personIDs []string
	for _, c := range asked {
		groupIDs, personIDs = append(groupIDs, c.Subject), append(personIDs, c.PersonID)
	}
	groups, err := s.store.byIDs(ctx, groupIDs)
	if err != nil {
		return nil, err
	}
	people, err := s.People.Load(ctx, personIDs)
	still := make(map[notify.Concern]bool, len(asked))
	for _, c := range asked {
		g, p := groups[c.Subject], people[c.PersonID]
		still[c] = g != nil && p != nil && g.showsMembers(p.Viewer(), StateActive, s.now())
	}
	return still, err
}

// still makes the Still of an audience: it tells which of these people have a membership
// of the group for which is holds.
func (s *Service) still(is func(*Group, *Membership) bool) func(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
	return func(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
		var groupIDs, ids []string
		for _, c := range asked {
			if !slices.Contains(groupIDs, c.Subject) {
				groupIDs = append(groupIDs, c.Subject)
			}
			ids = append(ids, id.Pair(c.Subject, c.PersonID))
		}
		groups, err := s.store.byIDs(ctx, groupIDs)
		if err != nil {
			return nil, err
		}
		found, err := s.store.membershipsByIDs(ctx, ids)
		still := make(map[notify.Concern]bool, len(found))
		for _, m := range found {
			g := groups[m.GroupID]
			still[notify.Concern{Subject: m.GroupID, PersonID: m.PersonID}] = g != nil && is(g, m)
		}
		return still, err
	}
}
