package group

import (
	"context"

	"faellesskab/internal/area"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/outbox"
)

// stayOpen refuses a change that would close a lokalforum. It belongs to everybody who
// lives in the area, and its area shows it to everyone. Nil leaves things as they are.
func stayOpen(p *fault.Problems, v *Visibility, j *JoinPolicy) {
	if v != nil && *v != VisibilityPublic {
		p.Add(fault.Invalid("input.visibility", "group.lokalforum.open"))
	}
	if j != nil && *j != JoinOpen {
		p.Add(fault.Invalid("input.joinPolicy", "group.lokalforum.open"))
	}
}

// checkChange refuses a change that nobody may make to a group of this kind. Returns
// Problems.
func (g *Group) checkChange(in UpdateInput) error {
	var p fault.Problems
	if g.Kind == KindLokalforum {
		stayOpen(&p, in.Visibility.Value(), in.JoinPolicy.Value())
		if areaID := in.AreaID.Value(); in.AreaID.IsSet() && (areaID == nil || *areaID != g.AreaID) {
			p.Add(fault.Invalid("input.areaId", "group.lokalforum.stays"))
		}
	}
	return p.Err()
}

// EnsureLokalforum makes an area's lokalforum if there is none: public, open to all, and
// without a leader. It opens one that is closed. The name and description are Danish at
// first, and can be edited later.
func (s *Service) EnsureLokalforum(ctx context.Context, a *area.Area) (*Group, error) {
	g, err := s.store.get(ctx, area.LokalforumID(a.ID))
	if fault.Is(err, fault.KindNotFound) {
		say := func(key string) string { return i18n.Translate(i18n.Danish, key, map[string]any{"Area": a.Name}) }
		description := say("lokalforum.description")
		g = s.newGroup(area.LokalforumID(a.ID), CreateInput{Name: say("lokalforum.name"), Description: &description, Kind: KindLokalforum,
			AreaID: &a.ID, Visibility: VisibilityPublic, JoinPolicy: JoinOpen})
		if err = s.store.insert(ctx, g); fault.Is(err, fault.KindConflict) {
			g, err = s.store.get(ctx, g.ID) // another process was quicker
		}
	}
	if err != nil || g.Visibility == VisibilityPublic && g.JoinPolicy == JoinOpen {
		return g, err
	}
	return s.reopen(ctx, g.ID)
}

// reopen opens a lokalforum that an older program allowed to be closed.
func (s *Service) reopen(ctx context.Context, groupID string) (*Group, error) {
	var g *Group
	err := s.retry(ctx, func() error {
		var err error
		if g, err = s.store.get(ctx, groupID); err != nil {
			return err
		}
		wasOpen := g.isOpen()
		g.Visibility, g.JoinPolicy = VisibilityPublic, JoinOpen
		g.derive()
		g.Version++
		return s.write(ctx, g, g.opened(wasOpen, ""))
	})
	return g, err
}

// write writes a changed group, whose version has been raised by one, with its effects.
// Returns VERSION_CONFLICT if somebody else has changed it meanwhile.
func (s *Service) write(ctx context.Context, g *Group, effects []outbox.Effect) error {
	effects = append([]outbox.Effect{outbox.New(EffectChanged, Changed{g.ID})}, effects...)
	return s.Outbox.Commit(ctx, g.ref(), effects, func(b outbox.Batch) error { return s.store.update(ctx, g, b) })
}
