package course

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Record records who attended a session, and replaces an earlier record. Only for people
// with COURSES. Returns Forbidden, Problems, NotFound for an unknown session or a person
// without a seat, and Conflict for a course that is not published and for a session that
// begins in more than two hours.
func (s *Service) Record(ctx context.Context, in RecordInput) (*Course, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "recordCourseAttendance", Key: in.ClientMutationID, Input: in,
		On: []outbox.Ref{{Collection: courses, ID: courseOf(in.SessionID)}}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Course, error) {
		for range 5 {
			c, err := s.recordable(ctx, in.SessionID)
			if err != nil {
				return nil, err
			}
			err = s.Booking.Record(ctx, booking.Attendance{BookableID: c.ID, Part: in.SessionID, PersonIDs: in.PersonIDs,
				Version: c.Version, Last: c.RollCalls[in.SessionID], Erasures: c.Erasures}, t.Outcome(c))
			if fault.HasCode(err, fault.CodeVersionConflict) {
				continue // the course has changed since it was read
			}
			if fault.Is(err, fault.KindNotFound) {
				err = &fault.Error{Kind: fault.KindNotFound, Key: "course.not_enrolled", Field: "input.personIds"}
			}
			return c, err
		}
		return nil, fault.Unavailable("booking.busy", nil)
	})
}

// recordable is the course of a session whose attendance may be recorded now. Returns NotFound
// for an unknown session, and Conflict for a course that is not published and for a session
// that is still ahead.
func (s *Service) recordable(ctx context.Context, sessionID string) (*Course, error) {
	c, err := s.visible(ctx, courseOf(sessionID))
	if err != nil {
		return nil, err
	}
	switch session := c.session(sessionID); {
	case c.State == StateDraft:
		return nil, fault.Conflict("course.draft")
	case c.State != StatePublished:
		return nil, fault.Conflict("course.over")
	case session == nil:
		return nil, &fault.Error{Kind: fault.KindNotFound, Key: "course.session.not_found", Field: "input.sessionId"}
	case !session.isRecordable(s.now()):
		return nil, fault.Conflict("course.session.ahead")
	}
	return c, nil
}
