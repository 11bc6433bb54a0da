package announcement

import (
	"context"
	"slices"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
)

// AudienceMessaged are people with a booking in certain states. The ids are those of what is booked
// with the states: see Bookable.audience.
const AudienceMessaged notify.AudienceKind = "MESSAGED"

// seated are the states of people to whom a message goes if its author names none.
var seated = []booking.State{booking.Confirmed, booking.Attended}

// Message announces something to the people with a booking at a date or in a course. Only for people
// who organise the event, and people with COURSES. Returns Problems, NotFound, Forbidden, and
// Exhausted if the viewer has sent enough messages there today, or made enough announcements in all.
func (s *Service) Message(ctx context.Context, in MessageInput) (*Announcement, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	a := &Announcement{AreaIDs: []string{}, Bookable: in.bookable(), PublishAt: in.PublishAt,
		Titles: i18n.Text{{Language: i18n.Danish, Text: in.Title}}, Texts: i18n.Text{{Language: i18n.Danish, Text: in.Text}}}
	call := idempotency.Call{Operation: "messageAttendees", Key: in.ClientMutationID, Input: in}
	return s.make(ctx, a, call, in.IsDraft, func(ctx context.Context) error { return s.host(ctx, a.Bookable) })
}

// PreviewMessage says what would become of a message now. Returns the faults of Message.
func (s *Service) PreviewMessage(ctx context.Context, occurrenceID, courseID *string, states []booking.State) (*notify.Preview, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	to := recipients{OccurrenceID: occurrenceID, CourseID: courseID, States: states}
	var p fault.Problems
	to.clean(&p, "")
	if err := p.Err(); err != nil {
		return nil, err
	}
	a := &Announcement{Bookable: to.bookable()}
	if err := s.host(ctx, a.Bookable); err != nil {
		return nil, err
	}
	return s.preview(ctx, a)
}

// host checks that the viewer may speak to the people who have booked something, and notes its
// title. Returns NotFound if they may not see it, and Forbidden.
func (s *Service) host(ctx context.Context, b *Bookable) error {
	hosts, err := s.Hosts(ctx, []string{b.ID})
	if err != nil {
		return err
	}
	host, ok := hosts[b.ID]
	switch v := auth.FromContext(ctx); {
	case !ok || !host.CanSee(v, s.now()):
		return missing(b.ID)
	case !host.MaySpeak(v, s.now()):
		return fault.Forbidden("announcement.message.permission")
	}
	b.Titles = host.Titles
	return nil
}

func missing(bookableID string) error {
	if id.Prefix(bookableID) == id.Course {
		return fault.NotFound("course.not_found")
	}
	return fault.NotFound("event.not_found")
}

// audience are the people with a booking in one of the states: an id of the audience is the id of the thing,
// a colon and the states.
func (b *Bookable) audience() notify.AudienceOf {
	states := make([]string, len(b.States))
	for i, state := range b.States {
		states[i] = string(state)
	}
	return notify.AudienceOf{Kind: AudienceMessaged, IDs: []string{b.ID + ":" + strings.Join(states, ",")}}
}

func bookableOf(audienceID string) (bookableID string, states []booking.State) {
	cut := strings.LastIndex(audienceID, ":")
	if cut < 0 {
		return audienceID, nil
	}
	for state := range strings.SplitSeq(audienceID[cut+1:], ",") {
		states = append(states, booking.State(state))
	}
	return audienceID[:cut], states
}

// isFor reports whether somebody with the booking may see a message. People in line who have got a seat since
// keep what they were told, but only they are told they were missed who did not come.
func (b *Bookable) isFor(own *booking.Booking) bool {
	return own != nil && own.State.IsSignedUp() && slices.ContainsFunc(b.States, func(state booking.State) bool {
		return state == own.State || state != booking.NoShow
	})
}

// audienceOfBookings finds people by their bookings. The news concerns them as long as they have one.
func (s *Service) audienceOfBookings() notify.Audience {
	return notify.Audience{Kind: AudienceMessaged, Reason: notify.ReasonBooking, Walk: s.walkBookings, Still: s.Bookings.Placed,
		Otherwise: notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleUntrue}, Now: "not_booked"}
}

func (s *Service) walkBookings(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
	bookableID, states := bookableOf(ids[0])
	hosts, err := s.Hosts(ctx, []string{bookableID})
	host, ok := hosts[bookableID]
	if err != nil || !ok {
		return nil, err
	}
	list, err := s.Bookings.InStates(ctx, bookableID, states, after, limit)
	found := make([]notify.Found, len(list))
	for i := range list {
		why := list[i].Reason(bookableID)
		why.Thread = host.ThreadID
		found[i] = notify.Found{PersonID: list[i].PersonID, Reasons: []notify.Reason{why}}
	}
	return found, err
}
