package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
)

// CopyInput is a course to be made anew.
type CopyInput struct {
	ClientMutationID *string
	CourseID         string
	StartsAt         clock.Local
}

// Copy writes a draft that is like a course, whose first session starts at another time and whose other sessions lie as far
// from it by the clock on the wall. It has nothing of people. Only for people with COURSES. Returns Forbidden, Problems and
// NotFound.
func (s *Service) Copy(ctx context.Context, in CopyInput) (*Course, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	if err := checkCourse(in.ClientMutationID, in.CourseID).Err(); err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: courses, ID: s.Keys.NewID(ctx, in.ClientMutationID, id.Course)}
	call := idempotency.Call{Operation: "copyCourse", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Course, error) {
		from, err := s.visible(ctx, in.CourseID)
		if err != nil {
			return nil, err
		}
		c, err := from.copyTo(ref.ID, in.StartsAt, s.now())
		if err != nil {
			return nil, err
		}
		if err := s.dropRetired(ctx, c); err != nil {
			return nil, err
		}
		return c, s.make(ctx, ref, c, from.Capacity, t)
	})
}

// make writes a new draft.
func (s *Service) make(ctx context.Context, ref outbox.Ref, c *Course, capacity *int, t idempotency.Token) error {
	c.State, c.CreatedAt, c.Version = StateDraft, s.now(), 1
	c.Asked.Name(c.ID, c.Version)
	c.Seats = booking.NewSeats(capacity).With(c.terms())
	c.setFacets()
	c.setTeaching()
	return s.Outbox.Commit(ctx, ref, t.Outcome(c), func(b outbox.Batch) error {
		c.Pending = b.Pending()
		return s.store.insert(ctx, c)
	})
}

// copyTo is a draft like the course that starts then. Returns Problems.
func (c *Course) copyTo(courseID string, startsAt clock.Local, now time.Time) (*Course, error) {
	var p fault.Problems
	by := startsAt.Since(c.Sessions[0].StartsAtLocal)
	copied := &Course{ID: courseID, Titles: c.Titles, Descriptions: c.Descriptions, SkillIDs: c.SkillIDs, AreaIDs: c.AreaIDs, TimeZone: c.TimeZone,
		Offsets: c.Offsets, Asked: c.Asked.Copy(), Rules: c.Rules}
	for i, s := range c.Sessions {
		session := Session{Date: s.movedBy(&p, by), Place: s.Place, Offsets: s.Offsets}
		if i == 0 && len(p) == 0 && !session.StartsAt.After(now) {
			p.Add(fault.Invalid("input.startsAt", "time.past"))
		}
		copied.Sessions = append(copied.Sessions, session)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	copied.nameSessions()
	copied.Rule.SessionIDs = nil
	for i, s := range c.Sessions {
		if slices.Contains(c.Rule.SessionIDs, s.ID) {
			copied.Rule.SessionIDs = append(copied.Rule.SessionIDs, copied.Sessions[i].ID)
		}
	}
	copied.sortSessions()
	copied.decideLater(c, by, now)
	return copied, nil
}

// movedBy is the date that much later by the clock on the wall. What is wrong is noted at the start that was asked for.
func (s *Session) movedBy(p *fault.Problems, by time.Duration) schedule.Date {
	var wrong fault.Problems
	wall := schedule.Wall{StartsAt: s.StartsAtLocal.Plus(by), EndsAt: s.EndsAtLocal.Plus(by), TimeZone: s.TimeZone}
	date := wall.Date(&wrong, "", schedule.Limits{Longest: maxSession, TooLong: fault.Invalid("", "course.session.long")})
	for _, problem := range wrong {
		p.AddAt("input.startsAt", problem)
	}
	return date
}

// decideLater moves the decision of the course that was copied as well; there is none if it would lie in the past.
func (c *Course) decideLater(from *Course, by time.Duration, now time.Time) {
	minimum := c.Minimum
	c.Minimum, c.DecideBy, c.Standing = nil, nil, nil
	if minimum == nil {
		return
	}
	at, err := from.DecideByLocal().Plus(by).Shown(c.TimeZone).In(c.TimeZone)
	if err != nil || !at.After(now) || !at.Before(c.StartsAt) {
		return
	}
	waiting := StandingWaiting
	c.Minimum, c.DecideBy, c.Standing = minimum, &at, &waiting
}

// dropRetired leaves out skills that nothing new refers to.
func (s *Service) dropRetired(ctx context.Context, c *Course) error {
	skills, err := s.Skills.ByIDs(ctx, slices.Concat(c.SkillIDs, c.PrerequisiteSkillIDs))
	isGone := func(skillID string) bool { return skills[skillID] == nil || skills[skillID].IsRetired }
	c.SkillIDs = slices.DeleteFunc(slices.Clone(c.SkillIDs), isGone)
	c.PrerequisiteSkillIDs = slices.DeleteFunc(slices.Clone(c.PrerequisiteSkillIDs), isGone)
	return err
}
