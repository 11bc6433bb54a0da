package announcement

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Correct replaces the texts of an announcement that was sent, wherever they stand, and tells those who have
// seen what was wrong. If a second person had to approve the announcement, one has to approve the
// correction too. Returns Problems, NotFound, Forbidden, Conflict, and VERSION_CONFLICT.
func (s *Service) Correct(ctx context.Context, in CorrectInput) (*Announcement, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "correctAnnouncement", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.change(), ActionCorrect, func(ctx context.Context, a *Announcement) ([]outbox.Effect, error) {
		now, by := s.now(), auth.FromContext(ctx).PersonID
		c := &Correction{Titles: in.Title, Texts: in.Text, AuthorID: by, At: now}
		entry := s.entry(ctx, call.Operation, a)
		if a.Decided.ApprovedAt != nil {
			a.Proposed = c
			return append(s.asks(a), entry), nil
		}
		return []outbox.Effect{entry, notify.Effect(s.replace(a, c))}, nil
	})
}

// replace puts a correction in the place of what was said, and returns the news for those who have seen it.
func (s *Service) replace(a *Announcement, c *Correction) notify.Cause {
	now := s.now()
	a.Titles, a.Texts, a.Proposed, a.CorrectedAt = c.Titles, c.Texts, nil, &now
	a.Corrections++
	return a.corrected(c.AuthorID)
}

// approveCorrection and rejectCorrection decide about a correction that waits, and tell its author.
func (s *Service) approveCorrection(ctx context.Context, a *Announcement) []outbox.Effect {
	c := a.Proposed
	return append([]outbox.Effect{notify.Effect(s.replace(a, c))}, tellAuthor(ctx, a, c.AuthorID, "CORRECTED")...)
}

func (s *Service) rejectCorrection(ctx context.Context, a *Announcement) []outbox.Effect {
	c := a.Proposed
	a.Proposed = nil
	return tellAuthor(ctx, a, c.AuthorID, "NOT_CORRECTED")
}

// tellAuthor tells an author of a decision, unless their account is gone.
func tellAuthor(ctx context.Context, a *Announcement, authorID, decision string) []outbox.Effect {
	if authorID == "" {
		return nil
	}
	return []outbox.Effect{notify.Effect(a.decided(authorID, auth.FromContext(ctx).PersonID, decision))}
}

// change changes an announcement that the viewer may write.
func (s *Service) change(ctx context.Context, call idempotency.Call, in change, action Action,
	do func(ctx context.Context, a *Announcement) ([]outbox.Effect, error)) (*Announcement, error) {
	ref := outbox.Ref{Collection: collection, ID: in.AnnouncementID}
	call.On = []outbox.Ref{ref}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Announcement, error) {
		a, err := s.visible(ctx, in.AnnouncementID)
		switch {
		case err != nil:
			return nil, err
		case !a.standing.answers() || !a.standing.speaks(a):
			return nil, fault.Forbidden("announcement.permission")
		case in.ExpectedVersion != nil && *in.ExpectedVersion != a.Version:
			return nil, fault.VersionConflict()
		case !a.standing.allows(a, action):
			return nil, fault.Conflict("announcement.state")
		}
		a.Version++
		effects, err := do(ctx, a)
		if err != nil {
			return nil, err
		}
		a.standing = nil // it depends on the state
		a.setListings()
		write := func() error {
			return s.Outbox.Commit(ctx, ref, append(effects, t.Outcome(a)...), func(b outbox.Batch) error { return s.store.update(ctx, a, b) })
		}
		if action == ActionPublish {
			return a, s.withSlot(ctx, a, write)
		}
		return a, write()
	})
}
