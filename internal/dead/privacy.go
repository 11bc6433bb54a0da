package dead

import "faellesskab/internal/privacy"

// Collection is the letters' entry in the register of privacy.
func (s Store) Collection() privacy.Collection {
	return privacy.Collection{
		Name:      letters,
		Purpose:   "What was tried ten times in vain, so that an operator can mend the reason and have it done after all.",
		Basis:     privacy.Security,
		Whose:     "That of the people it is about: by their random ids, and with the words of the news that was to be sent.",
		Retention: privacy.For(Keep) + ".",
		Ends:      "An hourly job, an operator who has it tried again, and erasure. What was to be done is not done then; only a claim, such as one on a seat, is tried once more.",
		Kept:      "Only the erasure itself, if it is what has failed: until it has been tried again and is done.",
		ShardKey:  privacy.Unsharded,
		Export:    s.export,
		Erase:     s.erase,
	}
}
