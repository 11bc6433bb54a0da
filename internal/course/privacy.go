package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
)

// collections returns the entry of courses.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: courses, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose: "To show which courses there are, when and where, and that no seat is given out twice.",
			Whose: "The municipality's; nobody is written down as its author. It names the people who teach it and who stand in at a session. For as long as it takes it names the person a seat is being given to, " +
				"whose seats have come free, and for whom free seats wait.",
			Retention: "Courses stay, because skills refer to them. Who is being given a seat is named for seconds; whose seats have come free for at least " +
				"an hour, until others come free.",
			Ends: "The next change of the seats; erasure, together with the enrolments, which takes out too who teaches it.",
			Kept: "How many seats are taken, and the texts as those who have COURSES wrote them: whoever is named in one asks them, " +
				"and they can change it.",
			Export: s.export, Erase: privacy.InTurn(s.Booking.Erase, s.store.eraseTeacher),
		},
	}
}

// teachingRecord is a course in the export of a person who teaches it, or stands in at some of its sessions.
type teachingRecord struct {
	ID       string      `json:"id"`
	Title    string      `json:"title"`
	StartsAt time.Time   `json:"startsAt"`
	Teaches  bool        `json:"youTeachIt"`
	StandsIn []time.Time `json:"youStandInAt,omitempty"`
}

// export hands over what courses keep of a person: the marks of their bookings, and what they teach.
func (s *Service) export(ctx context.Context, personID string, keep func(record any) error) error {
	if err := s.Booking.ExportMarks(id.Course)(ctx, personID, keep); err != nil {
		return err
	}
	return s.store.walkTaught(personID).Each(ctx, func(c *Course) error {
		r := teachingRecord{ID: c.ID, Title: c.Titles.In(i18n.Danish), StartsAt: c.StartsAt, Teaches: slices.Contains(c.TeacherIDs, personID)}
		for _, session := range c.Sessions {
			if session.SubstituteID == personID {
				r.StandsIn = append(r.StandsIn, session.StartsAt)
			}
		}
		return keep(r)
	})
}

// tell adds to a booking in the export of its person what the course knows.
func (s *Service) tell(ctx context.Context, b *booking.Booking, r *booking.Record) error {
	c, err := s.store.get(ctx, b.BookableID)
	if fault.UnlessNotFound(err) != nil {
		return err
	}
	if fault.Is(err, fault.KindNotFound) {
		c = &Course{} // it is gone, and with it when the sessions were
	}
	r.Title = c.Titles.In(i18n.Danish)
	r.AttendedSessions, r.MissedSessions = c.recordsOf(b, b.Recorded(true)), c.recordsOf(b, b.Recorded(false))
	r.DeclinedSessions = c.recordsOf(b, b.DeclinedParts())
	return nil
}

// recordsOf are sessions as the export of a person shows them.
func (c *Course) recordsOf(b *booking.Booking, sessionIDs []string) []booking.SessionRecord {
	var list []booking.SessionRecord
	for _, sessionID := range sessionIDs {
		r := booking.SessionRecord{Session: sessionID, CheckedInAt: b.Presences[sessionID].At, UndoneAt: b.Presences[sessionID].UndoneAt}
		if session := c.session(sessionID); session != nil {
			r.StartsAt = &session.StartsAt
		}
		list = append(list, r)
	}
	return list
}
