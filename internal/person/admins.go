package person

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// admins is the one document that decides who is an admin. A person's copy follows it as an
// effect. If two admins take the role from each other at once, both calls write this
// document, and the slower one must look again. So there is always somebody left who can
// grant.
type admins struct {
	ID        string   `bson:"_id"`
	PersonIDs []string `bson:"personIds"`
	Version   int      `bson:"version"`

	outbox.Pending `bson:",inline"`
}

const adminsID = "admins"

var adminsRef = outbox.Ref{Collection: offices, ID: adminsID}

// maxAdmins keeps the document small. A municipality needs a handful.
const maxAdmins = 100

// AdminCopy is the person's copy of whether they are an admin. It stays when they are none
// any more, so that a late effect cannot bring an older state back.
type AdminCopy struct {
	Holds   bool `bson:"holds"`
	Version int  `bson:"version"` // the version of the document that decides
}

// effectCopyAdmin brings a person's copy up to date.
const effectCopyAdmin = "person.copy_admin"

type copyAdminArgs struct {
	PersonID string
	Copy     AdminCopy
}

func (s *Service) registerEffects() {
	outbox.On(s.Outbox, effectCopyAdmin, "person.admin_copies", func(ctx context.Context, _ outbox.Call, a copyAdminArgs) error {
		return s.copyAdmin(ctx, a)
	})
	outbox.On(s.Outbox, EffectHandedOver, "area.handovers", func(ctx context.Context, _ outbox.Call, a HandedOver) error {
		return s.passAreas(ctx, a)
	})
	outbox.On(s.Outbox, effectErase, "person.erasures", func(ctx context.Context, _ outbox.Call, a eraseArgs) error {
		return s.empty(ctx, a.PersonID)
	})
}

// writeAdmins makes a person an admin, or takes the role from them.
func (s *Service) writeAdmins(ctx context.Context, c officeChange, outcome outcomes) (*Person, error) {
	p, err := s.find(ctx, c.personID)
	if err != nil {
		return nil, err
	}
	list, err := s.store.admins(ctx)
	if err != nil {
		return nil, err
	}
	old := list.Version
	if err := s.checkAdmins(ctx, list, c); err != nil {
		return nil, err
	}
	list.change(c.personID, c.isGift)
	list.Version++
	p.Admin = AdminCopy{Holds: c.isGift, Version: list.Version}
	effects := append([]outbox.Effect{outbox.New(effectCopyAdmin, copyAdminArgs{PersonID: p.ID, Copy: p.Admin}),
		s.Audit.Effect(ctx, c.operation, p.ID, c.details)}, outcome(p)...)
	return p, s.Outbox.Commit(ctx, adminsRef, effects, func(b outbox.Batch) error {
		return s.store.putAdmins(ctx, list, old, b)
	})
}

// checkAdmins refuses a caller who is no longer an admin, one admin too many, and taking the
// role from the last admin who may sign in.
func (s *Service) checkAdmins(ctx context.Context, list *admins, c officeChange) error {
	if v := auth.FromContext(ctx); !v.IsAnonymous() && !slices.Contains(list.PersonIDs, v.PersonID) {
		return auth.Lacking(auth.CapabilityAdmin)
	}
	isOne := list.has(c.personID)
	switch {
	case c.isGift && !isOne && len(list.PersonIDs) >= maxAdmins:
		return fault.Conflict("person.role.admins_full").With("Max", maxAdmins)
	case c.isGift || !isOne:
		return nil
	}
	people, err := s.store.byIDs(ctx, slices.Clone(list.PersonIDs))
	if err != nil {
		return err
	}
	for personID, p := range people {
		if personID != c.personID && p.Admits() == nil {
			return nil
		}
	}
	return fault.Conflict("person.role.last_admin")
}

func (a *admins) has(personID string) bool { return slices.Contains(a.PersonIDs, personID) }

func (a *admins) change(personID string, isOne bool) {
	a.PersonIDs = slices.DeleteFunc(slices.Clone(a.PersonIDs), func(id string) bool { return id == personID })
	if isOne {
		a.PersonIDs = append(a.PersonIDs, personID)
	}
}
