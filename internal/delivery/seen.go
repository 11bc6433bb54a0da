package delivery

import (
	"context"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// seen are those of these people who may have seen the news of an earlier cause: they have read it, or a phone has
// shown it.
func (n *Notifier) seen(ctx context.Context, key string, people []string) (map[string]bool, error) {
	ids := make([]string, len(people))
	for i, personID := range people {
		ids[i] = inbox.NoticeID(personID, key)
	}
	notices, err := n.keeper.ByIDs(ctx, ids)
	now := n.DB.Now()
	seen := make(map[string]bool, len(notices))
	for _, notice := range notices {
		wasPushed := notice.Channel == notify.Push && (notice.HoldUntil == nil || !notice.HoldUntil.After(now))
		seen[notice.PersonID] = !notice.Hidden && (!notice.Unread || notice.OpenedAt != nil || wasPushed)
	}
	return seen, err
}
