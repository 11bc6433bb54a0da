package device

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// The limits of one person.
const (
	// maxDevices is how many installations a person may have.
	maxDevices = 10
	// maxNewADay is how many installations that were not theirs before a person may
	// register on one day of the municipality's calendar. That is far more than anybody
	// needs.
	maxNewADay = 200
)

// newestFirst orders a person's devices. No two devices are equal in it, so that two calls
// that make room at once agree on which device must go.
func newestFirst(a, b *Device) int {
	return cmp.Or(b.LastSeenAt.Compare(a.LastSeenAt), strings.Compare(a.ID, b.ID))
}

// register stores the device in place of the one that it replaces, and then makes room for it. Returns Exhausted if it is new and
// the person has registered too many today, and Conflict if somebody else has registered it
// meanwhile.
func (s *Service) register(ctx context.Context, d *Device, replaces string, t idempotency.Token) error {
	known, err := s.store.byIDs(ctx, []string{d.ID})
	if err != nil {
		return err
	}
	if old := known[d.ID]; old == nil || old.PersonID != d.PersonID {
		if err := s.countNew(ctx, d); err != nil {
			return err
		}
	}
	effects := append(d.replacing(replaces), outbox.New(effectRoom, roomArgs{DeviceID: d.ID, PersonID: d.PersonID}))
	err = s.Outbox.Commit(ctx, ref(d.ID), append(effects, t.Outcome(d)...), func(b outbox.Batch) error { return s.store.put(ctx, d, b) })
	if fault.Is(err, fault.KindConflict) {
		return s.yield(ctx, d, replaces)
	}
	return err
}

// yield leaves a device as it has reported itself later than this report, and only takes away the one that it replaces.
// Returns Conflict if it is somebody else's.
func (s *Service) yield(ctx context.Context, d *Device, replaces string) error {
	if err := s.checkHolder(ctx, d); err != nil || replaces == "" || replaces == d.ID {
		return err
	}
	return s.signOut(ctx, replacedArgs{DeviceID: replaces, PersonID: d.PersonID})
}

// checkHolder checks whose device it is, if it has reported again before this report could be
// stored. Returns Conflict if it is somebody else's.
func (s *Service) checkHolder(ctx context.Context, d *Device) error {
	known, err := s.store.byIDs(ctx, []string{d.ID})
	if err != nil {
		return err
	}
	if now := known[d.ID]; now != nil && now.PersonID == d.PersonID {
		return nil
	}
	return fault.VersionConflict()
}

// countNew counts another new device of the day; a repeat counts once. Returns Exhausted.
func (s *Service) countNew(ctx context.Context, d *Device) error {
	now := s.store.db.Now()
	today := clock.Day(now, clock.Copenhagen)
	known, err := s.store.newOn(ctx, d.PersonID, today)
	switch {
	case err != nil || slices.Contains(known, d.ID):
		return err
	case len(known) >= maxNewADay:
		tomorrow := clock.NextAt(now, clock.Copenhagen, "00:00")
		return fault.Exhausted("device.many", tomorrow.Sub(now)).With("Max", maxNewADay)
	}
	return s.store.addNew(ctx, d.PersonID, today, d.ID)
}

// makeRoom removes the devices that a person has too many. It looks after the new device has
// been stored, so that of two calls at once the later one sees both devices. The device that
// has just reported never goes: if others have the same time, it counts as seen last.
func (s *Service) makeRoom(ctx context.Context, personID, deviceID string) error {
	for {
		theirs, err := s.store.ofOne(ctx, personID)
		if err != nil || len(theirs) <= maxDevices {
			return err
		}
		slices.SortFunc(theirs, newestFirst)
		at := slices.IndexFunc(theirs, func(other *Device) bool { return other.ID == deviceID })
		if at < maxDevices { // it has room, or is no longer the person's
			return s.cut(ctx, theirs)
		}
		if err := s.store.seeLater(ctx, theirs[at], theirs[0].LastSeenAt.Add(time.Millisecond)); err != nil {
			return err
		}
	}
}

// cut removes all devices of a person beyond the allowed number; theirs must be sorted. A
// device that has reported again meanwhile, or has moved to somebody else, stays.
func (s *Service) cut(ctx context.Context, theirs []*Device) error {
	last := theirs[maxDevices-1]
	for _, d := range theirs[maxDevices:] {
		if d.LastSeenAt.Equal(last.LastSeenAt) {
			if err := s.store.removeIfSeenAt(ctx, d); err != nil {
				return err
			}
		}
	}
	return s.store.removeSeenBefore(ctx, last.PersonID, last.LastSeenAt)
}

// Of are the devices of these people to which pushes go, by person and id. If a person has
// too many, from before there was a limit, it returns those that were seen last and removes
// the others.
func (s *Service) Of(ctx context.Context, personIDs []string) ([]*Device, error) {
	list, damaged, err := s.store.of(ctx, personIDs)
	if err != nil {
		return nil, err
	}
	if damaged != nil {
		s.Log.WarnContext(ctx, "devices could not be read whole", "error", damaged)
	}
	list = withoutReplaced(list)
	slices.SortFunc(list, func(a, b *Device) int { return cmp.Or(strings.Compare(a.PersonID, b.PersonID), newestFirst(a, b)) })
	kept := list[:0:0]
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].PersonID == list[0].PersonID {
			n++
		}
		if n > maxDevices {
			if err := s.cut(ctx, list[:n]); err != nil {
				return nil, err
			}
		}
		kept, list = append(kept, list[:min(n, maxDevices)]...), list[n:]
	}
	slices.SortFunc(kept, func(a, b *Device) int {
		return cmp.Or(strings.Compare(a.PersonID, b.PersonID), strings.Compare(a.ID, b.ID))
	})
	return kept, nil
}
