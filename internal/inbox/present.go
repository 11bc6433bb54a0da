package inbox

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
)

// What people see of their inbox is how it stands now, and it is found out when they look: nobody has to
// write into the inboxes of all who were told. News that is true has the words of now. News that is no
// longer true keeps what it said, says how it stands, and is not unread, and the same is so of news whose
// subject has begun and of news that no longer concerns the person.

// present brings notices up to date, as they are shown to their readers. It changes nothing that is stored.
func (s *Service) present(ctx context.Context, list []*Notice, as viewers) error {
	if err := s.reword(ctx, list); err != nil {
		return err
	}
	isSo, err := s.bringUpToDate(ctx, list, as)
	if err != nil {
		return err
	}
	if err := s.nameAll(ctx, isSo); err != nil {
		return err
	}
	return s.presentSummaries(ctx, list, as)
}

// reword gives the reasons of notices the words of now.
func (s *Service) reword(ctx context.Context, list []*Notice) error {
	list = s.known(list)
	reasons, err := s.News.Reword(ctx, toldBy(list))
	if err != nil {
		return err
	}
	for i, n := range list {
		n.Reasons = reasons[i]
	}
	return nil
}

// nameAll has news that is still so name the person whom it is about, such as who asks to join. Pushes
// do not, since others may read a lock screen, nor does what is stored, and names change.
func (s *Service) nameAll(ctx context.Context, list []*Notice) error {
	list = slices.DeleteFunc(list, func(n *Notice) bool { return n.About == "" })
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, len(list))
	for i, n := range list {
		ids[i] = n.About
	}
	slices.Sort(ids)
	names, err := s.Names(ctx, slices.Compact(ids))
	for _, n := range list {
		if name := names[n.About]; name != "" {
			words := map[string]string{"Name": name}
			maps.Copy(words, n.Words)
			n.Words = words
		}
	}
	return err
}

// presentSummaries gives summaries the present titles of what they sum up. One all of whose items need no
// more attention needs none itself.
func (s *Service) presentSummaries(ctx context.Context, list []*Notice, as viewers) error {
	var ids []string
	for _, n := range list {
		ids = append(ids, n.Listed()...)
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := s.store.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	isSo, err := s.bringUpToDate(ctx, slices.Collect(maps.Values(found)), as)
	if err != nil {
		return err
	}
	if err := s.nameAll(ctx, isSo); err != nil {
		return err
	}
	for _, n := range list {
		var items []*Notice
		for _, itemID := range n.Listed() {
			if item := found[itemID]; item != nil {
				items = append(items, item)
			}
		}
		if len(items) == 0 {
			continue
		}
		if n.Words = maps.Clone(n.Words); n.Words == nil {
			n.Words = map[string]string{}
		}
		maps.Copy(n.Words, TitlesOf(items))
		if len(n.Items) == len(items) && !slices.ContainsFunc(items, func(item *Notice) bool { return item.Unread }) {
			n.settle(items[len(items)-1].ReadAt)
		}
	}
	return nil
}

// maxTitles is how many titles a summary names. It only counts the others.
const maxTitles = 3

// TitlesOf are the words by which a summary names its items, the oldest first.
func TitlesOf(items []*Notice) map[string]string {
	words := map[string]string{}
	for _, l := range i18n.Languages {
		var titles []string
		for _, item := range items[:min(len(items), maxTitles)] {
			titles = append(titles, item.TitleFor(i18n.Reader{Language: l, Zone: clock.Copenhagen, Now: item.CreatedAt})) // no title says when
		}
		words["Subjects_"+string(l)] = strings.Join(titles, " · ")
	}
	return words
}

// MoreOf is how many of that many items the titles do not name; empty if none.
func MoreOf(items int) string {
	if items <= maxTitles {
		return ""
	}
	return strconv.Itoa(items - maxTitles)
}
