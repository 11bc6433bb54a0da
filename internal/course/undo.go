package course

import (
	"context"

	"faellesskab/internal/booking"
	"faellesskab/internal/certificate"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
)

// UndoCompletionInput is a course whose completion is undone.
type UndoCompletionInput struct {
	ClientMutationID *string
	CourseID         string
	Reason           string
	ExpectedVersion  *int
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *UndoCompletionInput) Clean() error {
	p := checkCourse(in.ClientMutationID, in.CourseID)
	p.Add(certificate.CheckPublic("input.reason", in.Reason))
	in.Reason = text.Clean(&p, "input.reason", in.Reason, text.Limits{Min: 1, Max: 500, Lines: true})
	return p.Err()
}

// UndoCompletion lets a completed course be published again, takes back what it gave, and tells people why. Only for people
// with COURSES. Returns Forbidden, Problems, NotFound, Conflict if it is not completed, and VERSION_CONFLICT.
func (s *Service) UndoCompletion(ctx context.Context, in UndoCompletionInput) (*Course, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "undoCourseCompletion", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.CourseID, in.ExpectedVersion, func(c *Course) ([]outbox.Effect, error) {
		if c.State != StateCompleted {
			return nil, fault.Conflict("course.not_completed")
		}
		c.State, c.UndoneReason = StatePublished, in.Reason
		cause := s.herald.Cause(ctx, c.thing(), NoticeReopened, "reopened", notify.AudienceOf{Kind: AudienceTookPart, IDs: []string{c.ID}})
		cause.Data["Reason"], cause.ExpiresAt, cause.TurnsUpAt = in.Reason, nil, nil // it is worth a push after the last session
		return []outbox.Effect{outbox.New(effectUnsettle, settleArgs{CourseID: c.ID, CompletedIn: c.CompletedIn}), notify.Effect(cause),
			s.Audit.Effect(ctx, call.Operation, c.ID, map[string]string{"reason": in.Reason})}, nil
	})
}

// effectUnsettle takes back what the completion of a course gave.
const effectUnsettle = "course.unsettle"

// isCompleted reports whether the course stands completed by that completion.
func (c *Course) isCompleted(in int) bool { return c.State == StateCompleted && c.CompletedIn == in }

// gives reports whether the completion in which the course stands gives somebody its skills, or has given them.
func (c *Course) gives(b *booking.Booking) bool {
	return b.State == booking.Attended || b.State == booking.Confirmed && c.IsEnough(c.Attended(enrolment(b)))
}

// finishUndoing takes back what the last completion of a course that is published again gave, if a crash has kept that from
// happening. Otherwise nobody could tell it from what the next one gives.
func (s *Service) finishUndoing(ctx context.Context, c *Course) error {
	if c.State != StatePublished || c.CompletedIn == 0 {
		return nil
	}
	return s.unsettle(ctx, settleArgs{CourseID: c.ID, CompletedIn: c.CompletedIn}, false)
}

// unsettle takes back what a completion gave: the certificates, the skills, and then the state of each enrolment. What a later completion
// has given stays. With all it also looks at enrolments of which this is known already.
func (s *Service) unsettle(ctx context.Context, a settleArgs, all bool) error {
	c, err := s.store.get(ctx, a.CourseID)
	if err != nil {
		return err
	}
	if err := s.Certificates.RevokeOf(ctx, c.ID, a.CompletedIn, c.UndoneReason); err != nil {
		return err
	}
	return s.Booking.Unsettle(ctx, a.CourseID, a.CompletedIn, all, func(ctx context.Context, b *booking.Booking) error {
		if b.PersonID == "" || c.State == StateCompleted && c.gives(b) {
			return nil
		}
		for _, skillID := range c.SkillIDs {
			if err := s.People.TakeBackSkill(ctx, b.PersonID, skillID, c.ID); err != nil {
				return err
			}
		}
		return s.Wishes.Unfulfilled(ctx, c.ID, b.PersonID)
	})
}
