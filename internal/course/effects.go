package course

import (
	"context"

	"faellesskab/internal/booking"
	"faellesskab/internal/certificate"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/timer"
)

// The kinds of effects of this package.
const (
	effectMoved    = "course.moved"     // the bookings follow the first session
	effectCapacity = "course.capacity"  // the seats follow the capacity
	effectSettle   = "course.settle"    // the enrolments follow the end of the course
	effectLineEnds = "course.line_ends" // the line of a course that does not happen ends
)

// EffectScheduled says that a course is published, or that its sessions may have changed. Reminders follow, and what comes
// after a session.
const EffectScheduled = "course.remind"

// Scheduled is the course of EffectScheduled.
type Scheduled struct{ CourseID string }

type movedArgs struct{ CourseID string }

type capacityArgs struct {
	CourseID string
	Capacity *int
	Version  int // the course's
}

type settleArgs struct {
	CourseID    string
	CompletedIn int // see Course.CompletedIn; nothing else has it
}

func (s *Service) registerEffects() {
	timer.On(s.Timers, timerHeadStart, s.tellOthers)
	outbox.On(s.Outbox, effectMoved, "course.places", func(ctx context.Context, _ outbox.Call, a movedArgs) error {
		if err := s.Booking.FollowStart(ctx, a.CourseID); err != nil {
			return err
		}
		return s.Booking.Promote(ctx, a.CourseID) // free seats wait less long if the start is nearer
	})
	outbox.On(s.Outbox, effectCapacity, "course.seats", func(ctx context.Context, _ outbox.Call, a capacityArgs) error {
		c, err := s.store.get(ctx, a.CourseID)
		if err != nil {
			return err
		}
		return s.Booking.SetSeats(ctx, a.CourseID, a.Capacity, c.terms(), a.Version)
	})
	outbox.On(s.Outbox, EffectScheduled, "course.reminders", func(ctx context.Context, _ outbox.Call, a Scheduled) error {
		c, err := s.store.get(ctx, a.CourseID)
		if err != nil {
			return err
		}
		return s.herald.SetReminders(ctx, c.thing())
	})
	outbox.On(s.Outbox, person.EffectWishes, "course.matches", func(ctx context.Context, _ outbox.Call, w person.Wishes) error {
		return s.match(ctx, w)
	})
	outbox.On(s.Outbox, effectLineEnds, "course.line", func(ctx context.Context, _ outbox.Call, a settleArgs) error {
		return s.Booking.EndLine(ctx, a.CourseID)
	})
	outbox.On(s.Outbox, effectSettle, "course.enrolments", func(ctx context.Context, _ outbox.Call, a settleArgs) error {
		return s.settle(ctx, a)
	})
	outbox.On(s.Outbox, effectUnsettle, "course.undone", func(ctx context.Context, _ outbox.Call, a settleArgs) error {
		return s.unsettle(ctx, a, false)
	})
}

// settle goes through the people who had a seat. Those who attended enough sessions get the
// skills and the state ATTENDED, and others get NO_SHOW. Skills are given before the state is
// written, so that a person whose state is written has their skills. If the completion is undone
// meanwhile, what was given is taken back.
func (s *Service) settle(ctx context.Context, a settleArgs) error {
	c, err := s.store.get(ctx, a.CourseID)
	if err != nil {
		return err
	}
	if c.isCompleted(a.CompletedIn) {
		if err := s.settleAll(ctx, c); err != nil {
			return err
		}
		if c, err = s.store.get(ctx, a.CourseID); err != nil {
			return err
		}
	}
	if c.isCompleted(a.CompletedIn) {
		return nil
	}
	return s.unsettle(ctx, a, true)
}

func (s *Service) settleAll(ctx context.Context, c *Course) error {
	if err := s.Booking.EndLine(ctx, c.ID); err != nil {
		return err
	}
	a, err := s.award(ctx, c)
	if err != nil {
		return err
	}
	return s.Booking.Settle(ctx, c.ID, c.CompletedIn, func(ctx context.Context, b *booking.Booking) (bool, error) {
		return s.settleOne(ctx, c, a, b)
	})
}

// settleOne reports whether a person attended enough sessions, and then gives them the
// skills and, if the course gives certificates, the certificate, and tells them of both at once.
func (s *Service) settleOne(ctx context.Context, c *Course, a *certificate.Award, b *booking.Booking) (enough bool, err error) {
	if !c.IsEnough(c.Attended(enrolment(b))) {
		return false, nil
	}
	if b.PersonID == "" {
		return true, nil // nobody's, since its person has been erased
	}
	var learned []string
	for _, skillID := range c.SkillIDs {
		grant := person.SkillGrant{CourseID: c.ID, At: s.now()}
		isNew, err := s.People.GrantSkill(ctx, b.PersonID, skillID, grant)
		if err != nil {
			return false, err
		}
		if isNew {
			learned = append(learned, skillID)
		}
	}
	if err := s.Wishes.Fulfilled(ctx, c.ID, b.PersonID); err != nil {
		return false, err
	}
	if a != nil {
		return true, s.issue(ctx, *a, c, b)
	}
	return true, s.tellLearned(ctx, c, b.PersonID, learned)
}
