package device

import (
	"context"
	"slices"
	"time"
)

const (
	// maxDoubts is the number of pieces of news for which a device must be called bad
	// before it rests.
	maxDoubts = 3
	// doubtRest is how long a device rests that is called bad again and again. It is tried
	// once a day, since it may work again.
	doubtRest = 24 * time.Hour
)

// Doubts are the evidence against a device that Firebase calls bad, as long as it is not
// enough to remove the device: Firebase took the same news for others, but called too many
// devices bad at once. The doubts end when Firebase takes a push for the device.
type Doubts struct {
	DoubtedBy []string   `bson:"doubtedBy,omitempty"` // keys of the first news, at most maxDoubts
	DoubtedAt *time.Time `bson:"doubtedAt,omitempty"` // the last time
}

// IsDoubtful reports whether a device was called bad for so many pieces of news that its
// answer says nothing about the next one.
func (d *Device) IsDoubtful() bool { return len(d.DoubtedBy) >= maxDoubts }

// Rests reports whether the device is doubtful and gets no push now.
func (d *Device) Rests(now time.Time) bool {
	return d.IsDoubtful() && d.DoubtedAt != nil && now.Sub(*d.DoubtedAt) < doubtRest
}

// Doubt notes that Firebase called devices bad for a piece of news, given by its key, that it
// took for others. The same news counts once.
func (s *Service) Doubt(ctx context.Context, ids []string, news string) error {
	known, err := s.store.byIDs(ctx, ids)
	if err != nil {
		return err
	}
	var count, again []string
	for deviceID, d := range known {
		if d.IsDoubtful() || slices.Contains(d.DoubtedBy, news) {
			again = append(again, deviceID)
		} else {
			count = append(count, deviceID)
		}
	}
	now := s.store.db.Now()
	if err := s.store.doubt(ctx, count, news, now); err != nil {
		return err
	}
	return s.store.doubt(ctx, again, "", now)
}

// Trust ends the doubts about a device, because Firebase has taken a push for it.
func (s *Service) Trust(ctx context.Context, deviceID string) error {
	return s.store.trust(ctx, deviceID)
}
