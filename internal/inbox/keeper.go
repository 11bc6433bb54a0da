package inbox

import (
	"context"
	"time"

	"faellesskab/internal/bus"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

// Keeper keeps notices, the ledger and settings for the delivery.
type Keeper struct {
	store
	bus *bus.Bus
}

// NewKeeper makes a keeper.
func NewKeeper(db *mongodb.DB, b *bus.Bus, kinds *notify.Kinds) Keeper {
	return Keeper{store: store{db: db, kinds: kinds}, bus: b}
}

// Add keeps notices and says so to people who look; those that are there already stay
// as they are and are returned.
func (k Keeper) Add(ctx context.Context, list []*Notice) (known map[string]*Notice, err error) {
	if known, err = k.store.addNotices(ctx, list); err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, n := range list {
		ids[i] = n.ID
	}
	k.bus.Tell(notices, ids...)
	return known, nil
}

// keepNotices is how long people's inboxes go back.
const keepNotices = 365 * 24 * time.Hour

// Purge forgets what is long past: the ledger, and notices. Those that nobody could
// see are kept as long as the ledger.
func (s *Service) Purge(ctx context.Context) error {
	now := s.DB.Now()
	if err := s.store.removeHandovers(ctx, now.Add(-keepLedger)); err != nil {
		return err
	}
	if err := s.store.removeNotices(ctx, true, now.Add(-keepLedger)); err != nil {
		return err
	}
	return s.store.removeNotices(ctx, false, now.Add(-keepNotices))
}
