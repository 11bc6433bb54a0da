package calendar

import (
	"faellesskab/internal/part"
	"faellesskab/internal/privacy"
)

// Part is what calendars bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{Indexes: indexes(), Collections: []privacy.Collection{{
		Name: feeds,
		Purpose: "A person follows what they have signed up for, or what a group or an area does, in the calendar program of their phone or computer. It holds digests of " +
			"the secret in the address, by which the program is known.",
		Basis:     privacy.Consent,
		Whose:     "The person's who has asked for the address.",
		Retention: "Until the person leaves the group, and otherwise as long as they have an account. Another address takes the place of the old one.",
		Ends:      "Leaving the group, and erasure.",
		ShardKey:  privacy.Unsharded,
		Export:    s.store.export,
		Erase:     s.store.erase,
	}}}
}
