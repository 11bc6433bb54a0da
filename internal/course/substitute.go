package course

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// SubstituteInput is a session, and who stands in for its teachers.
type SubstituteInput struct {
	ClientMutationID *string
	SessionID        string
	PersonID         *string // nil: nobody any more
	ExpectedVersion  *int
}

// Clean checks the input. Returns Problems.
func (in *SubstituteInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.sessionId", sessionPrefix, in.SessionID))
	if in.PersonID != nil {
		p.Add(id.Check("input.personId", id.Person, *in.PersonID))
	}
	return p.Err()
}

// Substitute names who stands in for the teachers at a session, or that nobody does. Only for people with COURSES.
// Returns Forbidden, Problems, NotFound for an unknown session or person, Invalid for a teacher of the course, Conflict
// for a course or a session that is over, and VERSION_CONFLICT.
func (s *Service) Substitute(ctx context.Context, in SubstituteInput) (*Course, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "substituteTeacher", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, CourseOf(in.SessionID), in.ExpectedVersion, func(c *Course) ([]outbox.Effect, error) {
		session := c.session(in.SessionID)
		switch {
		case session == nil:
			return nil, sessionMissing()
		case !c.isChangeable(s.now()):
			return nil, fault.Conflict("course.over")
		case session.IsOver(s.now()):
			return nil, fault.Conflict("course.session.over")
		}
		personID := ""
		if in.PersonID != nil {
			personID = *in.PersonID
			if slices.Contains(c.TeacherIDs, personID) {
				return nil, fault.Invalid("input.personId", "course.teacher.already")
			}
			if err := s.checkPeople(ctx, "input.personId", []string{personID}); err != nil {
				return nil, err
			}
		}
		before := *c
		before.Sessions = slices.Clone(c.Sessions)
		session.SubstituteID = personID
		effects := []outbox.Effect{s.Audit.Effect(ctx, auditSubstitute, in.SessionID, map[string]string{"personId": personID})}
		return append(effects, s.teachersChanged(ctx, &before, c)...), nil
	})
}

func sessionMissing() *fault.Error {
	return &fault.Error{Kind: fault.KindNotFound, Key: "course.session.not_found", Field: "input.sessionId"}
}
