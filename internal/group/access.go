package group

import (
	"context"
	"errors"

	"faellesskab/internal/outbox"
)

// EffectAccessEnded is the kind of the effect that follows a write by which people
// may have lost access to a group and what it does. Whoever holds something for
// people follows it under a name of their own, and looks at what is so then: it says
// where to look, so one that comes late ends nothing that is new.
const EffectAccessEnded = "access.ended"

// errLateCopy says that a person's copy of a membership does not follow it yet: what
// it says is no longer so.
var errLateCopy = errors.New("the person's copy of the membership is late")

// AccessEnded are the arguments of EffectAccessEnded.
type AccessEnded struct {
	GroupID  string
	PersonID string // empty: everybody who is no member
	// Version is that of the membership, or of the group: what is older has not
	// heard of it yet.
	Version int
}

func (m *Membership) accessEnded() outbox.Effect {
	return outbox.New(EffectAccessEnded, AccessEnded{GroupID: m.GroupID, PersonID: m.PersonID, Version: m.Version})
}

func (g *Group) accessEnded() outbox.Effect {
	return outbox.New(EffectAccessEnded, AccessEnded{GroupID: g.ID, Version: g.Version})
}

// openness orders visibilities by how many people see the group and what it does.
var openness = map[Visibility]int{VisibilityHidden: 0, VisibilityMembers: 1, VisibilityPublic: 2}

// endLinks ends the invitation links that a person made, unless they may still let
// people in.
func (s *Service) endLinks(ctx context.Context, a AccessEnded) error {
	if a.PersonID == "" {
		return nil // members keep what they may
	}
	g, err := s.store.get(ctx, a.GroupID)
	if err != nil {
		return err
	}
	makers, err := s.People.Load(ctx, []string{a.PersonID})
	if err != nil {
		return err
	}
	maker := makers[a.PersonID]
	if maker != nil && !maker.Knows(a.GroupID, a.Version) {
		return errLateCopy
	}
	if maker != nil && maker.Admits() == nil && g.Allows(maker.Viewer(), Invite, s.now()) {
		return nil
	}
	return s.store.revokeLinksOf(ctx, a.GroupID, a.PersonID)
}
