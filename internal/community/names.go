package community

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/group"
)

// names answers for the groups, which are made after the people.
type names struct{ c *Community }

func (n names) LeadersOf(ctx context.Context, groupIDs []string) ([]string, error) {
	return n.c.Groups.LeadersOf(ctx, groupIDs)
}

func (n names) Lead(ctx context.Context, personIDs []string) ([]string, error) {
	return n.c.Groups.Lead(ctx, personIDs)
}

func (n names) IsMunicipal(ctx context.Context, nameKey string) (bool, error) {
	return n.c.Groups.IsMunicipal(ctx, nameKey)
}

func (n names) Manages(of auth.Grant, now time.Time) bool {
	return group.GrantAllows(of, group.ManageMembers, now)
}

// wishes answers for the wishes, which are made after the courses.
type wishes struct{ c *Community }

func (w wishes) Fulfilled(ctx context.Context, courseID, personID string) error {
	return w.c.Wishes.Fulfilled(ctx, courseID, personID)
}

func (w wishes) Unfulfilled(ctx context.Context, courseID, personID string) error {
	return w.c.Wishes.Unfulfilled(ctx, courseID, personID)
}
