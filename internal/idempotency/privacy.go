package idempotency

import "faellesskab/internal/privacy"

// Collection is the records' entry in the register of privacy.
func (k *Keys) Collection() privacy.Collection {
	return privacy.Collection{
		Name: collection,
		Purpose: "The outcome of each change that somebody has made in the app, so that a change is not made twice when a phone with a bad " +
			"connection sends it again.",
		Basis: privacy.PublicTask,
		Whose: "The person's own. The outcome is sealed with what only the person's phone knows; the municipality cannot read it. " +
			"Those of others may speak of the person as well, and only their phones can read them.",
		Retention: privacy.For(Retention) + ".",
		Ends:      "A TTL index, a job where the database has none, and erasure.",
		Kept: "The outcomes of others that speak of the person, for the rest of their " + privacy.For(Retention) + ": they are sealed, so nobody but " +
			"these others' phones can find the person in them.",
		ShardKey: privacy.HashedID,
		AskAll: map[string]string{
			"_id":       "an export or an erasure finds all that a person has called",
			"expiresAt": "the database or a job removes what is over",
		},
		Export: k.store.export,
		Erase:  k.store.erase,
	}
}
