package inbox

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
)

// What people see of their inbox is how it stands now, and it is found out when they look: nobody has to
// write into the inboxes of all who were told. News that is true has the words of now. News that is no
// longer true keeps what it said, says how it stands, and is not unread, and the same is so of news whose
// subject has begun and of news that no longer concerns the person.

// present brings notices of the viewer up to date, as they are shown. It changes nothing that is stored.
func (s *Service) present(ctx context.Context, list []*Notice) error {
	if err := s.reword(ctx, list); err != nil {
		return err
	}
	isSo, err := s.bringUpToDate(ctx, list)
	if err != nil {
		return err
	}
	if err := s.nameAll(ctx, isSo); err != nil {
		return err
	}
	return s.presentSummaries(ctx, list)
}

// known are the notices whose news this version knows. Others are shown as they were told.
func (s *Service) known(list []*Notice) []*Notice {
	return slices.DeleteFunc(slices.Clone(list), func(n *Notice) bool { return !s.News.Knows(n.Kind, n.SubjectID) })
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

// bringUpToDate finds out how notices stand, and returns those that are still so.
func (s *Service) bringUpToDate(ctx context.Context, list []*Notice) (isSo []*Notice, err error) {
	s.putOff(list)
	list = s.known(list)
	if len(list) == 0 {
		return nil, nil
	}
	states, err := s.states(ctx, list)
	if err != nil {
		return nil, err
	}
	ended, err := s.News.Ended(ctx, toldBy(list))
	if err != nil {
		return nil, err
	}
	v := auth.FromContext(ctx)
	for i, n := range list {
		// What cannot be found out is shown as it was told.
		if states[i] != nil && s.follow(v, n, states[i], ended[i]) {
			isSo = append(isSo, n)
		}
	}
	return isSo, nil
}

// follow gives a notice how it stands now, and reports whether it is still so. ended is what becomes of it if the person
// has no reason any more to be told, nil if they have one.
func (s *Service) follow(v auth.Viewer, n *Notice, state *notify.SubjectState, ended *notify.Verdict) (isTrue bool) {
	now := s.store.db.Now()
	isOver := n.ExpiresAt != nil && !n.ExpiresAt.After(now)
	if state.ExpiresAt != nil {
		isOver = !state.ExpiresAt.After(now)
	}
	switch {
	case s.hasLeft(v, n) || state.MayKnow != nil && !state.MayKnow(v):
		n.end(nil) // what has become of it is no longer theirs to know
	case ended != nil:
		n.Now = cmp.Or(state.Now, s.News.NowOf(n.told()))
		n.end(state.Until)
	case !state.Alive && isOver && state.Now == "":
		n.end(state.ExpiresAt)
	case !state.Alive:
		n.Now = cmp.Or(state.Now, "untrue")
		n.end(state.Until)
	default:
		n.renew(*state)
		if isOver {
			n.end(n.ExpiresAt)
		}
		return true
	}
	return false
}

func (n *Notice) told() notify.Told { return notify.Told{PersonID: n.PersonID, Reasons: n.Reasons} }

func toldBy(list []*Notice) []notify.Told {
	told := make([]notify.Told, len(list))
	for i, n := range list {
		told[i] = n.told()
	}
	return told
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

// states are the present states of news; nil where one cannot be found out, which keeps no other from being
// shown.
func (s *Service) states(ctx context.Context, list []*Notice) ([]*notify.SubjectState, error) {
	news := make([]notify.News, len(list))
	for i, n := range list {
		news[i] = notify.News{Kind: n.Kind, Subject: n.SubjectID, Args: n.Args}
	}
	states := make([]*notify.SubjectState, len(list))
	ask := func(from, to int) error {
		return fault.Catch(func() error {
			found, err := s.News.States(ctx, news[from:to])
			for i := range found {
				states[from+i] = &found[i]
			}
			return err
		})
	}
	err := ask(0, len(list))
	if err == nil || fault.Is(err, fault.KindUnavailable) || ctx.Err() != nil {
		return states, err
	}
	clear(states)
	for i, n := range list {
		switch err := ask(i, i+1); {
		case fault.Is(err, fault.KindUnavailable) || ctx.Err() != nil:
			return nil, err
		case err != nil:
			states[i] = nil
			s.Log.WarnContext(ctx, "a notice is shown as it was told", "notice", n.Cause, "kind", n.Kind, "error", err, "stack", fault.StackOf(err))
		}
	}
	return states, nil
}

// hasLeft reports whether the news is of a group to which the viewer no longer belongs.
func (s *Service) hasLeft(v auth.Viewer, n *Notice) bool {
	return n.GroupID != "" && (n.MembersOnly || s.News.Kinds.Of(n.Kind).Policy.ByMembership) && !v.InGroup(n.GroupID)
}

// end settles a notice that needs no attention ever again, so that it is not put off either.
func (n *Notice) end(since *time.Time) {
	n.Snoozed = nil
	n.settle(since)
}

// settle makes the notice one that needs no more attention, since an instant if that is known.
func (n *Notice) settle(since *time.Time) {
	if !n.Unread {
		return
	}
	if n.Unread, n.ReadAt = false, since; since == nil || since.Before(n.CreatedAt) {
		n.ReadAt = &n.CreatedAt
	}
}

// renew gives the notice, and the reasons that name its subject, the words of now.
func (n *Notice) renew(state notify.SubjectState) {
	state.Renew(&n.Words, &n.ExpiresAt)
	for i, why := range n.Reasons {
		if why.Subject != n.SubjectID && why.Subject != n.GroupID {
			continue
		}
		words := maps.Clone(why.Words)
		for name := range words {
			if current, ok := state.Words[name]; ok {
				words[name] = current
			}
		}
		n.Reasons[i].Words = words
	}
}

// presentSummaries gives summaries the present titles of what they sum up. One all of whose items need no
// more attention needs none itself.
func (s *Service) presentSummaries(ctx context.Context, list []*Notice) error {
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
	isSo, err := s.bringUpToDate(ctx, slices.Collect(maps.Values(found)))
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
			title, _ := item.In(i18n.Reader{Language: l, Zone: clock.Copenhagen, Now: item.CreatedAt}) // no title says when
			titles = append(titles, title)
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
