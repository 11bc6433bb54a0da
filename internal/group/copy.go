package group

import (
	"context"

	"faellesskab/internal/id"
)

const (
	// MaxGroups is how many groups one may be in. The person keeps a copy of each.
	MaxGroups = 200
	// MaxInvitations is how many one may be invited to and not have answered: the same.
	MaxInvitations = 100
)

// copyTo brings the person's copy of a membership in line with it as it is now, so
// that whatever comes late brings no older state back, and lets copies go that say
// nothing any more.
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
	spent, err := s.People.CopyMembership(ctx, personID, groupID, m.Copy(g))
	if err != nil || len(spent) == 0 {
		return err
	}
	return s.forgetCopies(ctx, personID, spent)
}

// forgetCopies lets go of copies of memberships of which nothing is left to be done:
// what comes late asks the membership, and what asks for the copy has been.
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
