package poll

import "faellesskab/internal/privacy"

// collections are the entries in the register of privacy.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{{
		Name:      collection,
		Purpose:   "What groups ask their members.",
		Basis:     privacy.PublicTask,
		Whose:     "That of who has asked, by their random id. The question is the group's.",
		Retention: "As long as the group.",
		Ends:      "Erasure.",
		Kept:      "The question, which is the group's, without who has asked.",
		ShardKey:  privacy.Unsharded,
		Export:    s.store.export,
		Erase:     s.store.erase,
	}}
}
