package course

import (
	"context"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Record records who attended a session, and replaces an earlier record. Only for people
// with COURSES, teachers, and the substitute of that session. Returns Forbidden, Problems, NotFound for an unknown session or a person
// without a seat, and Conflict for a course that is not published and for a session that
// begins in more than two hours.
func (s *Service) Record(ctx context.Context, in RecordInput) (*Course, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "recordCourseAttendance", Key: in.ClientMutationID, Input: in,
		On: []outbox.Ref{{Collection: courses, ID: CourseOf(in.SessionID)}}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Course, error) {
		for range 5 {
			c, err := s.recordable(ctx, in.SessionID)
			if err != nil {
				return nil, err
			}
			if err := s.finishUndoing(ctx, c); err != nil {
				return nil, err
			}
			err = s.Booking.Record(ctx, booking.Attendance{BookableID: c.ID, Part: in.SessionID, PersonIDs: in.PersonIDs,
				Version: c.Version, Last: c.RollCalls[in.SessionID], Erasures: c.Erasures},
				append(t.Outcome(c), s.Audit.Effect(ctx, auditRecord, in.SessionID, map[string]string{"people": strconv.Itoa(len(in.PersonIDs))})))
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

// recordable is the course of a session whose attendance the viewer may record now. Returns NotFound
// for an unknown session, Forbidden, and Conflict for a course that is not published and for a session
// that is still ahead.
func (s *Service) recordable(ctx context.Context, sessionID string) (*Course, error) {
	c, err := s.visible(ctx, CourseOf(sessionID))
	if err != nil {
		return nil, err
	}
	session := c.session(sessionID)
	if !c.isLedBy(auth.FromContext(ctx), session, s.now()) {
		return nil, auth.Lacking(auth.CapabilityCourses)
	}
	switch {
	case c.State == StateDraft:
		return nil, fault.Conflict("course.draft")
	case c.State != StatePublished:
		return nil, fault.Conflict("course.over")
	case session == nil:
		return nil, sessionMissing()
	case !session.isRecordable(s.now()):
		return nil, fault.Conflict("course.session.ahead")
	}
	return c, nil
}
