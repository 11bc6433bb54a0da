package event

import (
	"faellesskab/internal/notify"
	"faellesskab/internal/schedule/herald"
)

// The kinds of news about events.
const (
	NoticePublished notify.Kind = "EVENT_PUBLISHED"
	NoticeCancelled notify.Kind = "EVENT_CANCELLED"
	NoticeMoved     notify.Kind = "EVENT_MOVED"
	NoticeChanged   notify.Kind = "EVENT_CHANGED"
	NoticeReminder  notify.Kind = "EVENT_REMINDER"
	NoticeRestored  notify.Kind = "EVENT_RESTORED"
	NoticeNamed     notify.Kind = "EVENT_CO_ORGANISER"
)

// datedKinds are those that tell of dates.
func datedKinds() herald.Kinds {
	return herald.Kinds{Cancelled: NoticeCancelled, Moved: NoticeMoved, Changed: NoticeChanged, Reminder: NoticeReminder, Family: notify.FamilyEvents,
		Answers: []notify.Action{{Name: "CANCEL_ATTENDANCE", Mutation: "cancelAttendance",
			Input: func(n notify.News) map[string]string {
				return map[string]string{"occurrenceId": dateOf(n)}
			}}}}
}

// noticeKinds are the kinds with their channels and policies.
func noticeKinds() []notify.KindSpec {
	published := notify.KindSpec{Kind: NoticePublished, Default: notify.Push, Family: notify.FamilyEvents, Policy: notify.Policy{ByMembership: true}, Args: publishedArgs{}}
	named := notify.KindSpec{Kind: NoticeNamed, Default: notify.Push, Family: notify.FamilyEvents, Args: namedArgs{}}
	restored := notify.KindSpec{Kind: NoticeRestored, Default: notify.Push, Family: notify.FamilyEvents, Policy: notify.Policy{PassesQuiet: true, PassesBudget: true}, Args: restoredArgs{}}
	return append([]notify.KindSpec{published, restored}, append(append(datedKinds().Specs(), named), hostKinds()...)...)
}

// AudienceAttendees are the people who have a seat at a date, are offered one or are
// in line; its ids are dates.
const AudienceAttendees notify.AudienceKind = "ATTENDEES"

// audiences are the audiences of events.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{s.Booking.AudienceOf(AudienceAttendees, s.Booking.Holders)}
}
