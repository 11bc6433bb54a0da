package inbox

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/notify"
)

// mayStand reports whether a push of the notice may stand on a phone's screen.
func (n *Notice) mayStand(now time.Time) bool {
	return n.Channel == notify.Push && (n.HoldUntil == nil || !n.HoldUntil.After(now))
}

// recall has those of a person's notices taken off their phones that may stand there. It is called before the
// write after which they need no attention: if that never comes, they stay.
func (s *Service) recall(ctx context.Context, personID string, list []*Notice) error {
	now := s.DB.Now()
	var ids []string
	for _, n := range list {
		if n.mayStand(now) {
			ids = append(ids, n.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return s.Recall(ctx, personID, ids)
}

// recallByID is recall for the notice with that id, if it is the person's.
func (s *Service) recallByID(ctx context.Context, personID, noticeID string) error {
	found, err := s.store.ByIDs(ctx, []string{noticeID})
	if n := found[noticeID]; err == nil && n != nil && n.PersonID == personID {
		return s.recall(ctx, personID, []*Notice{n})
	}
	return err
}

// recallUntil is recall for the newest unread notices of a person that came up to an instant.
func (s *Service) recallUntil(ctx context.Context, personID string, until time.Time) error {
	list, err := s.store.unread(ctx, []string{personID}, 2*maxUnread)
	if err != nil {
		return err
	}
	return s.recall(ctx, personID, slices.DeleteFunc(list, func(n *Notice) bool { return n.Snoozed != nil || n.CreatedAt.After(until) }))
}
