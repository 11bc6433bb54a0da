package course

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// AudienceWished are the people whose wish was answered by a course; its ids are courses. Package wish walks it.
const AudienceWished notify.AudienceKind = "COURSE_WISHED"

// EffectCancelled is the kind of the effect that a course is cancelled, also one that was never published.
const EffectCancelled = "course.cancelled"

// Cancelled names the course.
type Cancelled struct{ CourseID string }

// About is what news says that offers the course to somebody.
func (c *Course) About() notify.Cause {
	return notify.Cause{Subject: c.ID, Data: c.words(), ExpiresAt: &c.StartsAt}
}

// PublishedNow is a course that is published and has not begun; nil if it is not.
func (s *Service) PublishedNow(ctx context.Context, courseID string) (*Course, error) {
	c, err := s.store.get(ctx, courseID)
	if err != nil {
		return nil, fault.UnlessNotFound(err)
	}
	if c.State != StatePublished || !c.StartsAt.After(s.now()) {
		return nil, nil //nolint:nilnil // it cannot be offered
	}
	return c, nil
}

// IsCancelled reports whether a course is cancelled.
func (s *Service) IsCancelled(ctx context.Context, courseID string) (bool, error) {
	c, err := s.store.get(ctx, courseID)
	return err == nil && c.State == StateCancelled, fault.UnlessNotFound(err)
}
