package delivery

import (
	"context"
	"maps"
	"slices"

	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// A locked screen may be seen by anybody. News from a group of which outsiders may not know does not name the group
// there; the inbox, which its reader has to open, does.

// sourceOf is what decides whether news is discreet: the group from which it comes, or else the event that it is about;
// empty if it has to do with no group.
func sourceOf(notice *inbox.Notice) string {
	ids := []string{notice.GroupID, notice.SubjectID}
	for _, why := range notice.Reasons {
		ids = append(ids, why.Subject)
	}
	if i := slices.IndexFunc(ids, func(groupID string) bool { return id.Prefix(groupID) == id.Group }); i >= 0 {
		return ids[i]
	}
	if id.Prefix(notice.SubjectID) == id.Event {
		return notice.SubjectID
	}
	return ""
}

// comesDiscreetly reports whether the news that these people are told comes from a group of which outsiders may not know.
func (n *Notifier) comesDiscreetly(ctx context.Context, of map[string]told) (bool, error) {
	for _, t := range of {
		if t.Kind == notify.KindSummary {
			return false, nil // its items say it for themselves
		}
		discreet, err := n.discreetOf(ctx, []*inbox.Notice{t.Notice})
		return discreet[sourceOf(t.Notice)], err
	}
	return false, nil
}

// discreetOf are the sources of these notices of which outsiders may not know.
func (n *Notifier) discreetOf(ctx context.Context, notices []*inbox.Notice) (map[string]bool, error) {
	var sources []string
	for _, notice := range notices {
		if source := sourceOf(notice); source != "" && !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
	}
	if len(sources) == 0 {
		return nil, nil
	}
	return n.Discreet(ctx, sources)
}

// listed and shown are how the words are named by which a summary names its items: in the inbox, and on a screen if that
// must say less.
const (
	listed = "Subjects_"
	shown  = "Shown_"
)

// discreetTitles are the words by which the push of a summary names its items; none if it says what the inbox says.
func discreetTitles(items []*inbox.Notice, discreet map[string]bool) map[string]string {
	words := map[string]string{}
	if !slices.ContainsFunc(items, func(item *inbox.Notice) bool { return discreet[sourceOf(item)] }) {
		return words
	}
	reworded := make([]*inbox.Notice, len(items))
	for i, item := range items {
		copied := *item
		if discreet[sourceOf(item)] {
			copied.Words = notify.Discreet(item.Kind, item.Words)
		}
		reworded[i] = &copied
	}
	titles := inbox.TitlesOf(reworded)
	for _, l := range i18n.Languages {
		words[shown+string(l)] = titles[listed+string(l)]
	}
	return words
}

// onScreen are the words of a push, and whether they say less than the inbox does.
func onScreen(kind notify.Kind, words map[string]string, isDiscreet bool) (said map[string]string, saysLess bool) {
	if kind != notify.KindSummary && isDiscreet {
		return notify.Discreet(kind, words), true
	}
	said = words
	for _, l := range i18n.Languages {
		if titles, ok := words[shown+string(l)]; ok && kind == notify.KindSummary {
			if !saysLess {
				said, saysLess = maps.Clone(words), true
			}
			said[listed+string(l)] = titles
		}
	}
	return said, saysLess
}
