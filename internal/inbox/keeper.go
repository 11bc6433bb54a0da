package inbox

import (
	"context"
	"log/slog"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/bus"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

// KeeperDeps are what a keeper works with.
type KeeperDeps struct {
	DB   *mongodb.DB
	Bus  *bus.Bus
	News *notify.Registry
	Log  *slog.Logger
}

// Keeper gives package delivery access to notices, the ledger and settings.
type Keeper struct {
	store
	standing standing
	bus      *bus.Bus
}

// NewKeeper makes a keeper.
func NewKeeper(d KeeperDeps) Keeper {
	st := store{db: d.DB, kinds: d.News.Kinds}
	return Keeper{store: st, standing: standing{store: st, news: d.News, log: d.Log}, bus: d.Bus}
}

// Add stores notices and wakes their readers. Notices that exist already stay as they
// are and are returned.
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

// BringBack stores what becomes of a notice that was put off until an instant, and wakes its reader.
func (k Keeper) BringBack(ctx context.Context, n *Notice, until time.Time) error {
	n.Snoozed, n.Unread, n.ReadAt = nil, true, nil
	if err := k.store.bringBack(ctx, n, until); err != nil {
		return err
	}
	k.bus.Tell(notices, n.ID)
	return nil
}

// BringUpToDate gives notices how they stand now for their readers, who are given by id: those that need no attention
// any more are not unread.
func (k Keeper) BringUpToDate(ctx context.Context, list []*Notice, readers map[string]auth.Viewer) error {
	as := func(personID string) auth.Viewer { return readers[personID] }
	if _, err := k.standing.bringUpToDate(ctx, list, as); err != nil {
		return err
	}
	return k.standing.settleSummaries(ctx, list, as)
}

// keepNotices is how long people's inboxes go back.
const keepNotices = 365 * 24 * time.Hour

// Purge removes old lines of the ledger and old notices. Notices that were never shown
// are kept only as long as the ledger.
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
