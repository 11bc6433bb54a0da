package delivery

import (
	"context"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// seen are those of these people who may have seen the news of an earlier cause: they have read it, or a phone has
// shown it.
func (n *Notifier) seen(ctx context.Context, key string, people []string) (map[string]bool, error) {
	notices, err := n.noticesOf(ctx, key, people)
	now := n.DB.Now()
	seen := make(map[string]bool, len(notices))
	for _, notice := range notices {
		wasPushed := notice.Channel == notify.Push && (notice.HoldUntil == nil || !notice.HoldUntil.After(now))
		seen[notice.PersonID] = !notice.Hidden && (!notice.Unread || notice.OpenedAt != nil || wasPushed)
	}
	return seen, err
}

// told are those of these people who have got a notice of an earlier cause, whatever became of it.
func (n *Notifier) told(ctx context.Context, key string, people []string) (map[string]bool, error) {
	notices, err := n.noticesOf(ctx, key, people)
	told := make(map[string]bool, len(notices))
	for _, notice := range notices {
		told[notice.PersonID] = true
	}
	return told, err
}

// noticesOf are the notices of a cause that these people have.
func (n *Notifier) noticesOf(ctx context.Context, key string, people []string) (map[string]*inbox.Notice, error) {
	ids := make([]string, len(people))
	for i, personID := range people {
		ids[i] = inbox.NoticeID(personID, key)
	}
	return n.keeper.ByIDs(ctx, ids)
}
