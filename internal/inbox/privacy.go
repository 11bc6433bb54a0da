package inbox

import (
	"context"

	"faellesskab/internal/privacy"
)

// collections are the entries of the register of what is kept about people.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name:      notices,
			Purpose:   "People find in their inbox what they were told, why they were told it, and by which rule it came as it did.",
			Basis:     privacy.PublicTask,
			Whose:     "The person's who was told. News about somebody, such as that they ask to join a group, is that person's as well.",
			Retention: privacy.For(keepNotices) + "; what was decided but not shown, " + privacy.For(keepLedger) + ".",
			Ends:      "The job “old notices”, and erasure. Erasing somebody also removes what others were told about them.",
			Kept:      "What people have written, in announcements and in the titles of events, is theirs, also where it mentions somebody.",
			ShardKey:  byPerson,
			AskAll: map[string]string{
				"opened":    "a report counts who has opened an announcement",
				"acted":     "a report counts who has answered it by a button",
				"dismissed": "a report counts who has swiped an announcement away",
				"about":     "an export or an erasure finds what others were told about somebody",
				"hidden":    "the hourly job looks everywhere for what is old",
				"summaryIn": "a summary is for everybody who wants theirs at that time",
			},
			Export: s.store.exportNotices,
			Erase:  s.eraseNotices,
		},
		{
			Name:      ledger,
			Purpose:   "It can be found out why somebody was or was not told something, and whether it came to their phone.",
			Basis:     privacy.Security,
			Whose:     "The person's who was to be told.",
			Retention: privacy.For(keepLedger) + ".",
			Ends:      "The job “old notices”, and erasure.",
			ShardKey:  byPerson,
			AskAll:    map[string]string{"at": "the hourly job looks everywhere for what is old"},
			Export:    s.store.exportHandovers,
			Erase:     s.store.eraseHandovers,
		},
		{
			Name:      settings,
			Purpose:   "People are told what they want to be told, when they want it.",
			Basis:     privacy.PublicTask,
			Whose:     "The person's own.",
			Retention: "For as long as the person has an account.",
			Ends:      "Erasure.",
			ShardKey:  privacy.HashedID,
			Export:    s.store.exportSettings,
			Erase:     s.store.eraseSettings,
		},
	}
}

// eraseNotices removes some of what is to be erased, and ends what the person follows
// live in this process: others notice within half a minute.
func (s *Service) eraseNotices(ctx context.Context, personID string) (left bool, err error) {
	s.feed.end([]string{personID})
	return Keeper{store: s.store, bus: s.Bus}.eraseNotices(ctx, personID)
}

// Erase removes a person's notices and lines of the ledger, and what others were told
// about them. It is for the delivery, which may have written some while the person was
// being erased.
func (k Keeper) Erase(ctx context.Context, personID string) error {
	for _, erase := range []privacy.Erase{k.eraseNotices, k.eraseHandovers} {
		for left := true; left; {
			var err error
			if left, err = erase(ctx, personID); err != nil {
				return err
			}
		}
	}
	return nil
}

// eraseNotices removes some of a person's notices, and of those about them. Those who
// are looking see that these have gone.
func (k Keeper) eraseNotices(ctx context.Context, personID string) (left bool, err error) {
	ids, left, err := k.store.eraseNotices(ctx, personID)
	if err == nil {
		k.bus.Tell(notices, ids...)
	}
	return left, err
}
