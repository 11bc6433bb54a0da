package announcement

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Approve sends an announcement that waits for a second person. Only for people with
// BROADCAST and people who may announce in its group, and never for its author. Returns
// Problems, NotFound, Forbidden, Conflict if it does not wait, and VERSION_CONFLICT.
func (s *Service) Approve(ctx context.Context, in DecideInput) (*Announcement, error) {
	return s.decide(ctx, "approveBroadcast", in, ActionApprove, func(ctx context.Context, a *Announcement) ([]outbox.Effect, error) {
		if a.State == StateSent {
			return s.approveCorrection(ctx, a), nil
		}
		return s.goOn(ctx, a)
	})
}

// Reject rejects an announcement that waits for a second person. Its author withdraws it in the
// same way. Returns what Approve does.
func (s *Service) Reject(ctx context.Context, in DecideInput) (*Announcement, error) {
	return s.decide(ctx, "rejectBroadcast", in, ActionReject, func(ctx context.Context, a *Announcement) ([]outbox.Effect, error) {
		if a.State == StateSent {
			return s.rejectCorrection(ctx, a), nil
		}
		a.State = StateRejected
		return nil, nil
	})
}

// Stop stops an announcement on its way: people who have not got it yet do not get it. Returns
// what Approve does, and Conflict if everybody has got it.
func (s *Service) Stop(ctx context.Context, in DecideInput) (*Announcement, error) {
	by := auth.FromContext(ctx).PersonID
	return s.decide(ctx, "stopBroadcast", in, ActionStop, func(_ context.Context, a *Announcement) ([]outbox.Effect, error) {
		a.State, a.Proposed = StateStopped, nil
		return []outbox.Effect{outbox.New(effectStop, stopArgs{Key: a.key(), By: by})}, nil
	})
}

func (s *Service) decide(ctx context.Context, operation string, in DecideInput, action Action,
	change func(ctx context.Context, a *Announcement) ([]outbox.Effect, error)) (*Announcement, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: collection, ID: in.AnnouncementID}
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Announcement, error) {
		a, err := s.visible(ctx, in.AnnouncementID)
		switch {
		case err != nil:
			return nil, err
		case !a.standing.answers():
			return nil, fault.Forbidden("announcement.permission")
		case action == ActionApprove && a.waits() && !a.standing.isSecond(a):
			// The write below holds for this version alone, and an erasure of the
			// author makes another one.
			return nil, fault.Forbidden("announcement.second_person")
		case in.ExpectedVersion != nil && *in.ExpectedVersion != a.Version:
			return nil, fault.VersionConflict()
		case !a.standing.allows(a, action):
			return nil, fault.Conflict("announcement.state")
		}
		isCorrection := a.State == StateSent && action != ActionStop
		if !isCorrection {
			a.Decided.note(action, auth.FromContext(ctx).PersonID, s.now())
			a.Reason = in.Reason
		}
		a.Version++
		a.standing = nil // it depends on the state
		effects, err := change(ctx, a)
		if err != nil {
			return nil, err
		}
		effects = append(effects, s.entry(ctx, operation, a))
		if !isCorrection {
			effects = append(effects, tellAuthor(ctx, a, a.AuthorID, string(a.State))...)
		}
		a.setListings()
		return a, s.Outbox.Commit(ctx, ref, append(effects, t.Outcome(a)...), func(b outbox.Batch) error {
			return s.store.update(ctx, a, b)
		})
	})
}

// entry is the effect that records who announced it or decided about it. The entry outlives
// the announcement.
func (s *Service) entry(ctx context.Context, operation string, a *Announcement) outbox.Effect {
	details := map[string]string{}
	if a.GroupID != "" {
		details["group"] = a.GroupID
	}
	if a.Reason != nil && *a.Reason != "" {
		details["reason"] = *a.Reason
	}
	return s.Audit.Effect(ctx, operation, a.ID, details)
}
