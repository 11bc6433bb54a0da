package area

import (
	"slices"

	"faellesskab/internal/text"
)

// municipality are the names of the municipality itself, which no person and no group may have.
var municipality = []string{"Holbæk Kommune", "Holbæk Municipality", "Municipality of Holbæk", "Kommunen", "Borgmesteren", "Holbæk Byråd"}

// IsMunicipality reports whether a name, given by its skeleton, is taken for the municipality's.
func IsMunicipality(nameKey string) bool {
	return slices.ContainsFunc(municipality, func(name string) bool { return text.Skeleton(name) == nameKey })
}
