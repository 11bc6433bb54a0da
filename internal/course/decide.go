package course

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// timerDecide is the kind of the timers that find out whether enough people take part in a course.
const timerDecide = "course.decide"

type decideArgs struct {
	CourseID string
	DecideBy time.Time
}

// decideEffect sets the timer for the instant at which it is decided; none if it is decided already, or never. Where staff were
// asked and are content with as many people as there are, the course is held.
func (s *Service) decideEffect(ctx context.Context, before, c *Course) []outbox.Effect {
	switch {
	case c.isAsked() && before.Minimum != nil && *c.Minimum < *before.Minimum && c.SeatsTaken >= *c.Minimum:
		return []outbox.Effect{s.held(ctx, c)}
	case c.State != StatePublished || !c.isWaiting():
		return nil
	}
	key := notify.Key(c.ID, "decide", strconv.FormatInt(c.DecideBy.UnixMilli(), 10))
	return []outbox.Effect{timer.Effect(timer.New(key, timerDecide, *c.DecideBy, decideArgs{CourseID: c.ID, DecideBy: *c.DecideBy}))}
}

// decide finds out at decideBy whether enough people have a seat. If so the course is held; otherwise staff are asked. A
// decision that has been moved or taken meanwhile is left alone.
func (s *Service) decide(ctx context.Context, a decideArgs) error {
	_, err := fault.Again(func() (*Course, error) {
		c, err := s.store.get(ctx, a.CourseID)
		if err != nil {
			return nil, fault.UnlessNotFound(err)
		}
		if c.State != StatePublished || !c.isWaiting() || !c.DecideBy.Equal(a.DecideBy) || c.hasEnded(s.now()) {
			return c, nil
		}
		c.Version++
		c.ChangedAt = s.now()
		var news outbox.Effect
		if c.SeatsTaken >= *c.Minimum {
			news = s.held(ctx, c)
		} else {
			news = s.lacksPeople(ctx, c)
		}
		return c, s.Outbox.Commit(ctx, outbox.Ref{Collection: courses, ID: c.ID}, []outbox.Effect{news}, func(b outbox.Batch) error {
			return s.store.update(ctx, c, b)
		})
	})
	return err
}

// held lets the course be held, and tells everybody who has enrolled.
func (s *Service) held(ctx context.Context, c *Course) outbox.Effect {
	held := StandingHeld
	c.Standing = &held
	return notify.Effect(s.herald.Cause(ctx, c.thing(), NoticeHeld, "held", notify.AudienceOf{Kind: booking.AudienceConcerned, IDs: []string{c.ID}}))
}

// lacksPeople asks staff what becomes of the course.
func (s *Service) lacksPeople(ctx context.Context, c *Course) outbox.Effect {
	asked := StandingAsked
	c.Standing = &asked
	cause := s.herald.Cause(ctx, c.thing(), NoticeLacksPeople, "lacks_people", notify.AudienceOf{Kind: AudienceStaff, IDs: []string{c.ID}})
	cause.Data["People"], cause.Data["Minimum"] = strconv.Itoa(c.SeatsTaken), strconv.Itoa(*c.Minimum)
	return notify.Effect(cause)
}

// isAsked reports whether staff are asked whether the course is held.
func (c *Course) isAsked() bool {
	return c.State == StatePublished && c.Standing != nil && *c.Standing == StandingAsked
}

// isUndecided reports whether it can be decided that the course is held.
func (c *Course) isUndecided(now time.Time) bool {
	return c.State == StatePublished && !c.hasEnded(now) && c.Standing != nil && *c.Standing != StandingHeld
}

// Hold decides that a course is held, however many people take part. Only for people with COURSES. Returns Forbidden,
// Problems, NotFound, Conflict if there is nothing to decide, and VERSION_CONFLICT.
func (s *Service) Hold(ctx context.Context, in HoldInput) (*Course, error) {
	if err := checkCourse(in.ClientMutationID, in.CourseID).Err(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "holdCourse", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.CourseID, in.ExpectedVersion, func(c *Course) ([]outbox.Effect, error) {
		switch {
		case c.State == StateDraft:
			return nil, fault.Conflict("course.draft")
		case c.State != StatePublished || c.hasEnded(s.now()):
			return nil, fault.Conflict("course.over")
		case c.Standing == nil:
			return nil, fault.Conflict("course.decide.nothing")
		case *c.Standing == StandingHeld:
			return nil, fault.Conflict("course.decide.held")
		}
		return []outbox.Effect{s.held(ctx, c)}, nil
	})
}

// HoldInput is a course to be held.
type HoldInput struct {
	ClientMutationID *string
	CourseID         string
	ExpectedVersion  *int
}
