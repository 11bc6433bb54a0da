package course

import (
	"context"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/privacy"
)

// collections returns the entries of courses and enrolments.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: courses, Basis: privacy.PublicTask, ShardKey: privacy.HashedID,
			Purpose: "To show which courses there are, when and where, and that no seat is given out twice.",
			Whose: "The municipality's; nobody is written down as its author or teacher. For as long as it takes it names the person a seat is being given to, " +
				"whose seats have come free, and for whom free seats wait.",
			Retention: "Courses stay, because skills refer to them. Who is being given a seat is named for seconds; whose seats have come free for at least " +
				"an hour, until others come free.",
			Ends: "The next change of the seats; erasure, together with the enrolments.",
			Kept: "How many seats are taken, and the texts as those who have COURSES wrote them: whoever is named in one, such as a teacher, asks them, " +
				"and they can change it.",
			Export: s.Booking.ExportMarks, Erase: s.Booking.Erase,
		},
		{
			Name: enrolments, Basis: privacy.Agreement, ShardKey: "{bookableId: hashed}",
			Purpose: "To give out seats at courses, to keep the line when they are full, to note who attended which session, and to give those the skills " +
				"who attended enough.",
			Whose:     "The person's who has enrolled.",
			Retention: "Until the person is erased: it says how they came by their skills.",
			Ends:      "Erasure.",
			Kept: "Of a place at a course that has begun: that somebody had it, its state and the sessions attended, so that the municipality can say how many " +
				"took part and how many completed. It gets an id made by chance, and neither the person nor the time of enrolling; nothing leads back. " +
				"A place at what is still to come goes to the next in line and is removed.",
			Export: s.exportEnrolments, Erase: s.Booking.Erase,
		},
	}
}

// enrolmentRecord is a place on a course in the export of its person. Title is empty if the course no
// longer exists.
type enrolmentRecord struct {
	booking.Record
	Title            string           `json:"title,omitempty"`
	AttendedSessions []attendedRecord `json:"attendedSessions"`
}

// attendedRecord is a session that the person attended. When it was is missing if the course no
// longer has it.
type attendedRecord struct {
	Session  string     `json:"session"`
	StartsAt *time.Time `json:"startsAt,omitempty"`
}

func (s *Service) exportEnrolments(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkEnrolments(personID).Each(ctx, func(e *Enrolment) error {
		r := enrolmentRecord{Record: e.Record(), AttendedSessions: []attendedRecord{}}
		c, err := s.store.get(ctx, e.BookableID)
		if fault.UnlessNotFound(err) != nil {
			return err
		}
		if err == nil {
			r.Title = c.Titles.In(i18n.Danish)
		}
		for _, sessionID := range e.AttendedSessions {
			attended := attendedRecord{Session: sessionID}
			if err == nil && c.session(sessionID) != nil {
				attended.StartsAt = &c.session(sessionID).StartsAt
			}
			r.AttendedSessions = append(r.AttendedSessions, attended)
		}
		return keep(r)
	})
}
