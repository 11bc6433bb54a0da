package course

import (
	"context"
	"slices"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/schedule/herald"
)

// The kinds of news about courses.
const (
	NoticePublished notify.Kind = "COURSE_PUBLISHED"
	NoticeCancelled notify.Kind = "COURSE_CANCELLED"
	NoticeMoved     notify.Kind = "COURSE_MOVED"
	NoticeChanged   notify.Kind = "COURSE_CHANGED"
	NoticeReminder  notify.Kind = "COURSE_REMINDER"
	NoticeMatched   notify.Kind = "COURSE_MATCHED"

	NoticeSkillsEarned notify.Kind = "SKILLS_EARNED"

	NoticeTeacherNamed       notify.Kind = "COURSE_TEACHER_NAMED"
	NoticeTeacherRemoved     notify.Kind = "COURSE_TEACHER_REMOVED"
	NoticeTeacherSubstituted notify.Kind = "COURSE_TEACHER_SUBSTITUTED"
)

// datedKinds are those that tell of dates.
func datedKinds() herald.Kinds {
	return herald.Kinds{Cancelled: NoticeCancelled, Moved: NoticeMoved, Changed: NoticeChanged, Reminder: NoticeReminder, Family: notify.FamilyCourses,
		GiveUp: notify.Action{Name: "CANCEL_ENROLMENT", Mutation: "cancelEnrolment",
			Input: func(n notify.News) map[string]string { return map[string]string{"courseId": n.Subject} }}}
}

// noticeKinds are the kinds with their channels and policies.
func noticeKinds() []notify.KindSpec {
	return slices.Concat([]notify.KindSpec{{Kind: NoticePublished, Default: notify.Push, Family: notify.FamilyCourses}}, datedKinds().Specs(),
		[]notify.KindSpec{
			{Kind: NoticeMatched, Default: notify.Inbox, Family: notify.FamilyCourses, Attention: notify.AttentionQuiet},
			{Kind: NoticeSkillsEarned, Default: notify.Push, Family: notify.FamilyCourses}}, teacherKinds())
}

// AudienceEnrolled are the people who have a seat on a course, are offered one or are
// in line; its ids are courses.
const AudienceEnrolled notify.AudienceKind = "ENROLLED"

// audiences are the audiences of courses.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{s.Booking.AudienceOf(AudienceEnrolled, s.Booking.Holders), s.audienceOfStaff(), s.audienceOfMeant()}
}

// subjects lets news be about courses.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Course, State: s.subjectState, States: notify.AllByIDs(s.store.byIDs, s.stateOf),
		Visible: func(ctx context.Context, courseID string) error {
			_, err := s.Get(ctx, courseID)
			return err
		}}}
}

// subjectState is the present state of a course and of a piece of news about it.
func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	c, err := s.store.get(ctx, n.Subject)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	return s.stateOf(c, n)
}

func (s *Service) stateOf(c *Course, n notify.News) (notify.SubjectState, error) {
	want := StatePublished
	switch n.Kind {
	case NoticeTeacherNamed, NoticeTeacherRemoved, NoticeTeacherSubstituted:
		return c.stateOfTeaching(n)
	case NoticeCancelled:
		want = StateCancelled
	case NoticeSkillsEarned:
		return notify.SubjectState{Alive: c.State == StateCompleted}, nil // its words stay true
	}
	switch {
	case c.State == want:
	case c.State == StateCancelled:
		return notify.SubjectState{Now: "cancelled"}, nil
	default:
		return notify.SubjectState{ExpiresAt: &c.EndsAt}, nil
	}
	now := notify.SubjectState{Alive: true, Words: c.words(), ExpiresAt: &c.EndsAt}
	switch n.Kind {
	case booking.NoticeSeatGranted, booking.NoticeSeatOffered, booking.NoticeRequested, booking.NoticeApproved, NoticeMatched:
		now.ExpiresAt = &c.StartsAt
	}
	return s.herald.State(c.thing(), n, now)
}
