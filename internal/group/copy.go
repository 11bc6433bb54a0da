package group

import (
	"context"

	"faellesskab/internal/id"
)

const (
	// MaxGroups is how many groups a person may be in. The person's document keeps a
	// copy of each membership.
	MaxGroups = 200
	// MaxInvitations is how many unanswered invitations a person may have, which are
	// kept in the same way.
	MaxInvitations = 100
	// MaxRequests is how many unanswered requests to join a person may have.
	MaxRequests = 20
	// maxByContact is how many more may wait for a person by a contact of theirs.
	maxByContact = 20
	// maxLookedAt is how many memberships are looked at to count invitations.
	maxLookedAt = 500
	// MaxInvitationsBy is how many of them may come from one inviter, so that nobody
	// fills another person's invitations by starting many groups.
	MaxInvitationsBy = 10
	// maxInvitedADay is how often in a day one inviter may invite a person, to whatever groups.
	maxInvitedADay = 20
)

// copyTo brings the person's copy of a membership in line with its present state, so
// that a late call does not bring back an older one. It also removes copies that are of
// no use any more.
func (s *Service) copyTo(ctx context.Context, personID, groupID string) error {
	m, err := s.store.membership(ctx, groupID, personID)
	if err != nil {
		return err
	}
	var g *Group
	if m.HasOwnRoles() {
		if g, err = s.store.get(ctx, groupID); err != nil {
			return err
		}
	}
	copied, err := s.People.CopyMembership(ctx, personID, groupID, m.Copy(g))
	if err != nil {
		return err
	}
	if err := s.copySkillsTo(ctx, m, copied.Person); err != nil || len(copied.Spent) == 0 {
		return err
	}
	return s.forgetCopies(ctx, personID, copied.Spent)
}

// forgetCopies removes copies of memberships that have no effects left. Effects that
// need the copy have then run, and anything that comes later asks the membership.
func (s *Service) forgetCopies(ctx context.Context, personID string, groupIDs []string) error {
	ids := make([]string, len(groupIDs))
	for i, groupID := range groupIDs {
		ids[i] = id.Pair(groupID, personID)
	}
	found, err := s.store.membershipsByIDs(ctx, ids)
	if err != nil {
		return err
	}
	spent := map[string]int{}
	for _, m := range found {
		if len(m.Due) == 0 {
			spent[m.GroupID] = m.Version
		}
	}
	return s.People.ForgetCopies(ctx, personID, spent)
}
