package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// subjectState is the present state of a course and of a piece of news about it. News that
// waited for the morning tells the facts of the morning, or is not told at all.
func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	c, err := s.store.get(ctx, n.Subject)
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
	if c.State != want {
		return notify.SubjectState{}, nil
	}
	now := notify.SubjectState{Alive: true, Words: c.words(), ExpiresAt: &c.EndsAt}
	switch n.Kind {
	case NoticeReminder:
		var a notify.ReminderArgs
		err = n.Args.Decode(&a)
		session := c.startingAt(a.StartsAt)
		if session == nil {
			return notify.SubjectState{}, err
		}
		now.Words, now.ExpiresAt = c.wordsOf(*session), &session.StartsAt
	case NoticeMoved, NoticeChanged:
		var a changeArgs
		err = n.Args.Decode(&a)
		news := c.Telling.News(c.snapshot(), a.Version, s.now())
		now.Alive = n.Kind == NoticeMoved && news.IsMove() || n.Kind == NoticeChanged && news.IsText()
		now.Words = c.wordsOfNews(news)
	case booking.NoticeSeatGranted, booking.NoticeSeatOffered, NoticeMatched:
		now.ExpiresAt = &c.StartsAt
	}
	return now, err
}

// startingAt is the session that starts at an instant; nil if no session does any more.
func (c *Course) startingAt(at time.Time) *Session {
	i := slices.IndexFunc(c.Sessions, func(session Session) bool { return session.StartsAt.Equal(at) })
	if i < 0 {
		return nil
	}
	return &c.Sessions[i]
}
