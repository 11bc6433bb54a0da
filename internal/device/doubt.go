package device

import (
	"context"
	"slices"
	"time"
)

const (
	// maxDoubts is in how many pieces of news a device was called bad before it rests.
	maxDoubts = 3
	// doubtRest is how long a device rests that is called bad again and again: it may
	// come back to life, and is asked once a day.
	doubtRest = 24 * time.Hour
)

// Doubts are what speaks against a device that Firebase calls bad, while there is
// not enough to remove it: the same news went through to others, but too many were
// called bad at once. They end when Firebase takes a push for it.
type Doubts struct {
	DoubtedBy []string   `bson:"doubtedBy,omitempty"` // keys of the first news, at most maxDoubts
	DoubtedAt *time.Time `bson:"doubtedAt,omitempty"` // the last time
}

// IsDoubtful reports whether a device was called bad in so many pieces of news that
// its answer says nothing about the next one.
func (d *Device) IsDoubtful() bool { return len(d.DoubtedBy) >= maxDoubts }

// Rests reports whether nothing is to be sent to a doubtful device now.
func (d *Device) Rests(now time.Time) bool {
	return d.IsDoubtful() && d.DoubtedAt != nil && now.Sub(*d.DoubtedAt) < doubtRest
}

// Doubt notes that Firebase called devices bad when it was sent a piece of news that
// went through to others. The same news counts once.
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

// Trust ends what doubts there are about a device: Firebase has taken a push for it.
func (s *Service) Trust(ctx context.Context, deviceID string) error {
	return s.store.trust(ctx, deviceID)
}
