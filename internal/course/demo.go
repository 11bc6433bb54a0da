package course

import (
	"context"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
)

// Backdate moves a course that many days back, also into the past, and tells nobody. It is for
// demo data alone: nobody else can make a course that has been held.
func (s *Service) Backdate(ctx context.Context, courseID string, days int) error {
	c, err := s.store.get(ctx, courseID)
	if err != nil {
		return err
	}
	var p fault.Problems
	for i := range c.Sessions {
		date := &c.Sessions[i].Date
		wall := schedule.Wall{StartsAt: daysBefore(date.StartsAt, date.StartsAtLocal, days), EndsAt: daysBefore(date.EndsAt, date.EndsAtLocal, days), TimeZone: date.TimeZone}
		*date = wall.Date(&p, "sessions", schedule.Limits{Longest: maxSession})
	}
	if err := p.Err(); err != nil {
		return err
	}
	c.sortSessions()
	c.Version++
	c.StartVersion, c.ChangedAt = c.Version, s.now()
	effects := []outbox.Effect{outbox.New(effectMoved, movedArgs{CourseID: c.ID})}
	return s.Outbox.Commit(ctx, outbox.Ref{Collection: courses, ID: c.ID}, effects, func(b outbox.Batch) error {
		return s.store.update(ctx, c, b)
	})
}

// daysBefore is the same time of day, that many days before.
func daysBefore(at time.Time, local clock.Local, days int) clock.Local {
	day := clock.LocalOf(at.AddDate(0, 0, -days), clock.Copenhagen)
	return day[:len("2006-01-02")] + local[len("2006-01-02"):]
}
