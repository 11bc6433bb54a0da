package event

import (
	"context"

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
		news := e.Telling.News(e.snapshot(), a.Version, s.now())
		now.Alive = now.Alive && (n.Kind == NoticeMoved && news.IsMove() || n.Kind == NoticeChanged && news.IsText())
		now.Words = e.wordsOf(news)
	}
	return now, err
}
