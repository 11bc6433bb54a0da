package course

import (
	"context"
	"reflect"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
)

const (
	// maxTeachers is how many people teach a course.
	maxTeachers = 20
	// teachAfter is how long after the last session those who taught a completed course still see who came.
	teachAfter = 30 * 24 * time.Hour
	// standInAround is how long before and after their session a substitute may do what a teacher may.
	standInAround = 24 * time.Hour
)

func cleanTeachers(p *fault.Problems, list []string) []string {
	return id.Clean(p, "input.teacherIds", list, id.Limits{Prefix: id.Person, Max: maxTeachers})
}

// dismiss takes teachers from a course that has ended, so that they no longer see who was there. Nothing else of such a course
// changes. Returns Conflict for any other edit.
func (s *Service) dismiss(ctx context.Context, in UpdateInput, c *Course) ([]outbox.Effect, error) {
	var p fault.Problems
	left := cleanTeachers(&p, in.TeacherIDs.Value())
	rest := UpdateInput{ClientMutationID: in.ClientMutationID, CourseID: in.CourseID, ExpectedVersion: in.ExpectedVersion, TeacherIDs: in.TeacherIDs}
	if !c.takesPlace() || !in.TeacherIDs.IsSet() || !reflect.DeepEqual(in, rest) || len(without(left, c.TeacherIDs)) > 0 {
		return nil, fault.Conflict("course.over")
	}
	before := *c
	c.TeacherIDs = left
	return s.teachersChanged(ctx, &before, c), p.Err()
}

// setTeaching gathers those who teach the course, or stand in at a session, into one list, because an index
// can hold only one.
func (c *Course) setTeaching() {
	c.Teaching = slices.Clone(c.TeacherIDs)
	for _, s := range c.Sessions {
		if s.SubstituteID != "" {
			c.Teaching = append(c.Teaching, s.SubstituteID)
		}
	}
	slices.Sort(c.Teaching)
	c.Teaching = slices.Compact(c.Teaching)
}

// dropDoubles lets nobody stand in for themselves: whoever becomes a teacher of the course is no substitute any more.
func (c *Course) dropDoubles() {
	for i := range c.Sessions {
		if slices.Contains(c.TeacherIDs, c.Sessions[i].SubstituteID) {
			c.Sessions[i].SubstituteID = ""
		}
	}
}

// isTaught reports whether those who teach the course may do so at an instant.
func (c *Course) isTaught(now time.Time) bool {
	return c.State == StatePublished || c.State == StateCompleted && now.Before(c.EndsAt.Add(teachAfter))
}

// teaches reports whether the viewer is one of the teachers, and may teach the course at an instant.
func (c *Course) teaches(v auth.Viewer, now time.Time) bool {
	return !v.IsAnonymous() && c.isTaught(now) && slices.Contains(c.TeacherIDs, v.PersonID)
}

// standsIn reports whether the viewer may teach a session of the course at an instant, in place of its teachers.
func (c *Course) standsIn(v auth.Viewer, s *Session, now time.Time) bool {
	return !v.IsAnonymous() && c.isTaught(now) && s.SubstituteID == v.PersonID &&
		!now.Before(s.StartsAt.Add(-standInAround)) && now.Before(s.EndsAt.Add(standInAround))
}

// canTeach reports whether the viewer may teach the course, or one of its sessions, at an instant.
func (c *Course) canTeach(v auth.Viewer, now time.Time) bool {
	return c.teaches(v, now) || slices.ContainsFunc(c.Sessions, func(s Session) bool { return c.standsIn(v, &s, now) })
}

// isRunBy reports whether the viewer may see who is enrolled and write to them: people with COURSES, and those who
// teach the course at that instant.
func (c *Course) isRunBy(v auth.Viewer, now time.Time) bool {
	return v.Can(auth.CapabilityCourses, now) || c.canTeach(v, now)
}

// isLedBy reports whether the viewer may record who is at a session (nil: one that the course does not have).
func (c *Course) isLedBy(v auth.Viewer, s *Session, now time.Time) bool {
	return v.Can(auth.CapabilityCourses, now) || c.teaches(v, now) || s != nil && c.standsIn(v, s, now)
}

// hasLed reports whether the viewer runs the course, teaches it, or stands in, or stood in, at that session. Whoever taught sees
// what people say of it afterwards, and a substitute of no other session.
func (c *Course) hasLed(v auth.Viewer, sessionID string, now time.Time) bool {
	session := c.session(sessionID)
	isSubstitute := !v.IsAnonymous() && session != nil && c.takesPlace() && session.SubstituteID == v.PersonID
	return isSubstitute || v.Can(auth.CapabilityCourses, now) || c.teaches(v, now)
}

// ledBy are the sessions to which the viewer lets people in, if not to all; nil: to all.
func (c *Course) ledBy(v auth.Viewer, now time.Time) []string {
	if v.Can(auth.CapabilityCourses, now) || c.teaches(v, now) {
		return nil
	}
	own := []string{}
	for i := range c.Sessions {
		if c.standsIn(v, &c.Sessions[i], now) {
			own = append(own, c.Sessions[i].ID)
		}
	}
	return own
}

// canAsTeacher are the actions of those who may teach the course; people with COURSES have some of them anyway.
func (c *Course) canAsTeacher(v auth.Viewer, now time.Time) []Action {
	if !c.isRunBy(v, now) {
		return nil
	}
	can := []Action{ActionTeach}
	if c.State == StatePublished && c.isRecordable(v, now) {
		can = append(can, ActionRecordAttendance)
	}
	return append(can, ActionViewEnrolments, ActionMessage)
}

// taught tells which of these courses the viewer may teach now.
func (s *Service) taught(ctx context.Context, courseIDs []string) (map[string]bool, error) {
	if len(courseIDs) == 0 {
		return nil, nil
	}
	slices.Sort(courseIDs)
	found, err := s.ByIDs(ctx, slices.Compact(courseIDs))
	may := make(map[string]bool, len(found))
	for courseID, c := range found {
		may[courseID] = c.canTeach(auth.FromContext(ctx), s.now())
	}
	return may, err
}

// checkTeachers returns NotFound for people who do not exist or may not sign in. Whoever taught the course before stays,
// since an edit of something else need not care.
func (s *Service) checkTeachers(ctx context.Context, ids, had []string) error {
	named := slices.DeleteFunc(slices.Clone(ids), func(personID string) bool { return slices.Contains(had, personID) })
	return s.checkPeople(ctx, "input.teacherIds", named)
}

func (s *Service) checkPeople(ctx context.Context, field string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := s.People.Load(ctx, ids)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(ids, func(personID string) bool { return !isThere(found[personID]) }) {
		return &fault.Error{Kind: fault.KindNotFound, Key: "person.not_found", Field: field}
	}
	return nil
}

func isThere(p *person.Person) bool { return p != nil && p.Admits() == nil }

// TeacherIDs are the ids of those who teach the course of the session.
func (s *Session) TeacherIDs() []string {
	if s.of == nil {
		return nil
	}
	return s.of.TeacherIDs
}
