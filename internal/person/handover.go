package person

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// EffectHandedOver is the kind of the effect that the work of an employee goes to another one. Nouns that say who
// does such work follow it.
const EffectHandedOver = "person.handed_over"

// HandedOver are the arguments of EffectHandedOver.
type HandedOver struct{ FromID, ToID string }

// HandOverInput says whose work goes to whom, and why.
type HandOverInput struct {
	ClientMutationID *string
	FromID           string
	ToID             string
	Reason           string
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *HandOverInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.fromId", id.Person, in.FromID))
	p.Add(id.Check("input.toId", id.Person, in.ToID))
	if in.FromID == in.ToID {
		p.Add(fault.Invalid("input.toId", "person.handover.same"))
	}
	in.Reason = cleanReason(&p, in.Reason)
	return p.Err()
}

// HandOver has the work of an employee go to another one, whom it returns: see EffectHandedOver. Only for people
// with SUPPORT or ADMIN, and not to themselves. Returns Forbidden, Problems, NotFound for an unknown person, and
// Conflict if one of the two holds no office, or the second one would have to be a fælles-skaber first.
func (s *Service) HandOver(ctx context.Context, in HandOverInput) (*Person, error) {
	v, err := auth.RequireCapability(ctx, s.DB.Now(), auth.CapabilitySupport, auth.CapabilityAdmin)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	if in.ToID == v.PersonID {
		return nil, fault.Forbidden("auth.self")
	}
	call := idempotency.Call{Operation: "handOver", Key: in.ClientMutationID, Input: in, On: s.refs(in.FromID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Person, error) {
		return fault.Again(func() (*Person, error) { return s.handOver(ctx, in, t.Outcome) })
	})
}

func (s *Service) handOver(ctx context.Context, in HandOverInput, outcome outcomes) (*Person, error) {
	from, err := s.find(ctx, in.FromID)
	if err != nil {
		return nil, fault.MissingAt(err, "input.fromId")
	}
	to, err := s.find(ctx, in.ToID)
	if err != nil {
		return nil, fault.MissingAt(err, "input.toId")
	}
	if err := s.checkHandOver(ctx, from, to); err != nil {
		return nil, err
	}
	old := from.Version
	from.Version++
	effects := append([]outbox.Effect{
		s.Audit.Effect(ctx, "handOver", from.ID, map[string]string{"to": to.ID, "reason": in.Reason}),
		outbox.New(EffectHandedOver, HandedOver{FromID: from.ID, ToID: to.ID}),
	}, outcome(to)...)
	return to, s.Outbox.Commit(ctx, s.refs(from.ID)[0], effects, func(b outbox.Batch) error {
		return s.store.touch(ctx, from, old, b)
	})
}

// checkHandOver refuses people who hold no office: what residents lead and write is their own. Whoever gets
// areas must be a fælles-skaber.
func (s *Service) checkHandOver(ctx context.Context, from, to *Person) error {
	now := s.DB.Now()
	switch {
	case !from.Viewer().HoldsOffice(now):
		return fault.Conflict("person.handover.from")
	case !to.Viewer().HoldsOffice(now) || to.Admits() != nil:
		return fault.Conflict("person.handover.to")
	case slices.Contains(to.OwnRoles, auth.RoleCommunityBuilder):
		return nil
	}
	areas, err := s.Areas.BuiltBy(ctx, from.ID)
	if err == nil && len(areas) > 0 {
		return fault.Conflict("area.builder.role")
	}
	return err
}

// passAreas has the areas of one fælles-skaber go to another, unless that one has gone since.
func (s *Service) passAreas(ctx context.Context, a HandedOver) error {
	to, err := s.Receiver(ctx, a)
	if err != nil || to == nil || !slices.Contains(to.OwnRoles, auth.RoleCommunityBuilder) {
		return err
	}
	return s.Areas.HandOver(ctx, a.FromID, a.ToID)
}

// Receiver is the person to whom work goes; nil if they have gone since, or hold no office any more. The work
// then stays with whom it is.
func (s *Service) Receiver(ctx context.Context, a HandedOver) (*Person, error) {
	found, err := s.Load(ctx, []string{a.ToID})
	if p := found[a.ToID]; p != nil && p.Admits() == nil && p.Viewer().HoldsOffice(s.DB.Now()) {
		return p, err
	}
	return nil, err
}
