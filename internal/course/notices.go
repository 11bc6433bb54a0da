package course

import (
	"context"

	"faellesskab/internal/booking"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// The kinds of news about courses.
const (
	NoticePublished notify.Kind = "COURSE_PUBLISHED"
	NoticeCancelled notify.Kind = "COURSE_CANCELLED"
	NoticeMoved     notify.Kind = "COURSE_MOVED"
	NoticeChanged   notify.Kind = "COURSE_CHANGED"
	NoticeReminder  notify.Kind = "COURSE_REMINDER"
	NoticeMatched   notify.Kind = "COURSE_MATCHED"
)

// noticeKinds are the kinds with their channels and policies.
func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticePublished, Default: notify.Push},
		{Kind: NoticeCancelled, Default: notify.Push, Policy: notify.Policy{PassesQuiet: true, PassesBudget: true}},
		{Kind: NoticeMoved, Default: notify.Push, Policy: notify.Policy{PassesQuiet: true, PassesBudget: true}, Args: changeArgs{}},
		{Kind: NoticeChanged, Default: notify.Inbox, Args: changeArgs{}},
		{Kind: NoticeReminder, Default: notify.Push, Policy: notify.Policy{PassesBudget: true, Fleeting: true, Reminds: true}, Args: notify.ReminderArgs{}},
		{Kind: NoticeMatched, Default: notify.Inbox},
	}
}

// AudienceEnrolled are the people who have a place on a course, are offered one or are
// in line; its ids are courses.
const AudienceEnrolled notify.AudienceKind = "ENROLLED"

// audiences are the audiences of courses.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{booking.AudienceOf(AudienceEnrolled, s.Booking.Holders, s.Booking.Placed)}
}

// subjects lets news be about courses.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Course, State: s.subjectState, Visible: func(ctx context.Context, courseID string) error {
		_, err := s.Get(ctx, courseID)
		return err
	}}}
}
