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

	NoticeLacksPeople notify.Kind = "COURSE_LACKS_PEOPLE"
	NoticeHeld        notify.Kind = "COURSE_HELD"
	NoticeReopened    notify.Kind = "COURSE_REOPENED"

	NoticeSkillsEarned notify.Kind = "SKILLS_EARNED"

	NoticeTeacherNamed       notify.Kind = "COURSE_TEACHER_NAMED"
	NoticeTeacherRemoved     notify.Kind = "COURSE_TEACHER_REMOVED"
	NoticeTeacherSubstituted notify.Kind = "COURSE_TEACHER_SUBSTITUTED"
)

// datedKinds are those that tell of dates.
func datedKinds() herald.Kinds {
	return herald.Kinds{Cancelled: NoticeCancelled, Moved: NoticeMoved, Changed: NoticeChanged, Reminder: NoticeReminder, Family: notify.FamilyCourses,
		Answers: []notify.Action{{Name: "DECLINE_SESSION", Mutation: "declineSession", Input: declines}, {Name: "CANCEL_ENROLMENT", Mutation: "cancelEnrolment", Input: givesUp}}}
}

// declines is what somebody says who cannot come to the session of a reminder; nil if the course has no other.
func declines(n notify.News) map[string]string {
	var a notify.ReminderArgs
	if n.Args.Decode(&a) != nil || a.Part == "" {
		return nil
	}
	return map[string]string{"sessionId": a.Part}
}

// givesUp is what somebody says who cannot come to the only session; nil if there are others, which they would give up too.
func givesUp(n notify.News) map[string]string {
	if declines(n) != nil {
		return nil
	}
	return map[string]string{"courseId": n.Subject}
}

// noticeKinds are the kinds with their channels and policies.
func noticeKinds() []notify.KindSpec {
	return slices.Concat([]notify.KindSpec{{Kind: NoticePublished, Default: notify.Push, Family: notify.FamilyCourses}}, datedKinds().Specs(),
		[]notify.KindSpec{
			{Kind: NoticeMatched, Default: notify.Inbox, Family: notify.FamilyCourses, Attention: notify.AttentionQuiet},
			{Kind: NoticeSkillsEarned, Default: notify.Push, Family: notify.FamilyCourses, Args: learnedArgs{}},
			{Kind: NoticeLacksPeople, Default: notify.Push, Family: notify.FamilyRequests, Policy: notify.Policy{PassesBudget: true}, Actions: decisions()},
			{Kind: NoticeHeld, Default: notify.Push, Family: notify.FamilyCourses, Attention: notify.AttentionQuiet},
			{Kind: NoticeReopened, Default: notify.Push, Family: notify.FamilyCourses}}, teacherKinds())
}

// decisions are the answers to whether a course is held that lacks people. It is moved where its sessions are edited.
func decisions() []notify.Action {
	course := func(n notify.News) map[string]string { return map[string]string{"courseId": n.Subject} }
	return []notify.Action{{Name: "HOLD_COURSE", Mutation: "holdCourse", Input: course}, {Name: "CANCEL_COURSE", Mutation: "cancelCourse", Input: course}}
}

// AudienceTookPart are the people who have a seat on a course, also those of whom it is recorded whether they came; its ids are
// courses.
const AudienceTookPart notify.AudienceKind = "COURSE_TOOK_PART"

func (s *Service) tookPart(ctx context.Context, courseID, after string, limit int) ([]booking.Booking, error) {
	return s.Booking.InStates(ctx, courseID, []booking.State{booking.Confirmed, booking.Attended, booking.NoShow}, after, limit)
}

// AudienceEnrolled are the people who have a seat on a course, are offered one or are
// in line; its ids are courses.
const AudienceEnrolled notify.AudienceKind = "ENROLLED"

// audiences are the audiences of courses.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{s.Booking.AudienceOf(AudienceEnrolled, s.Booking.Holders), s.Booking.AudienceOf(AudienceTookPart, s.tookPart), s.audienceOfStaff(), s.audienceOfMeant(),
		s.audienceOfTeachers(), s.audienceAtSession()}
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
		var a learnedArgs
		err := n.Args.Decode(&a)
		return notify.SubjectState{Alive: c.isCompleted(a.CompletedIn)}, err // its words stay true
	case NoticeReopened:
		return notify.SubjectState{Alive: c.State == StatePublished}, nil // so do these
	case NoticeLacksPeople:
		return notify.SubjectState{Alive: c.isAsked(), ExpiresAt: &c.EndsAt}, nil
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
