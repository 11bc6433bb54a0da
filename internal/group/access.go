package group

import (
	"context"
	"errors"

	"faellesskab/internal/outbox"
)

// EffectAccessEnded is the kind of the effect that follows a write by which people
// may have lost access to a group and what it does. A package that holds something for
// people follows it under a name of its own. The effect says only where to look: the
// follower checks the present state, so an effect that comes late ends nothing new.
const EffectAccessEnded = "access.ended"

// errLateCopy says that a person's copy of a membership is older than the membership,
// so that it cannot be trusted.
var errLateCopy = errors.New("the person's copy of the membership is late")

// AccessEnded are the arguments of EffectAccessEnded.
type AccessEnded struct {
	GroupID  string
	PersonID string // empty: everybody who is no member
	// Version is that of the membership, or of the group if PersonID is empty. A copy
	// with an older version does not know of the change yet.
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
		return nil // members keep their links
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
