package certificate

import (
	"context"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Award says what a person has completed.
type Award struct {
	CourseID, PersonID string
	// Round is a number that is higher for each later completion of the course.
	Round            int
	Titles           i18n.Text
	Skills           []Skill
	StartsAt, EndsAt time.Time // of the course
	TimeZone         clock.Zone
	Attended         int // sessions
	Sessions         int // in all
	Minutes          int // those of the sessions attended
}

// Issue gives a person the certificate of a course that they have completed, and tells them. If they have it already,
// or have been erased, nothing happens. Who has said no name gets one without: staff write the name in another.
func (s *Service) Issue(ctx context.Context, a Award) error {
	holder, isThere, err := s.nameOf(ctx, a.PersonID)
	if err != nil || !isThere {
		return err
	}
	c := &Certificate{ID: idOf(a.CourseID, a.PersonID, a.Round), Code: newCode(), PersonID: a.PersonID, Holder: holder, CourseID: a.CourseID, Round: a.Round,
		Titles: a.Titles, Learned: a.Skills, StartsAt: a.StartsAt, EndsAt: a.EndsAt, TimeZone: a.TimeZone, Attended: a.Attended, Sessions: a.Sessions,
		Minutes: a.Minutes, IssuedAt: s.now(), Version: 1}
	return s.add(ctx, c)
}

// add writes a new certificate and tells its holder. If it is there already, nothing happens.
func (s *Service) add(ctx context.Context, c *Certificate) error {
	var effects []outbox.Effect
	if c.PersonID != "" {
		effects = append(effects, notify.Effect(c.issued()))
	}
	err := s.Outbox.Commit(ctx, refs(c.ID)[0], effects, func(b outbox.Batch) error {
		c.Pending = b.Pending()
		return s.store.insert(ctx, c)
	})
	if fault.Is(err, fault.KindConflict) {
		return nil
	}
	return err
}
