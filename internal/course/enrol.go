package course

import (
	"context"
	"maps"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/page"
)

// Enrol gives the viewer a seat on a course, or puts them in line. Returns Problems, and what
// booking.SignUp returns.
func (s *Service) Enrol(ctx context.Context, in EnrolInput) (*booking.SignedUp, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	p, reply := checkCourse(in.ClientMutationID, in.CourseID), booking.Reply{Answers: in.Answers}
	reply.Check(&p)
	if err := p.Err(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "enrolInCourse", Key: in.ClientMutationID, Input: in}
	return s.Booking.SignUp(ctx, call, booking.Request{BookableID: in.CourseID, Field: "input.courseId", Reply: reply,
		Check: func(ctx context.Context) error { return s.checkPrerequisites(ctx, in.CourseID) }})
}

// Leave gives back the viewer's seat, or their place in line. Returns Problems, and NotFound
// if they have none.
func (s *Service) Leave(ctx context.Context, in LeaveInput) (*booking.Booking, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	if err := checkCourse(in.ClientMutationID, in.CourseID).Err(); err != nil {
		return nil, err
	}
	return s.Booking.GiveUp(ctx, idempotency.Call{Operation: "cancelEnrolment", Key: in.ClientMutationID, Input: in}, in.CourseID)
}

// bookables are those of the courses that the viewer may see, as package booking sees them.
func (s *Service) bookables(ctx context.Context, ids []string) (map[string]*booking.Bookable, error) {
	found, err := s.ByIDs(ctx, ids)
	courses := make(map[string]*booking.Bookable, len(found))
	for courseID, c := range found {
		b := &booking.Bookable{ID: c.ID, State: string(c.State), StartsAt: c.StartsAt, Seats: booking.Seats{Terms: c.Terms}}
		for _, session := range c.Sessions {
			b.Parts = append(b.Parts, booking.DoorPart{ID: session.ID, Start: session.Start(), End: session.End()})
		}
		courses[courseID] = b
	}
	return courses, err
}

// mayRun returns an error unless the viewer decides who comes to a course: NotFound if they may not see it, and
// Forbidden without COURSES.
func (s *Service) mayRun(ctx context.Context, courseID string) error {
	if _, err := s.visible(ctx, courseID); err != nil {
		return err
	}
	_, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses)
	return err
}

// mayTake reports whether a person may take a seat. Courses are for everybody who may sign
// in.
func (s *Service) mayTake(ctx context.Context, _ *booking.Bookable, personID string) (bool, error) {
	found, err := s.People.Load(ctx, []string{personID})
	p := found[personID]
	return p == nil || p.Admits() == nil, err
}

// Own are the viewer's enrolments, newest first.
func (s *Service) Own(ctx context.Context, a page.Args) (*EnrolmentConnection, error) {
	list, err := s.Booking.Own(ctx, id.Course, a)
	if err != nil {
		return nil, err
	}
	return page.Map(list, enrolment), nil
}

// Enrolments are a course's enrolments in one state (CONFIRMED if nil), in the order of
// signing up. Returns Forbidden without COURSES, except for those who teach it now.
func (s *Service) Enrolments(ctx context.Context, c *Course, state *booking.State, a page.Args) (*EnrolmentConnection, error) {
	if !c.isRunBy(auth.FromContext(ctx), s.now()) {
		return nil, auth.Lacking(auth.CapabilityCourses)
	}
	list, err := s.Booking.List(ctx, c.ID, state, a)
	if err != nil {
		return nil, err
	}
	return page.Map(list, enrolment), nil
}

// EnrolmentsByIDs are the enrolments with those ids, by id. People with COURSES see all of
// them, teachers those of their courses, and others their own.
func (s *Service) EnrolmentsByIDs(ctx context.Context, ids []string) (map[string]*Enrolment, error) {
	v := auth.FromContext(ctx)
	found, err := s.Booking.ByIDs(ctx, ids, !v.IsAnonymous())
	if err != nil || v.Can(auth.CapabilityCourses, s.now()) {
		return booking.Map(found, enrolment), err
	}
	var others []string
	for _, b := range found {
		if !b.IsOf(v.PersonID) {
			others = append(others, b.BookableID)
		}
	}
	taught, err := s.taught(ctx, others)
	maps.DeleteFunc(found, func(_ string, b *booking.Booking) bool { return !b.IsOf(v.PersonID) && !taught[b.BookableID] })
	return booking.Map(found, enrolment), err
}
