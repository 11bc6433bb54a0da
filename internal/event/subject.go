package event

import (
	"context"
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// subjectState is the present state of an event and of a piece of news about it. News that
// waited for the morning tells the facts of the morning, or is not told at all.
func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	e, err := s.store.get(ctx, n.Subject)
	if fault.Is(err, fault.KindNotFound) {
		return notify.SubjectState{}, nil
	}
	if err != nil {
		return notify.SubjectState{}, err
	}
	want := StatePublished
	if n.Kind == NoticeCancelled {
		want = StateCancelled
	}
	now := notify.SubjectState{Alive: e.State == want, MembersOnly: e.OpenTo != group.Everyone, Words: e.words(), ExpiresAt: &e.StartsAt}
	switch n.Kind {
	case NoticeReminder:
		var a notify.ReminderArgs
		err = n.Args.Decode(&a)
		now.Alive = now.Alive && a.StartsAt.Equal(e.StartsAt)
	case NoticeMoved, NoticeChanged:
		var a changeArgs
		err = n.Args.Decode(&a)
		about := novelties[movingNovelties:]
		if n.Kind == NoticeMoved {
			about = novelties[:movingNovelties]
		}
		now.Alive = now.Alive && e.stillTells(a.Version, about, now.Words)
	}
	return now, err
}

// stillTells reports whether the news of a change, given by its version, is the last to tell
// any of these novelties. It corrects the words, so that they name only such novelties.
func (e *Event) stillTells(version int, about []string, words map[string]string) bool {
	if version == 0 || e.Told == nil {
		return true // older programs did not note it
	}
	for _, novelty := range novelties {
		words[novelty] = ""
		if e.Told[novelty] == version {
			words[novelty] = "1"
		}
	}
	return slices.ContainsFunc(about, func(novelty string) bool { return words[novelty] != "" })
}
