package announcement

import (
	"context"
	"slices"

	"faellesskab/internal/privacy"
)

// collections are the entries of the register of what is kept about people.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{{
		Name:      collection,
		Purpose:   "Groups speak to their members, organisers to people with a booking, and the municipality to its residents. What goes to many is approved by a second person.",
		Basis:     privacy.PublicTask,
		Whose:     "The group's or the municipality's. Who wrote an announcement or a correction of it, approved, rejected or stopped it is that person's as well.",
		Retention: privacy.For(keepFor) + " after it was written.",
		Ends:      "The job “old announcements”. Erasure takes out who wrote it and who decided.",
		Kept: "The announcement with its texts, what was decided and when, and how many it reached, because it is the group's or the municipality's. " +
			"Who announced for the municipality, and who decided, stays in the audit trail.",
		ShardKey: privacy.Unsharded,
		Export:   s.store.export,
		Erase:    s.erase,
	}}
}

// people are the ids of everybody whom the announcement names: by them it is found when
// one of them is erased.
func (a *Announcement) people() []string {
	named := []string{}
	for _, field := range a.naming() {
		if personID := *field; personID != "" && !slices.Contains(named, personID) {
			named = append(named, personID)
		}
	}
	return named
}

// naming are the fields that name somebody.
func (a *Announcement) naming() []*string {
	fields := []*string{&a.AuthorID, &a.Decided.ApproverID, &a.Decided.RejecterID, &a.Decided.StopperID}
	if a.Proposed != nil {
		fields = append(fields, &a.Proposed.AuthorID)
	}
	for i := range a.FormerAuthorIDs {
		fields = append(fields, &a.FormerAuthorIDs[i])
	}
	return fields
}

// erase takes a person out of some of the announcements that name them. left says that
// there were any: one that somebody has decided about meanwhile is found again.
func (s *Service) erase(ctx context.Context, personID string) (left bool, err error) {
	return privacy.Each[*Announcement]{
		Find: func(ctx context.Context, except []string) ([]*Announcement, error) {
			return s.store.naming(ctx, personID, except)
		},
		ID: func(a *Announcement) string { return a.ID },
		Erase: func(ctx context.Context, a *Announcement) error {
			a.forget(personID)
			return s.store.saveErased(ctx, a)
		},
	}.Do(ctx)
}

// forget takes a person out of an announcement. It is a new version, so that whoever has
// read the old one and decides by it does not write the person back.
func (a *Announcement) forget(personID string) {
	if a.AuthorID == personID || slices.Contains(a.FormerAuthorIDs, personID) {
		a.Slot = a.ID // theirs is made of what they were
	}
	for _, field := range a.naming() {
		if *field == personID {
			*field = ""
		}
	}
	a.FormerAuthorIDs = slices.DeleteFunc(a.FormerAuthorIDs, func(personID string) bool { return personID == "" })
	a.Version++
}
