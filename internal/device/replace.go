package device

import (
	"context"
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// A phone that gets a new address is a new device, which says which one it was. From the write on that stores the new
// device, the old one gets nothing more; the call ends when the old one is nobody's.

// replacedArgs name a device that is another one now, and whose it was.
type replacedArgs struct{ DeviceID, PersonID string }

// replaced is the device that the phone was; empty if there is none.
func (in *RegisterInput) replaced() string {
	if in.Replaces == nil {
		return ""
	}
	return *in.Replaces
}

// replacedPath is where a device names the one that it replaces, until that one is gone.
func replacedPath(deviceID string) string { return "replaced." + deviceID }

// replacing is the effect that takes the device from its person that d replaces; none if there is none, or d is the
// same.
func (d *Device) replacing(oldID string) []outbox.Effect {
	if oldID == "" || oldID == d.ID {
		return nil
	}
	e := outbox.New(effectReplaced, replacedArgs{DeviceID: oldID, PersonID: d.PersonID})
	e.Clear = []string{replacedPath(oldID)}
	return []outbox.Effect{e}
}

// replace carries out the effect of a device that replaces another one.
func (s *Service) replace(ctx context.Context, _ outbox.Call, a replacedArgs) error {
	return s.signOut(ctx, a)
}

// signOut signs a replaced device out. If it is gone or somebody else's, nothing happens.
func (s *Service) signOut(ctx context.Context, a replacedArgs) error {
	gone := []outbox.Effect{outbox.New(effectGone, goneArgs{a.DeviceID})}
	return fault.UnlessNotFound(s.Outbox.Commit(ctx, ref(a.DeviceID), gone, func(b outbox.Batch) error {
		return s.store.disown(ctx, a.DeviceID, a.PersonID, b)
	}))
}

// withoutReplaced leaves out the devices that another one of the same person replaces.
func withoutReplaced(list []*Device) []*Device {
	type old struct{ personID, deviceID string }
	replaced := map[old]bool{}
	for _, d := range list {
		for deviceID := range d.Replaced {
			replaced[old{d.PersonID, deviceID}] = true
		}
	}
	if len(replaced) == 0 {
		return list
	}
	return slices.DeleteFunc(list, func(d *Device) bool { return replaced[old{d.PersonID, d.ID}] })
}
