package certificate

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// effectReissue writes the certificate that takes the place of another.
const effectReissue = "certificate.reissue"

// reissueArgs are the certificate that is replaced, and what the new one has of its own.
type reissueArgs struct {
	CertificateID, PersonID string
	NewID, Code, Holder     string
	At                      time.Time
}

func (s *Service) registerEffects() {
	outbox.On(s.Outbox, effectReissue, "certificate.new", func(ctx context.Context, _ outbox.Call, a reissueArgs) error {
		old, err := s.store.get(ctx, a.CertificateID)
		if err != nil {
			return err
		}
		return s.add(ctx, old.anew(a))
	})
}

// anew is the certificate in place of another. It has no name if the holder has been erased meanwhile.
func (c *Certificate) anew(a reissueArgs) *Certificate {
	anew := *c
	anew.ID, anew.Code, anew.Holder, anew.IssuedAt, anew.Version = a.NewID, a.Code, a.Holder, a.At, 1
	anew.ReplacedByID, anew.NewCode, anew.Pending = "", "", outbox.Pending{}
	if c.ErasedAt != nil {
		anew.Holder = ""
	}
	return &anew
}

// Revoke says of a certificate that it is worth nothing any more, and why, and tells its holder. Only for people with
// COURSES. Returns Forbidden, Problems, NotFound, Conflict for one that is revoked or replaced, and VERSION_CONFLICT if it
// changes at the same moment.
func (s *Service) Revoke(ctx context.Context, in RevokeInput) (*Certificate, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "revokeCertificate", Key: in.ClientMutationID, Input: in, On: refs(in.CertificateID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Certificate, error) {
		c, err := s.standing(ctx, in.CertificateID)
		if err != nil {
			return nil, err
		}
		entry := s.Audit.Effect(ctx, call.Operation, c.ID, c.details(in.Reason))
		c.revoke(in.Reason, s.now())
		effects := []outbox.Effect{entry}
		if c.PersonID != "" {
			effects = append(effects, notify.Effect(c.revoked()))
		}
		return c, s.end(ctx, c, append(effects, t.Outcome(c)...))
	})
}

// standing is a certificate that is neither revoked nor replaced. Returns NotFound and Conflict.
func (s *Service) standing(ctx context.Context, certificateID string) (*Certificate, error) {
	c, err := s.get(ctx, certificateID)
	if err != nil {
		return nil, err
	}
	switch c.State() {
	case StateRevoked:
		return nil, fault.Conflict("certificate.revoked")
	case StateReplaced:
		return nil, fault.Conflict("certificate.replaced")
	}
	return c, nil
}

// details are what the audit trail says beside the certificate.
func (c *Certificate) details(reason string) map[string]string {
	d := map[string]string{"course": c.CourseID}
	if c.PersonID != "" {
		d["person"] = c.PersonID
	}
	if reason != "" {
		d["reason"] = reason
	}
	return d
}

func (c *Certificate) revoke(reason string, now time.Time) {
	c.RevokedAt, c.RevokedReason, c.Version = &now, &reason, c.Version+1
}

// end writes a certificate that is revoked or replaced.
func (s *Service) end(ctx context.Context, c *Certificate, effects []outbox.Effect) error {
	return s.Outbox.Commit(ctx, refs(c.ID)[0], effects, func(b outbox.Batch) error { return s.store.end(ctx, c, b) })
}

// Reissue issues a certificate anew with another name. The old one then says so, and leads to the new one. Only for people
// with COURSES. Returns Forbidden, Problems, NotFound, Conflict for one that is revoked or replaced or whose holder is
// erased, and VERSION_CONFLICT if it changes at the same moment.
func (s *Service) Reissue(ctx context.Context, in ReissueInput) (*Certificate, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "reissueCertificate", Key: in.ClientMutationID, Input: in, On: refs(in.CertificateID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Certificate, error) {
		c, err := s.standing(ctx, in.CertificateID)
		if err != nil {
			return nil, err
		}
		if c.State() == StateErased {
			return nil, fault.Conflict("certificate.erased")
		}
		a := reissueArgs{CertificateID: c.ID, PersonID: c.PersonID, NewID: id.Derive(id.Certificate, c.ID, "anew"), Code: newCode(), Holder: in.HolderName, At: s.now()}
		anew := c.anew(a)
		c.ReplacedByID, c.NewCode, c.Version = a.NewID, a.Code, c.Version+1
		effects := []outbox.Effect{outbox.New(effectReissue, a), s.Audit.Effect(ctx, call.Operation, c.ID, c.details(""))}
		return anew, s.end(ctx, c, append(effects, t.Outcome(anew)...))
	})
}

// RevokeOf revokes the certificates of a course that were issued for a completion up to a round, since that completion
// was undone. Whoever undoes it tells people why.
func (s *Service) RevokeOf(ctx context.Context, courseID string, round int, reason string) error {
	return s.store.walkCourse(courseID).Each(ctx, func(c *Certificate) error {
		if c.Round > round {
			return nil
		}
		return s.revokeLatest(ctx, c, reason)
	})
}

// revokeLatest revokes a certificate, or those that have taken its place.
func (s *Service) revokeLatest(ctx context.Context, c *Certificate, reason string) error {
	for {
		switch {
		case c.RevokedAt != nil:
			return nil
		case c.ReplacedByID == "":
			c.revoke(reason, s.now())
			err := s.end(ctx, c, nil)
			if !fault.HasCode(err, fault.CodeVersionConflict) {
				return err
			}
			if c, err = s.store.get(ctx, c.ID); err != nil {
				return err
			}
		default:
			// The effect that writes the new one may not have run yet. Then it is missing, and this is tried again.
			anew, err := s.store.get(ctx, c.ReplacedByID)
			if err != nil {
				return err
			}
			c = anew
		}
	}
}
