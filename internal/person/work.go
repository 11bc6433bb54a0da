package person

import (
	"slices"
	"time"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
)

// cleanWork tidies the contact details of somebody's work. Empty means none.
func (in *ProfileInput) cleanWork(p *fault.Problems) {
	in.WorkEmail = optional.Map(in.WorkEmail, func(s string) string { return area.CleanEmail(p, "input.workEmail", s) })
	in.WorkPhone = optional.Map(in.WorkPhone, func(s string) string { return area.CleanPhone(p, "input.workPhone", s) })
}

// checkWork refuses contact details of work that somebody without an office would publish. They can always take
// theirs away.
func (in ProfileInput) checkWork(p *Person, now time.Time) error {
	for _, one := range []optional.Edit[string]{in.WorkEmail, in.WorkPhone} {
		if wanted := one.Value(); wanted != nil && *wanted != "" && !p.Viewer().HoldsOffice(now) {
			return fault.Forbidden("person.work.office")
		}
	}
	return nil
}

// WorkEmail is the e-mail address that the person publishes for their work. It is nil if there is none, or
// they hold no office any more.
func (s *Service) WorkEmail(p *Person) *string { return s.ofWork(p, p.OwnWorkEmail) }

// WorkPhone is the telephone number that the person publishes for their work. It is nil if there is none, or
// they hold no office any more.
func (s *Service) WorkPhone(p *Person) *string { return s.ofWork(p, p.OwnWorkPhone) }

func (s *Service) ofWork(p *Person, detail string) *string {
	if detail == "" || !p.Viewer().HoldsOffice(s.DB.Now()) {
		return nil
	}
	return &detail
}

// Builders are those of these people who are still fælles-skabere and may sign in.
func (s *Service) Builders(people []*Person) []*Person {
	return slices.DeleteFunc(slices.Clone(people), func(p *Person) bool {
		return p.Admits() != nil || !slices.Contains(p.OwnRoles, auth.RoleCommunityBuilder)
	})
}
