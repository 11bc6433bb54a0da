package course

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
)

const (
	maxSessions = 50
	maxSession  = 24 * time.Hour
	// earliest is how long before a session attendance can be recorded: people come early,
	// and nobody attends what is still far ahead.
	earliest = 2 * time.Hour
)

// Session is one meeting of a course.
type Session struct {
	ID            string `bson:"id"` // see newSessionID
	schedule.Date `bson:",inline"`
	Place         *place.Place            `bson:"place,omitempty"`
	SubstituteID  string                  `bson:"substituteId,omitempty"` // stands in for the teachers; empty: nobody
	Offsets       []notify.ReminderOffset `bson:"offsets"`                // the reminders'; nil: those of the course

	of *Course // the course that the session was read with
}

// sessionPrefix is the prefix of the ids of sessions. They end with the id of the course, so
// that a session is found without an index, and on the one shard that has the course.
const sessionPrefix = id.Session + ":" + id.Course

// newSessionID is the id of the n-th session that a course has ever had. It is the same for
// a repeat of the call that made the session, and no other session gets it.
func newSessionID(courseID string, n int) string {
	return id.Pair(id.Derive(id.Session, courseID, strconv.Itoa(n)), courseID)
}

// CourseOf is the course of a session.
func CourseOf(sessionID string) string { //nolint:revive // course.Of would not say of what
	_, courseID, _ := id.Split(sessionID)
	return courseID
}

// Venue is the place of the session, whose link is for those who have a seat on the course.
func (s *Session) Venue() *place.Place { return s.Place.For(s.CourseID()) }

// IsOn reports whether the session takes place, or has taken place.
func (s *Session) IsOn() bool { return s.of != nil && s.of.takesPlace() }

// IsCalled reports whether it was recorded who attended the session.
func (s *Session) IsCalled() bool { return s.of != nil && s.of.RollCalls[s.ID].Number > 0 }

// CourseID is the course of the session.
func (s *Session) CourseID() string { return CourseOf(s.ID) }

// session is the session with that id; nil if the course does not have it, or no longer.
func (c *Course) session(sessionID string) *Session {
	i := slices.IndexFunc(c.Sessions, func(s Session) bool { return s.ID == sessionID })
	if i < 0 {
		return nil
	}
	return &c.Sessions[i]
}

// isRecordable reports whether it can be recorded who attends the session.
func (s *Session) isRecordable(now time.Time) bool { return !s.StartsAt.After(now.Add(earliest)) }

// isRecordable reports whether the viewer can record who attends one of the sessions.
func (c *Course) isRecordable(v auth.Viewer, now time.Time) bool {
	return slices.ContainsFunc(c.Sessions, func(s Session) bool { return s.isRecordable(now) && c.isLedBy(v, &s, now) })
}

// Attended are the sessions that a person attended, in order, as far as the course still has
// them. A course that the viewer may not see (nil) shows none.
func (c *Course) Attended(e *Enrolment) []*Session {
	list := []*Session{}
	if c == nil {
		return list
	}
	for i, s := range c.Sessions {
		if e.WasAt(s.ID) {
			list = append(list, &c.Sessions[i])
		}
	}
	return list
}

// SessionsByIDs are the sessions with those ids, by id. Sessions of courses that the viewer
// may not see are missing.
func (s *Service) SessionsByIDs(ctx context.Context, ids []string) (map[string]*Session, error) {
	courseIDs := make([]string, len(ids))
	for i, sessionID := range ids {
		courseIDs[i] = CourseOf(sessionID)
	}
	slices.Sort(courseIDs)
	courses, err := s.ByIDs(ctx, slices.Compact(courseIDs))
	found := make(map[string]*Session, len(ids))
	for _, sessionID := range ids {
		if c := courses[CourseOf(sessionID)]; c != nil && c.session(sessionID) != nil {
			found[sessionID] = c.session(sessionID)
		}
	}
	return found, err
}

// SessionInput is one meeting in an input.
type SessionInput struct {
	ID       *string // of a session that is kept; nil: a new one
	StartsAt clock.Local
	EndsAt   clock.Local
	// Place is where it is; null: nowhere. A session that is kept stays where it is if this is
	// left out.
	Place optional.Edit[place.Input] `json:",omitzero"`
	// Reminders are when people are reminded of it; null: as of the others. A session that is kept keeps its own if this
	// is left out.
	Reminders optional.List[notify.ReminderOffset] `json:",omitzero"`
}

func (in SessionInput) clean(p *fault.Problems, field string, zone clock.Zone) Session {
	wall := schedule.Wall{StartsAt: in.StartsAt, EndsAt: in.EndsAt, TimeZone: zone}
	return Session{Date: wall.Date(p, field, schedule.Limits{Longest: maxSession, TooLong: fault.Invalid("", "course.session.long")}),
		Place: in.Place.Value().Clean(p, field+".place"), Offsets: notify.TidyOffsets(in.Reminders.Value())}
}

// setSessions checks the meetings and puts them in order. A session that is new, or that starts
// at another time than before, must start after now, and one that runs must end after now.
func (c *Course) setSessions(p *fault.Problems, list []SessionInput, now time.Time) {
	switch {
	case len(list) == 0:
		p.Add(fault.Invalid("input.sessions", "list.empty"))
		return
	case len(list) > maxSessions:
		p.Add(fault.Invalid("input.sessions", "list.long").With("Max", maxSessions))
		return
	}
	before := *c
	c.Sessions = make([]Session, len(list))
	for i, in := range list {
		field := "input.sessions." + strconv.Itoa(i)
		session := in.clean(p, field, c.TimeZone)
		was := before.started(session, list, c.Sessions[:i], now)
		var wrong *fault.Error
		if in.ID != nil {
			wrong = before.checkKept(field+".id", *in.ID, c.Sessions[:i])
			was, session.ID = before.session(*in.ID), *in.ID
		}
		if was != nil {
			session.ID, session.SubstituteID = was.ID, was.SubstituteID
			if !in.Place.IsSet() {
				session.Place = was.Place
			}
			if !in.Reminders.IsSet() {
				session.Offsets = was.Offsets
			}
		}
		isMoved := was == nil || !was.StartsAt.Equal(session.StartsAt)
		if isMoved && !session.StartsAt.IsZero() && !session.StartsAt.After(now) {
			p.Add(fault.Invalid(field+".startsAt", "time.past"))
		}
		if !isMoved && !was.IsOver(now) && !session.EndsAt.IsZero() && session.IsOver(now) {
			p.Add(fault.Invalid(field+".endsAt", "time.past"))
		}
		if wrong == nil && slices.ContainsFunc(c.Sessions[:i], func(other Session) bool { return before.newlyOverlap(session, other) }) {
			wrong = fault.Invalid(field, "course.session.overlap")
		}
		p.Add(wrong)
		c.Sessions[i] = session
	}
	c.sortSessions()
	for _, was := range before.Sessions {
		is := c.session(was.ID)
		if is == nil || is.StartsAt.After(now) && !is.StartsAt.Equal(was.StartsAt) {
			c.unattended = append(c.unattended, was.ID)
		}
	}
}

// newlyOverlap reports whether two sessions run at the same time, which nobody can attend. Two that the course has had at these
// times, from before that was refused, may stay.
func (c *Course) newlyOverlap(one, other Session) bool {
	if one.StartsAt.IsZero() || other.StartsAt.IsZero() || !one.StartsAt.Before(other.EndsAt) || !other.StartsAt.Before(one.EndsAt) {
		return false
	}
	return !c.hasAt(one) || !c.hasAt(other)
}

// hasAt reports whether the course has the session at that time.
func (c *Course) hasAt(s Session) bool {
	was := c.session(s.ID)
	return was != nil && was.Date.IsSame(s.Date)
}

// started is the session that has started and is meant by one without an id that starts and ends
// just like it; nil if there is none, or if the input has named or names it. Nobody adds a session in
// the past, so it is the one that took place.
func (c *Course) started(like Session, list []SessionInput, named []Session, now time.Time) *Session {
	i := slices.IndexFunc(c.Sessions, func(s Session) bool {
		return s.Date == like.Date && !s.StartsAt.After(now) &&
			!slices.ContainsFunc(list, func(in SessionInput) bool { return in.ID != nil && *in.ID == s.ID }) &&
			!slices.ContainsFunc(named, func(n Session) bool { return n.ID == s.ID })
	})
	if i < 0 {
		return nil
	}
	return &c.Sessions[i]
}

// checkUnattended refuses an edit that removes a session which somebody attended, or moves it
// to a time that is still to come. Returns Conflict.
func (c *Course) checkUnattended() error {
	for _, sessionID := range c.unattended {
		if c.RollCalls[sessionID].People == 0 {
			continue
		}
		if c.session(sessionID) != nil {
			return &fault.Error{Kind: fault.KindConflict, Key: "course.session.attended_moved", Field: "input.sessions"}
		}
		return &fault.Error{Kind: fault.KindConflict, Key: "course.session.attended", Field: "input.sessions"}
	}
	return nil
}

// checkKept refuses the id of a session that the course does not have, or that the input has
// named already. Returns Invalid.
func (c *Course) checkKept(field, sessionID string, named []Session) *fault.Error {
	if problem := id.Check(field, sessionPrefix, sessionID); problem != nil {
		return problem
	}
	switch {
	case c.session(sessionID) == nil:
		return fault.Invalid(field, "course.session.unknown")
	case slices.ContainsFunc(named, func(s Session) bool { return s.ID == sessionID }):
		return fault.Invalid(field, "course.session.twice")
	}
	return nil
}

// sortSessions puts the sessions in order of their starts, and notes when the course starts
// and ends.
func (c *Course) sortSessions() {
	slices.SortStableFunc(c.Sessions, func(a, b Session) int { return cmp.Or(a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.ID, b.ID)) })
	c.StartsAt, c.EndsAt = c.Sessions[0].StartsAt, c.Sessions[0].EndsAt
	for _, s := range c.Sessions {
		if s.EndsAt.After(c.EndsAt) {
			c.EndsAt = s.EndsAt
		}
	}
	c.linkSessions()
}

// linkSessions lets the sessions know their course.
func (c *Course) linkSessions() {
	for i := range c.Sessions {
		c.Sessions[i].of = c
	}
}

// nameSessions gives an id to each session that has none.
func (c *Course) nameSessions() {
	for i := range c.Sessions {
		if c.Sessions[i].ID == "" {
			c.SessionSeq++
			c.Sessions[i].ID = newSessionID(c.ID, c.SessionSeq)
		}
	}
}

// pastSession is the index of the first of these meetings that does not start after now; -1
// if all do.
func pastSession(list []SessionInput, zone clock.Zone, now time.Time) int {
	return slices.IndexFunc(list, func(in SessionInput) bool {
		start, err := in.StartsAt.In(zone)
		return err == nil && !start.After(now)
	})
}
