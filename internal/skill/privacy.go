package skill

import "faellesskab/internal/privacy"

// collections is the entry of skills. The person's own document says which of them a person has or
// wants.
func collections() []privacy.Collection {
	return []privacy.Collection{{
		Name: collection, Basis: privacy.NotPersonal, ShardKey: privacy.Unsharded,
		Purpose:   "To name the skills that courses teach and that people want to learn.",
		Whose:     "Nobody's: it is a list of words.",
		Retention: "As long as the service.",
		Ends:      "Nothing: skills stay, because courses and people refer to them. One that is taught no more is retired.",
	}}
}
