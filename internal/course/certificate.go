package course

import (
	"context"
	"slices"

	"faellesskab/internal/booking"
	"faellesskab/internal/certificate"
)

// canGive returns Conflict if the course gives certificates, and none can be issued here.
func (s *Service) canGive(c *Course) error {
	if !c.GivesCertificate {
		return nil
	}
	return s.Certificates.CanIssue()
}

// award is what the certificates of a completed course say; nil if it gives none.
func (s *Service) award(ctx context.Context, c *Course) (*certificate.Award, error) {
	if !c.GivesCertificate {
		return nil, nil //nolint:nilnil // it gives none
	}
	a := &certificate.Award{CourseID: c.ID, Round: c.CompletedIn, Titles: c.Titles, StartsAt: c.StartsAt, EndsAt: c.EndsAt, TimeZone: c.TimeZone, Sessions: len(c.Sessions)}
	skills, err := s.Skills.ByIDs(ctx, c.SkillIDs)
	for _, skillID := range slices.Sorted(slices.Values(c.SkillIDs)) {
		if k := skills[skillID]; k != nil {
			a.Skills = append(a.Skills, certificate.Skill{ID: k.ID, Names: k.Names})
		}
	}
	return a, err
}

// issue gives the person of a booking the certificate of a course that they have completed.
func (s *Service) issue(ctx context.Context, a certificate.Award, c *Course, b *booking.Booking) error {
	a.PersonID = b.PersonID
	for _, session := range c.Attended(enrolment(b)) {
		a.Attended++
		a.Minutes += int(session.EndsAt.Sub(session.StartsAt).Minutes())
	}
	return s.Certificates.Issue(ctx, a)
}
