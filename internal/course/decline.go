package course

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
)

// AudienceAtSession are the people who have a seat on a course and have not declined one of its sessions; its ids are sessions.
const AudienceAtSession notify.AudienceKind = "SESSION_SEATED"

// DeclineInput is a session of a course that the viewer takes, to which they do not come, or come after all.
type DeclineInput struct {
	ClientMutationID *string
	SessionID        string
}

// Clean checks the input. Returns Problems.
func (in *DeclineInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.sessionId", sessionPrefix, in.SessionID))
	return p.Err()
}

// Decline notes that the viewer does not come to a session. They keep their seat on the course. Returns Problems, NotFound for an
// unknown session or without a seat, and Conflict for a course that is not published and a session that is over.
func (s *Service) Decline(ctx context.Context, in DeclineInput) (*booking.Booking, error) {
	return s.decline(ctx, "declineSession", in, true)
}

// UndoDecline notes that the viewer comes to a session after all. Returns what Decline returns.
func (s *Service) UndoDecline(ctx context.Context, in DeclineInput) (*booking.Booking, error) {
	return s.decline(ctx, "undoDeclineSession", in, false)
}

func (s *Service) decline(ctx context.Context, operation string, in DeclineInput, declines bool) (*booking.Booking, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in}
	return s.Booking.DeclinePart(ctx, call, CourseOf(in.SessionID), declines, func(ctx context.Context) (booking.Part, error) {
		return s.declinable(ctx, in.SessionID)
	})
}

// declinable is a session that is still to come, or runs.
func (s *Service) declinable(ctx context.Context, sessionID string) (booking.Part, error) {
	c, err := s.visible(ctx, CourseOf(sessionID))
	if err != nil {
		return booking.Part{}, err
	}
	session := c.session(sessionID)
	switch {
	case session == nil:
		err = sessionMissing()
	case c.State == StateDraft:
		err = fault.Conflict("course.draft")
	case c.State != StatePublished:
		err = fault.Conflict("course.over")
	case session.IsOver(s.now()):
		err = fault.Conflict("course.session.over")
	default:
		return session.part(), nil
	}
	return booking.Part{}, err
}

func (s *Session) part() booking.Part {
	return booking.Part{BookableID: s.CourseID(), ID: s.ID, StartsAt: s.StartsAt}
}

// IsDeclinedIn reports whether the person of an enrolment (nil: there is none) does not come to the session.
func (s *Session) IsDeclinedIn(own booking.View) bool {
	return own != nil && own.Base().MayDecline() && own.Base().HasDeclined(s.ID, s.StartsAt)
}

// MayDecline reports whether the person of an enrolment (nil: there is none) may say that they do not come to the session.
func (s *Service) MayDecline(x *Session, own booking.View) bool {
	return own != nil && own.Base().MayDecline() && x.of != nil && x.of.State == StatePublished && !x.IsOver(s.now())
}

// Declined are the sessions to which a person does not come, in order. A course that the viewer may not see (nil) shows none.
func (c *Course) Declined(e *Enrolment) []*Session {
	list := []*Session{}
	if c == nil {
		return list
	}
	for i := range c.Sessions {
		if x := &c.Sessions[i]; e.HasDeclined(x.ID, x.StartsAt) {
			list = append(list, x)
		}
	}
	return list
}

// Reminders are the offsets of the session; those of the course if it has none of its own.
func (s *Session) Reminders() []notify.ReminderOffset {
	switch {
	case s == nil || s.of == nil:
		return nil
	case s.Offsets == nil:
		return s.of.Reminders()
	}
	return s.Offsets
}

// audienceAtSession finds those who come to a session. Whoever declines it while the news waits, such as for the end of quiet hours,
// does not get it.
func (s *Service) audienceAtSession() notify.Audience {
	a := s.Booking.AudienceOfParts(AudienceAtSession, CourseOf, s.coming)
	placed := a.Still
	a.Still = func(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
		still, err := placed(ctx, asked)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, c := range asked {
			ids = append(ids, c.Subject)
		}
		courses, err := s.store.byIDs(ctx, ids)
		if err != nil {
			return nil, err
		}
		parts := map[string]booking.Part{}
		for _, c := range courses {
			for i := range c.Sessions {
				parts[c.Sessions[i].ID] = c.Sessions[i].part()
			}
		}
		declining, err := s.Booking.Declining(ctx, asked, parts)
		for c, declines := range declining {
			still[c] = still[c] && !declines
		}
		return still, err
	}
	return a
}

// coming are those who have a seat on the course of a session and have not declined it.
func (s *Service) coming(ctx context.Context, sessionID, after string, limit int) ([]booking.Booking, error) {
	session, err := s.Session(ctx, sessionID)
	if err != nil {
		return nil, fault.UnlessNotFound(err)
	}
	return s.Booking.Coming(ctx, session.part(), after, limit)
}

// Came are those who were at a session, whoever asks: see booking.Came.
func (s *Service) Came(ctx context.Context, sessionID, after string, limit int) ([]booking.Booking, error) {
	session, err := s.Session(ctx, sessionID)
	if err != nil {
		return nil, fault.UnlessNotFound(err)
	}
	return s.Booking.Came(ctx, session.part(), session.IsCalled(), after, limit)
}

// Session is a session, whoever asks. Returns NotFound if the course does not have it any more.
func (s *Service) Session(ctx context.Context, sessionID string) (*Session, error) {
	c, err := s.store.get(ctx, CourseOf(sessionID))
	if err != nil {
		return nil, err
	}
	if session := c.session(sessionID); session != nil {
		return session, nil
	}
	return nil, sessionMissing()
}

// Sessions are the sessions of a course, whoever asks; none of one that is not published.
func (s *Service) Sessions(ctx context.Context, courseID string) ([]Session, error) {
	c, err := s.store.get(ctx, courseID)
	if err != nil || c.State != StatePublished {
		return nil, err
	}
	return c.Sessions, nil
}

// Words are the words that a text about the session may mention.
func (s *Session) Words() map[string]string { return s.of.wordsOf(s.of.Titles, s.entry()) }
