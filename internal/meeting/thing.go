package meeting

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
)

// thing is a date of an event, or a session of a course, at which people were.
type thing struct {
	ID         string
	BookableID string // what people have booked to be there
	StartsAt   time.Time
	EndsAt     time.Time
	IsOn       bool // it takes place, or has taken place
	// IsCalled says that somebody has recorded who was there. Only sessions know it by themselves.
	IsCalled bool
}

// isAnswerable returns Conflict unless feedback can be given at an instant.
func (x thing) isAnswerable(now time.Time) error {
	switch {
	case !x.IsOn:
		return fault.Conflict("meeting.not_held")
	case x.EndsAt.After(now):
		return fault.Conflict("meeting.not_over")
	case !x.EndsAt.Add(feedbackFor).After(now):
		return fault.Conflict("meeting.feedback_closed")
	}
	return nil
}

// things are those of the dates and sessions that the viewer may see, by id.
func (s *Service) things(ctx context.Context, ids []string) (map[string]thing, error) {
	var dates, sessions []string
	for _, of := range ids {
		if id.Prefix(of) == id.Occurrence {
			dates = append(dates, of)
		} else {
			sessions = append(sessions, of)
		}
	}
	found := map[string]thing{}
	if len(dates) > 0 {
		seen, err := s.Events.OccurrencesByIDs(ctx, dates)
		if err != nil {
			return nil, err
		}
		for of, o := range seen {
			found[of] = thing{ID: of, BookableID: of, StartsAt: o.StartsAt, EndsAt: o.EndsAt, IsOn: o.IsOn()}
		}
	}
	if len(sessions) > 0 {
		seen, err := s.Courses.SessionsByIDs(ctx, sessions)
		if err != nil {
			return nil, err
		}
		for of, x := range seen {
			found[of] = thing{ID: of, BookableID: x.CourseID(), StartsAt: x.StartsAt, EndsAt: x.EndsAt, IsOn: x.IsOn(), IsCalled: x.IsCalled()}
		}
	}
	return found, nil
}

// viewerCame tells at which of these things the viewer was: by the record, or, where nobody has recorded who came, because
// they had a seat.
func (s *Service) viewerCame(ctx context.Context, things []thing) (map[string]bool, error) {
	bookables := make([]string, len(things))
	for i, x := range things {
		bookables[i] = x.BookableID
	}
	own, err := s.Bookings.OwnOf(ctx, bookables)
	if err != nil {
		return nil, err
	}
	called, err := s.Bookings.CameTo(ctx, bookables)
	came := map[string]bool{}
	for _, x := range things {
		b := own[x.BookableID]
		_, isCheckedIn := called[x.BookableID]
		switch {
		case b == nil:
		case x.ID != x.BookableID:
			came[x.ID] = b.WasAt(x.ID) || !x.IsCalled && !b.HasDeclined(x.ID, x.StartsAt) && (b.State == booking.Confirmed || b.State == booking.Attended)
		default:
			came[x.ID] = b.State == booking.Attended || b.State == booking.Confirmed && !isCheckedIn
		}
	}
	return came, err
}

// Admission is that the viewer may have the link by which people meet online.
type Admission bool

// Admissions tells for which dates and courses the viewer may have the link: those where they have a seat, and those
// that they organise.
func (s *Service) Admissions(ctx context.Context, bookableIDs []string) (map[string]Admission, error) {
	if auth.FromContext(ctx).IsAnonymous() {
		return nil, nil
	}
	own, err := s.Bookings.OwnOf(ctx, bookableIDs)
	if err != nil {
		return nil, err
	}
	admitted := map[string]Admission{}
	var rest []string
	for _, bookableID := range bookableIDs {
		if b := own[bookableID]; b != nil && (b.State == booking.Confirmed || b.State == booking.Attended) {
			admitted[bookableID] = true
		} else {
			rest = append(rest, bookableID)
		}
	}
	if len(rest) == 0 {
		return admitted, nil
	}
	hosts, err := s.Hosts(ctx, rest)
	for bookableID, h := range hosts {
		admitted[bookableID] = Admission(isHost(ctx, h, s.now()))
	}
	return admitted, err
}
