package event

import (
	"context"

	"faellesskab/internal/booking"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// The kinds of news about events.
const (
	NoticePublished notify.Kind = "EVENT_PUBLISHED"
	NoticeCancelled notify.Kind = "EVENT_CANCELLED"
	NoticeMoved     notify.Kind = "EVENT_MOVED"
	NoticeChanged   notify.Kind = "EVENT_CHANGED"
	NoticeReminder  notify.Kind = "EVENT_REMINDER"
)

// noticeKinds are the kinds with their channels and policies.
func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticePublished, Default: notify.Push, Policy: notify.Policy{ByMembership: true}},
		{Kind: NoticeCancelled, Default: notify.Push, Policy: notify.Policy{PassesQuiet: true, PassesBudget: true}},
		{Kind: NoticeMoved, Default: notify.Push, Policy: notify.Policy{PassesQuiet: true, PassesBudget: true}, Args: changeArgs{}},
		{Kind: NoticeChanged, Default: notify.Inbox, Args: changeArgs{}},
		{Kind: NoticeReminder, Default: notify.Push, Policy: notify.Policy{PassesBudget: true, Fleeting: true, Reminds: true}, Args: notify.ReminderArgs{}},
	}
}

// AudienceAttendees are the people who have a place at a date, are offered one or are
// in line; its ids are dates.
const AudienceAttendees notify.AudienceKind = "ATTENDEES"

// audiences are the audiences of events.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{booking.AudienceOf(AudienceAttendees, s.Booking.Holders, s.Booking.Placed)}
}

// subjects lets news be about events.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Event, State: s.subjectState, Visible: func(ctx context.Context, eventID string) error {
		_, err := s.Get(ctx, eventID)
		return err
	}}}
}
