package inbox

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
)

// Filter says which notices a list has.
type Filter struct {
	IsUnread *bool         // nil: both
	Kinds    []notify.Kind // none: every kind
}

// clean checks the filter. Returns Problems.
func (f *Filter) clean(kinds *notify.Kinds) error {
	var p fault.Problems
	if most := len(kinds.All()); len(f.Kinds) > most {
		p.Add(fault.Invalid("filter.kinds", "list.long").With("Max", most))
	}
	return p.Err()
}

// wants reports whether a notice that is shown as it stands now is in the list. A query cannot say that,
// since much that nobody has read needs no more attention.
func (f *Filter) wants(n *Notice) bool { return f.IsUnread == nil || n.Unread == *f.IsUnread }

const listNotices = "notices"

// List is a page of the viewer's notices, newest first.
func (s *Service) List(ctx context.Context, a page.Args) (*Connection, error) {
	return s.Find(ctx, nil, a)
}

// Find is a page of the viewer's notices that the filter wants, newest first; nil: all. Returns Problems.
func (s *Service) Find(ctx context.Context, f *Filter, a page.Args) (*Connection, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &Filter{}
	}
	if err := f.clean(s.News.Kinds); err != nil {
		return nil, err
	}
	k, err := a.OpenTime(listNotices)
	if err != nil {
		return nil, err
	}
	return page.Walk[*Notice]{
		List:     listNotices,
		Position: func(n *Notice) page.Position { return page.Position{Key: page.TimeKey(n.CreatedAt), ID: n.ID} },
		Read: func(k page.Keyset) ([]*Notice, error) {
			return s.store.list(ctx, v.PersonID, f, k)
		},
		Keep: func(list []*Notice) ([]*Notice, error) {
			if err := s.present(ctx, list, only(ctx)); err != nil {
				return nil, err
			}
			kept := []*Notice{}
			for _, n := range list {
				if f.wants(n) {
					kept = append(kept, n)
				}
			}
			return kept, nil
		},
	}.Page(a, k)
}

// MarkAllReadInput says up to which instant the viewer has read all notices.
type MarkAllReadInput struct {
	ClientMutationID *string
	Before           time.Time
}

// MarkAllRead marks all notices of the viewer as read that came up to an instant, and returns how many are
// still unread. Returns Problems.
func (s *Service) MarkAllRead(ctx context.Context, in MarkAllReadInput) (int, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return 0, err
	}
	if problem := idempotency.CheckKey(in.ClientMutationID); problem != nil {
		return 0, problem
	}
	call := idempotency.Call{Operation: "markAllNoticesRead", Key: in.ClientMutationID, Input: in}
	_, err = idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, _ idempotency.Token) (bool, error) {
		if err := s.recallUntil(ctx, v.PersonID, in.Before); err != nil {
			return false, err
		}
		if err := s.store.markAllRead(ctx, v.PersonID, in.Before); err != nil {
			return false, err
		}
		s.Bus.Tell(notices, NoticeID(v.PersonID, "")) // whose they are is all that listeners must know
		return true, nil
	})
	if err != nil {
		return 0, err
	}
	return s.UnreadCount(ctx)
}
