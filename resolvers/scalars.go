package resolvers

import "faellesskab/internal/clock"

// Scalars read the values of the schema's own scalars, before anything is resolved.
func Scalars() map[string]func(value any) error {
	return map[string]func(value any) error{
		"DateTime":      func(value any) error { _, err := clock.ReadInstant(value); return err },
		"LocalDateTime": func(value any) error { return new(clock.Local).UnmarshalGQL(value) },
		"TimeOfDay":     func(value any) error { return new(clock.Daily).UnmarshalGQL(value) },
		"TimeZone":      func(value any) error { return new(clock.Zone).UnmarshalGQL(value) },
	}
}
