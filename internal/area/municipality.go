package area

import (
	"context"
	"slices"
	"strings"

	"faellesskab/internal/text"
)

// municipality are the names of the municipality itself, which no person and no group may have.
var municipality = []string{"Holbæk Kommune", "Holbæk Municipality", "Municipality of Holbæk", "Kommunen", "Borgmesteren", "Holbæk Byråd"}

// IsMunicipality reports whether a name, given by its skeleton, is taken for the municipality's.
func IsMunicipality(nameKey string) bool {
	return slices.ContainsFunc(municipality, func(name string) bool { return text.Skeleton(name) == nameKey })
}

// IsContactOtherwise reports whether a name, given with its skeleton, is taken for that of a contact person of
// an area, but is written in another way. Contact persons may have an account too, and are called the same
// there.
func (s *Service) IsContactOtherwise(ctx context.Context, name, nameKey string) (bool, error) {
	areas, err := s.List(ctx)
	return slices.ContainsFunc(areas, func(a *Area) bool {
		return slices.ContainsFunc(a.Contacts, func(c ContactPerson) bool {
			return text.Skeleton(c.Name) == nameKey && !strings.EqualFold(c.Name, name)
		})
	}), err
}
