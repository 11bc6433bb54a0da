package inbox

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"faellesskab/internal/auth"
)

// The number on the icon of a phone is how many notices its owner has not read, as the API says it at that moment:
// both are counted here.

// maxUnread is the number at which counting unread notices stops.
const maxUnread = 100

// UnreadCount is how many notices the viewer has not read, up to 100.
func (s *Service) UnreadCount(ctx context.Context) (int, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return 0, err
	}
	return s.countUnread(ctx, v.PersonID)
}

// countUnread counts the notices of the viewer that they have not read and that still need attention.
func (s *Service) countUnread(ctx context.Context, personID string) (int, error) {
	counts, err := s.unreadOf(ctx, []string{personID}, nil, only(ctx))
	return counts[personID], err
}

// UnreadOf is how many notices these people have not read, by id: for each what the API tells them. It asks for all
// of them together. fresh are notices of one cause that have been read already, and concern them.
func (k Keeper) UnreadOf(ctx context.Context, readers map[string]auth.Viewer, fresh []*Notice) (map[string]int, error) {
	people := slices.Sorted(maps.Keys(readers))
	return k.standing.unreadOf(ctx, people, fresh, func(personID string) auth.Viewer { return readers[personID] })
}

// unreadOf counts people's unread notices, by person; fresh are notices of one cause that are at hand. It looks at
// twice as many as it counts, since some may need no attention.
func (s standing) unreadOf(ctx context.Context, people []string, fresh []*Notice, as viewers) (map[string]int, error) {
	cause := ""
	if len(fresh) > 0 {
		cause = fresh[0].Cause
	}
	list, err := s.store.unreadBut(ctx, people, 2*maxUnread, cause)
	if err != nil {
		return nil, err
	}
	if len(fresh) > 0 {
		list = newest(append(list, copies(fresh)...), 2*maxUnread)
	}
	counts, err := s.count(ctx, list, cause, as)
	if err != nil {
		return nil, err
	}
	for _, personID := range people {
		counts[personID] += 0 // whoever has read everything has a number too
	}
	return counts, nil
}

// copies are copies of notices, which the count may change.
func copies(list []*Notice) []*Notice {
	out := make([]*Notice, len(list))
	for i, n := range list {
		own := *n
		own.Reasons = slices.Clone(n.Reasons)
		out[i] = &own
	}
	return out
}

// newest are the newest notices of each person, up to that many of each.
func newest(list []*Notice, each int) []*Notice {
	slices.SortFunc(list, func(a, b *Notice) int { return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID)) })
	has := map[string]int{}
	return slices.DeleteFunc(list, func(n *Notice) bool {
		has[n.PersonID]++
		return has[n.PersonID] > each
	})
}

// count is how many of these unread notices still need attention, by reader. Those of a cause are known to concern their
// readers. It reads no names and no words of reasons, which a number does not show.
func (s standing) count(ctx context.Context, list []*Notice, concerns string, as viewers) (map[string]int, error) {
	if err := s.settleAll(ctx, list, concerns, as); err != nil {
		return nil, err
	}
	if err := s.settleSummaries(ctx, list, as); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, n := range list {
		if n.Unread {
			counts[n.PersonID] = min(counts[n.PersonID]+1, maxUnread)
		}
	}
	return counts, nil
}

// settleAll settles the notices that need no more attention. It asks whether they still concern their readers only where
// all else says that they need attention, and not for those of a cause of which that is known.
func (s standing) settleAll(ctx context.Context, list []*Notice, concerns string, as viewers) error {
	s.putOff(list)
	list = slices.DeleteFunc(s.known(list), func(n *Notice) bool { return !n.Unread })
	states, err := s.states(ctx, list)
	if err != nil {
		return err
	}
	var open []*Notice
	for i, n := range list {
		if states[i] == nil {
			continue // it counts as it was told
		}
		state := *states[i]
		state.Words = nil
		if s.follow(as(n.PersonID), n, state, nil); n.Unread && (concerns == "" || n.Cause != concerns) {
			open = append(open, n)
		}
	}
	ended, err := s.news.Ended(ctx, toldBy(open))
	for i, v := range ended {
		if v != nil {
			open[i].end(nil)
		}
	}
	return err
}

// settleSummaries settles the summaries all of whose items need no more attention. Most items are among the notices
// that are at hand, where they have been settled.
func (s standing) settleSummaries(ctx context.Context, list []*Notice, as viewers) error {
	items := make(map[string]*Notice, len(list))
	for _, n := range list {
		items[n.ID] = n
	}
	isUnread := func(itemID string) bool { return items[itemID] != nil && items[itemID].Unread }
	var summaries []*Notice
	var missing []string
	for _, n := range list {
		if len(n.Items) == 0 || len(n.Items) > maxListed || !n.Unread || slices.ContainsFunc(n.Items, isUnread) {
			continue
		}
		summaries = append(summaries, n)
		for _, itemID := range n.Items {
			if items[itemID] == nil {
				missing = append(missing, itemID)
			}
		}
	}
	others, err := s.store.ByIDs(ctx, missing)
	if err != nil {
		return err
	}
	read := make([]*Notice, 0, len(others))
	for itemID, n := range others {
		items[itemID] = n
		read = append(read, n)
	}
	if err := s.settleAll(ctx, read, "", as); err != nil {
		return err
	}
	for _, n := range summaries {
		if !slices.ContainsFunc(n.Items, func(itemID string) bool { return items[itemID] == nil || items[itemID].Unread }) {
			n.settle(nil)
		}
	}
	return nil
}
