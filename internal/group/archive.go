package group

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// UndoDays is for how many days a group can be brought back after deleteGroup.
const UndoDays = 14

// ArchiveInput is a group to be archived.
type ArchiveInput struct {
	ClientMutationID *string
	GroupID          string
}

// Clean checks the input. Returns Problems.
func (in *ArchiveInput) Clean() error { return checkGroup(in.ClientMutationID, in.GroupID).Err() }

// RestoreInput is a group that was archived, or is about to be deleted.
type RestoreInput struct {
	ClientMutationID *string
	GroupID          string
}

// Clean checks the input. Returns Problems.
func (in *RestoreInput) Clean() error { return checkGroup(in.ClientMutationID, in.GroupID).Err() }

// DeleteInput is a group to be deleted.
type DeleteInput struct {
	ClientMutationID *string
	GroupID          string
}

// Clean checks the input. Returns Problems.
func (in *DeleteInput) Clean() error { return checkGroup(in.ClientMutationID, in.GroupID).Err() }

// inArchive are the permissions that are left in an archived group: nobody comes in and nothing new is
// said, but what is there can be looked after.
var inArchive = []Permission{ManageMembers, Moderate, CheckIn, ManageMoney}

// isArchived reports whether the group is only there to be read.
func (g *Group) isArchived() bool { return g.ArchivedAt != nil }

// isDeleted reports whether the group is deleted at an instant. It is gone when its time has come, also
// before the program has cleared it away.
func (g *Group) isDeleted(now time.Time) bool { return g.DeletesAt != nil && !now.Before(*g.DeletesAt) }

// mayClose reports whether the viewer may archive the group, delete it and bring it back: they lead it, or
// answer for it by office. A lokalforum belongs to its area, and nobody may.
func (g *Group) mayClose(v auth.Viewer, now time.Time) bool {
	if v.IsAnonymous() || g.isDeleted(now) {
		return false
	}
	return g.isLedBy(v.PersonID) && v.InGroup(g.ID) || g.staffReaches(v, now)
}

// closing are the actions by which the viewer may close the group, or open it again.
func (g *Group) closing(v auth.Viewer, now time.Time) []Action {
	if g.Kind == KindLokalforum || !g.mayClose(v, now) {
		return nil
	}
	switch {
	case g.DeletesAt != nil:
		return []Action{ActionRestore}
	case g.isArchived():
		return []Action{ActionRestore, ActionDelete}
	}
	return []Action{ActionArchive, ActionDelete}
}

// Archive closes a group: it can be read, and nothing new happens in it. Returns Problems, NotFound for a group the
// viewer may not know of, Forbidden unless they lead it or answer for it by office, and Conflict for a
// lokalforum and for a group that is archived.
func (s *Service) Archive(ctx context.Context, in ArchiveInput) (*Group, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "archiveGroup", Key: in.ClientMutationID, Input: in}
	return s.close(ctx, call, in.GroupID, func(g *Group) ([]outbox.Effect, error) {
		if g.isArchived() {
			return nil, fault.Conflict("group.archived.already")
		}
		now := s.now()
		g.ArchivedAt = &now
		return []outbox.Effect{notify.Effect(g.closes(auth.FromContext(ctx).PersonID))}, nil
	})
}

// Restore brings a group back that is archived or about to be deleted. Returns what Archive returns; Conflict
// if the group is neither.
func (s *Service) Restore(ctx context.Context, in RestoreInput) (*Group, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "restoreGroup", Key: in.ClientMutationID, Input: in}
	return s.close(ctx, call, in.GroupID, func(g *Group) ([]outbox.Effect, error) {
		if !g.isArchived() {
			return nil, fault.Conflict("group.archived.not")
		}
		g.ArchivedAt, g.DeletesAt = nil, nil
		return nil, nil
	})
}

// Delete archives a group and has it deleted in UndoDays days, until when Restore brings it back. Returns what
// Archive returns; Conflict also if it is about to be deleted, or has published events ahead.
func (s *Service) Delete(ctx context.Context, in DeleteInput) (*Group, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "deleteGroup", Key: in.ClientMutationID, Input: in}
	return s.close(ctx, call, in.GroupID, func(g *Group) ([]outbox.Effect, error) {
		if g.DeletesAt != nil {
			return nil, fault.Conflict("group.deleted.already")
		}
		if ahead, err := s.HasEventsAhead(ctx, g.ID); err != nil || ahead {
			return nil, errOr(err, fault.Conflict("group.events_ahead"))
		}
		now := s.now()
		at := now.AddDate(0, 0, UndoDays)
		if g.DeletesAt = &at; g.ArchivedAt == nil {
			g.ArchivedAt = &now
		}
		return []outbox.Effect{g.deletionTimer(), notify.Effect(g.closes(auth.FromContext(ctx).PersonID))}, nil
	})
}

// errOr is the first error, or the fault if there is none.
func errOr(err error, f *fault.Error) error {
	if err != nil {
		return err
	}
	return f
}

// close changes whether a group is open, by whoever may.
func (s *Service) close(ctx context.Context, call idempotency.Call, groupID string, change func(*Group) ([]outbox.Effect, error)) (*Group, error) {
	call.On = groupRef(groupID)
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Group, error) {
		g, err := s.visible(ctx, groupID)
		switch {
		case err != nil:
			return nil, err
		case !g.mayClose(auth.FromContext(ctx), s.now()):
			return nil, fault.Forbidden("group.close.leader")
		case g.Kind == KindLokalforum:
			return nil, fault.Conflict("group.close.lokalforum")
		}
		effects, err := change(g)
		if err != nil {
			return nil, err
		}
		g.Version++
		g.derive()
		return g, s.write(ctx, g, append(effects, t.Outcome(g)...))
	})
}
