package delivery

import (
	"context"
	"slices"

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

// addressed are those of the people found whom the cause means, by what they have heard of an earlier one.
func (n *Notifier) addressed(ctx context.Context, c notify.Cause, found []notify.Found, ids []string) ([]notify.Found, error) {
	if c.SeenKey != "" {
		seen, err := n.seen(ctx, c.SeenKey, ids)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(slices.Clone(found), func(f notify.Found) bool { return !seen[f.PersonID] })
	}
	if c.UntoldKey != "" {
		told, err := n.told(ctx, c.UntoldKey, ids)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(slices.Clone(found), func(f notify.Found) bool { return told[f.PersonID] })
	}
	return found, nil
}
