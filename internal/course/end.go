package course

import (
	"context"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Cancel cancels a course and tells people who enrolled. A cancelled draft stays visible only
// to people with COURSES. Only they may cancel. Returns Forbidden, Problems, NotFound,
// Conflict for a course that is over or cancelled already, and VERSION_CONFLICT.
func (s *Service) Cancel(ctx context.Context, in CancelInput) (*Course, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "cancelCourse", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.CourseID, in.ExpectedVersion, func(c *Course) ([]outbox.Effect, error) {
		if !c.isChangeable(s.now()) {
			return nil, fault.Conflict("course.over")
		}
		wasPublished := c.State == StatePublished
		if wasPublished && c.PublishedAt == nil {
			c.PublishedAt = &c.CreatedAt // an older program, which did not note it, has published the course
		}
		c.State, c.HeadStartEndsAt = StateCancelled, nil // the others are not told of it any more
		if in.Reason != nil && *in.Reason != "" {
			c.CancelReason = in.Reason
		}
		effects := []outbox.Effect{outbox.New(EffectCancelled, Cancelled{CourseID: c.ID})}
		if !wasPublished {
			return effects, nil
		}
		concerned, teachers := notify.AudienceOf{Kind: booking.AudienceConcerned, IDs: []string{c.ID}}, notify.AudienceOf{Kind: AudienceTeachers, IDs: []string{c.ID}}
		return append(effects, outbox.New(effectLineEnds, settleArgs{CourseID: c.ID}),
			notify.Effect(s.herald.Cause(ctx, c.thing(), NoticeCancelled, "cancelled", concerned, teachers))), nil
	})
}

// Complete ends a course whose last session is over, and people who attended enough get its
// skills. Only for people with COURSES. Returns Forbidden, Problems, NotFound, Conflict if it is
// not published or a session has not ended, and VERSION_CONFLICT.
func (s *Service) Complete(ctx context.Context, in CompleteInput) (*Course, error) {
	if err := checkCourse(in.ClientMutationID, in.CourseID).Err(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "completeCourse", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.CourseID, in.ExpectedVersion, func(c *Course) ([]outbox.Effect, error) {
		switch c.State {
		case StateDraft:
			return nil, fault.Conflict("course.draft")
		case StateCompleted:
			return nil, fault.Conflict("course.completed")
		case StateCancelled:
			return nil, fault.Conflict("course.over")
		}
		if !c.hasEnded(s.now()) {
			return nil, fault.Conflict("course.not_ended")
		}
		if err := s.finishUndoing(ctx, c); err != nil {
			return nil, err
		}
		c.State, c.CompletedIn = StateCompleted, c.Version
		return []outbox.Effect{outbox.New(effectSettle, settleArgs{CourseID: c.ID, CompletedIn: c.CompletedIn})}, nil
	})
}
