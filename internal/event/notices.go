package event

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
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
	NoticeNamed     notify.Kind = "EVENT_CO_ORGANISER"
)

// datedKinds are those that tell of dates.
func datedKinds() herald.Kinds {
	return herald.Kinds{Cancelled: NoticeCancelled, Moved: NoticeMoved, Changed: NoticeChanged, Reminder: NoticeReminder, Family: notify.FamilyEvents,
		GiveUp: notify.Action{Name: "CANCEL_ATTENDANCE", Mutation: "cancelAttendance",
			Input: func(n notify.News) map[string]string {
				return map[string]string{"occurrenceId": occurrenceID(n.Subject)}
			}}}
}

// noticeKinds are the kinds with their channels and policies.
func noticeKinds() []notify.KindSpec {
	published := notify.KindSpec{Kind: NoticePublished, Default: notify.Push, Family: notify.FamilyEvents, Policy: notify.Policy{ByMembership: true}}
	named := notify.KindSpec{Kind: NoticeNamed, Default: notify.Push, Family: notify.FamilyEvents, Args: namedArgs{}}
	return append([]notify.KindSpec{published}, append(datedKinds().Specs(), named)...)
}

// AudienceAttendees are the people who have a seat at a date, are offered one or are
// in line; its ids are dates.
const AudienceAttendees notify.AudienceKind = "ATTENDEES"

// audiences are the audiences of events.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{s.Booking.AudienceOf(AudienceAttendees, s.Booking.Holders)}
}

// subjects lets news be about events.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Event, State: s.subjectState, States: notify.AllByIDs(s.store.byIDs, s.stateOf),
		Visible: func(ctx context.Context, eventID string) error {
			_, err := s.Get(ctx, eventID)
			return err
		}}}
}

// subjectState is the present state of an event and of a piece of news about it.
func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	e, err := s.store.get(ctx, n.Subject)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	return s.stateOf(e, n)
}

func (s *Service) stateOf(e *Event, n notify.News) (notify.SubjectState, error) {
	want := StatePublished
	if n.Kind == NoticeCancelled {
		want = StateCancelled
	}
	now := notify.SubjectState{Alive: e.State == want, MembersOnly: e.OpenTo != group.Everyone, Words: e.words(), ExpiresAt: &e.StartsAt,
		MayKnow: func(v auth.Viewer) bool { return e.CanSee(v, s.now()) }}
	if e.State == StateCancelled {
		now.Now = "cancelled"
	}
	switch n.Kind {
	case NoticeCancelled, NoticeMoved, NoticeChanged:
		now.ExpiresAt = &e.EndsAt
	case NoticeNamed:
		var err error
		now.ExpiresAt = &e.EndsAt
		now.Alive, err = e.isOrganisedWith(n.Args)
		return now, err
	}
	return s.herald.State(s.thing(e), n, now)
}
