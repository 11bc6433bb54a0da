package meeting

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/timer"
)

// timerSession is the kind of the timers that ask those who came to a session for feedback.
const timerSession = "meeting.session"

// AudienceCameToSession are the people who came to a session of a course, or had a seat and did not decline it where nobody has
// recorded who came, and who have not given feedback yet; its ids are sessions.
const AudienceCameToSession notify.AudienceKind = "CAME_TO_SESSION"

// sessionOver is a session that ends at an instant, as its timer was set.
type sessionOver struct {
	SessionID string
	EndsAt    time.Time
}

// followCourse sets a timer for what follows each session of a course that is still to come. One that is moved gets another.
func (s *Service) followCourse(ctx context.Context, courseID string) error {
	sessions, err := s.Courses.Sessions(ctx, courseID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	for _, x := range sessions {
		at := morningAfter(x.End())
		if !at.After(s.now()) {
			continue
		}
		key := notify.Key(x.ID, "over", strconv.FormatInt(x.EndsAt.Unix(), 10))
		if err := s.Timers.Set(ctx, timer.New(key, timerSession, at, sessionOver{SessionID: x.ID, EndsAt: x.EndsAt})); err != nil {
			return err
		}
	}
	return nil
}

// followSession asks those who came to a session how it was, unless it was moved or did not take place.
func (s *Service) followSession(ctx context.Context, a sessionOver) error {
	x, err := s.Courses.Session(ctx, a.SessionID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	if !x.IsOn() || !x.EndsAt.Equal(a.EndsAt) || x.Course().SeatsTaken == 0 {
		return nil
	}
	return s.Enqueue(ctx, notify.Cause{Key: notify.Key(x.ID, "feedback", strconv.FormatInt(x.EndsAt.Unix(), 10)), Kind: NoticeHowWasIt, Subject: x.CourseID(),
		Args: notify.ArgsOf(dateArgs{SessionID: x.ID}), Data: wordsOfSession(x), ExpiresAt: closesAt(x.EndsAt),
		Audiences: []notify.AudienceOf{{Kind: AudienceCameToSession, IDs: []string{x.ID}}}})
}

func wordsOfSession(x *course.Session) map[string]string {
	words := x.Words()
	words["Group"] = ""
	return words
}

// cameToSession is a page of those who came to a session and have not given feedback.
func (s *Service) cameToSession(ctx context.Context, sessionID, after string, limit int) ([]booking.Booking, error) {
	return s.silent(ctx, sessionID, after, limit, func(after string) ([]booking.Booking, error) {
		return s.Courses.Came(ctx, sessionID, after, limit)
	})
}

// stateOfSession is the present state of news of a session that is over: it is true while its course is not cancelled.
func (s *Service) stateOfSession(ctx context.Context, sessionID string) (notify.SubjectState, error) {
	x, err := s.Courses.Session(ctx, sessionID)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	return notify.SubjectState{Alive: x.IsOn(), Words: wordsOfSession(x)}, nil
}
