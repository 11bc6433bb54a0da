package meeting

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// The kinds of news about meetings.
const (
	NoticeMinutesDue notify.Kind = "MINUTES_DUE"
	NoticeHowWasIt   notify.Kind = "FEEDBACK_ASKED"
)

// noticeKinds are the kinds with their channels and policies.
func (s *Service) noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticeMinutesDue, Default: notify.Push, Family: notify.FamilyEvents, Attention: notify.AttentionQuiet, Args: dateArgs{}, State: s.stateOf},
		{Kind: NoticeHowWasIt, Default: notify.Push, Family: notify.FamilyEvents, Attention: notify.AttentionQuiet, Args: dateArgs{}, State: s.stateOf},
	}
}

// AudienceCame are the people who came to a date, or had a seat where nobody was checked in, and who have not given feedback
// yet; its ids are dates.
const AudienceCame notify.AudienceKind = "CAME"

// audiences are the audiences of meetings.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{s.Bookings.AudienceOf(AudienceCame, s.came), s.Bookings.AudienceOfParts(AudienceCameToSession, course.CourseOf, s.cameToSession)}
}

// came is a page of those who came to a date and have not given feedback. It is full as long as there are more of them.
func (s *Service) came(ctx context.Context, dateID, after string, limit int) ([]booking.Booking, error) {
	counts, err := s.Bookings.CameTo(ctx, []string{dateID})
	if err != nil {
		return nil, err
	}
	states := []booking.State{booking.Attended}
	if _, isCheckedIn := counts[dateID]; !isCheckedIn {
		states = []booking.State{booking.Confirmed}
	}
	return s.silent(ctx, dateID, after, limit, func(after string) ([]booking.Booking, error) {
		return s.Bookings.InStates(ctx, dateID, states, after, limit)
	})
}

// silent is a page of those people of a walk who have not given feedback to a date or session. It is full as long as there are
// more of them.
func (s *Service) silent(ctx context.Context, of, after string, limit int, walk func(after string) ([]booking.Booking, error)) ([]booking.Booking, error) {
	var silent []booking.Booking
	for {
		list, err := walk(after)
		if err != nil {
			return nil, err
		}
		some, err := s.unanswered(ctx, of, list)
		silent = append(silent, some...)
		if err != nil || len(list) < limit || len(silent) >= limit {
			return silent[:min(len(silent), limit)], err
		}
		after = list[len(list)-1].PersonID
	}
}

// unanswered are those of the bookings of a date whose people have not given feedback.
func (s *Service) unanswered(ctx context.Context, dateID string, list []booking.Booking) ([]booking.Booking, error) {
	ids := make([]string, len(list))
	for i, b := range list {
		ids[i] = markOf(dateID, b.PersonID)
	}
	marks, err := s.store.marks(ctx, ids)
	return slices.DeleteFunc(list, func(b booking.Booking) bool { return marks[markOf(dateID, b.PersonID)] != nil }), err
}

// dateArgs say of which date, or of which session of a course, the news is.
type dateArgs struct {
	OccurrenceID string `json:",omitempty"`
	SessionID    string `json:",omitempty"`
}

// news is what all news of a date that is over says.
func news(e *event.Event, o *event.Occurrence, kind notify.Kind, name string) notify.Cause {
	c := e.News()
	c.Key, c.Kind, c.Args = notify.Key(o.ID, name, ""), kind, notify.ArgsOf(dateArgs{OccurrenceID: o.ID})
	c.Data, c.ExpiresAt = words(e), closesAt(o.EndsAt)
	return c
}

func words(e *event.Event) map[string]string {
	return map[string]string{"Title": e.Title, "Group": e.GroupName()}
}

// minutesDue reminds people of the minutes of a date.
func minutesDue(e *event.Event, o *event.Occurrence, people []string) notify.Cause {
	c := news(e, o, NoticeMinutesDue, "minutes_due")
	why := &notify.Reason{Kind: notify.ReasonGroupMember, Subject: e.GroupID, Words: map[string]string{"Group": e.Card.Name}}
	c.Audiences = []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: people, Why: why}}
	return c
}

// howWasIt asks those who came to a date for feedback.
func howWasIt(e *event.Event, o *event.Occurrence) notify.Cause {
	c := news(e, o, NoticeHowWasIt, "feedback")
	c.Audiences = []notify.AudienceOf{{Kind: AudienceCame, IDs: []string{o.ID}}}
	return c
}

// stateOf is the present state of news of a date that is over: it is true while its event is not cancelled, and a reminder
// of the minutes until they are written.
func (s *Service) stateOf(ctx context.Context, n notify.News, _ notify.StateFunc) (notify.SubjectState, error) {
	var a dateArgs
	if err := n.Args.Decode(&a); err != nil {
		return notify.SubjectState{}, err
	}
	if a.SessionID != "" {
		return s.stateOfSession(ctx, a.SessionID)
	}
	e, err := s.Events.Load(ctx, n.Subject)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	now := notify.SubjectState{Alive: e.State == event.StatePublished, Words: words(e), MembersOnly: e.News().MembersOnly,
		MayKnow: func(v auth.Viewer) bool { return e.CanSee(v, s.now()) }}
	if n.Kind != NoticeMinutesDue || !now.Alive {
		return now, nil
	}
	found, err := s.store.minutes(ctx, []string{a.OccurrenceID})
	if found[a.OccurrenceID] != nil {
		now.Alive, now.Now = false, "minutes_written"
	}
	return now, err
}
