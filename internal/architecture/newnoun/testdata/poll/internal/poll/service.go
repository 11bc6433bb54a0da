package poll

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Groups interface {
		Require(ctx context.Context, groupID string, p group.Permission) (*group.Group, error)
		ByIDs(ctx context.Context, ids []string) (map[string]*group.Group, error)
	}
}

// Service is what can be done with polls.
type Service struct {
	Deps
	store store
}

// New makes the service.
func New(d Deps) *Service {
	d.Outbox.Watch(collection)
	s := &Service{d, store{d.DB}}
	idempotency.ShowsByID(d.Keys, func(p *Poll) string { return p.ID }, s.ByIDs)
	return s
}

// Get is one poll. Returns BAD_ID, or NotFound if the viewer may not see it.
func (s *Service) Get(ctx context.Context, pollID string) (*Poll, error) {
	if problem := id.Check("id", Prefix, pollID); problem != nil {
		return nil, problem
	}
	found, err := s.ByIDs(ctx, []string{pollID})
	if err == nil && found[pollID] == nil {
		err = fault.NotFound("poll.not_found")
	}
	return found[pollID], err
}

// ByIDs are the polls with those ids, by id; those the viewer may not see are missing.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Poll, error) {
	found, err := s.store.byIDs(ctx, ids)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var groupIDs []string
	for _, p := range found {
		groupIDs = append(groupIDs, p.GroupID)
	}
	groups, err := s.Groups.ByIDs(ctx, groupIDs)
	for pollID, p := range found {
		if groups[p.GroupID] == nil {
			delete(found, pollID)
		}
	}
	return found, err
}

// Open asks the members of a group. Returns Problems, NotFound, and Forbidden without
// the permission POST_EVENTS.
func (s *Service) Open(ctx context.Context, in OpenInput) (*Poll, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	p := &Poll{ID: s.Keys.NewID(ctx, in.ClientMutationID, Prefix), GroupID: in.GroupID, Question: in.Question, Asker: auth.FromContext(ctx).PersonID}
	ref := outbox.Ref{Collection: collection, ID: p.ID}
	call := idempotency.Call{Operation: "openPoll", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Poll, error) {
		g, err := s.Groups.Require(ctx, in.GroupID, group.PostEvents)
		if err != nil {
			return nil, err
		}
		effects := append([]outbox.Effect{notify.Effect(p.opened(g))}, t.Outcome(p)...)
		return p, s.Outbox.Commit(ctx, ref, effects, func(b outbox.Batch) error {
			p.Pending = b.Pending()
			return s.store.insert(ctx, p)
		})
	})
}
