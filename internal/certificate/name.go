package certificate

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Wanted is the name that a person wants on certificates.
type Wanted struct {
	PersonID string `bson:"_id"`
	Name     string `bson:"name"` // empty: that of their profile
	Version  int    `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// CertificateName is the name that the person wants on certificates; nil: that of their profile.
func (w *Wanted) CertificateName() *string {
	if w.Name == "" {
		return nil
	}
	return &w.Name
}

// Name is the name that the viewer wants on certificates.
func (s *Service) Name(ctx context.Context) (*Wanted, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.wanted(ctx, v.PersonID)
}

// SetName says which name the viewer wants on certificates that are issued from now on. Returns Unauthenticated, Problems,
// and VERSION_CONFLICT if they say another at the same moment.
func (s *Service) SetName(ctx context.Context, in SetNameInput) (*Wanted, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: names, ID: v.PersonID}
	call := idempotency.Call{Operation: "setCertificateName", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Wanted, error) {
		w, err := s.store.wanted(ctx, v.PersonID)
		if err != nil {
			return nil, err
		}
		w.Name, w.Version = "", w.Version+1
		if in.Name != nil {
			w.Name = *in.Name
		}
		return w, s.Outbox.Commit(ctx, ref, t.Outcome(w), func(b outbox.Batch) error { return s.store.want(ctx, w, b) })
	})
}

// nameOf is the name of a person for a new certificate; empty if they have said none, or one with a personal number. isThere is false if there is no such
// person any more.
func (s *Service) nameOf(ctx context.Context, personID string) (name string, isThere bool, err error) {
	found, err := s.People.Load(ctx, []string{personID})
	p := found[personID]
	if err != nil || p == nil || p.ErasedAt != nil {
		return "", false, fault.UnlessNotFound(err)
	}
	w, err := s.store.wanted(ctx, personID)
	switch {
	case err != nil:
		return "", false, err
	case w.Name != "":
		return w.Name, true, nil
	case personalNumber.MatchString(p.DisplayName):
		return "", true, nil
	}
	return p.DisplayName, true, nil
}
