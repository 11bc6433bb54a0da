package audit

import (
	"context"
	"strings"
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
)

// Keep is how long entries are kept, which is as long as somebody may ask who decided what.
const Keep = 5 * 365 * 24 * time.Hour

// collections are the entries in the register of privacy.
func (l *Log) collections() []privacy.Collection {
	return []privacy.Collection{{
		Name: collection,
		Purpose: "What staff and admins have done with what they may do, and who has decided about announcements: who, what, to whom, when, and " +
			"the reason that they gave.",
		Basis:     privacy.LegalObligation,
		Whose:     "Those who have acted, and those to whom it was done: by their random ids.",
		Retention: privacy.For(Keep) + ".",
		Ends:      "A daily job. Nothing else: a record that could be taken away would prove nothing.",
		Kept: "All of it, for that long, since the authority must be able to say who decided what. It holds the person's random id, which " +
			"leads to nobody any more, no name of the person's, and the reason in the words of whoever decided.",
		ShardKey: privacy.Unsharded,
		Export:   l.store.export,
		Erase:    func(context.Context, string) (bool, error) { return false, nil },
	}}
}

// record is an entry in the export of a person whom it names. It names nobody else: neither who acted, since
// staff act for the municipality, nor the people to whom the person has done something.
func (e Entry) record(personID string) map[string]any {
	details := make(map[string]string, len(e.Details))
	for key, text := range e.Details {
		details[key] = withoutOthers(text, personID)
	}
	return map[string]any{"action": e.Action, "at": e.At.UTC(), "subject": withoutOthers(e.Subject, personID), "details": details, "byYou": e.Actor == personID}
}

// withoutOthers is the text with the ids of all other people replaced.
func withoutOthers(text, personID string) string {
	for _, other := range id.PeopleIn(text) {
		if other != personID {
			text = strings.ReplaceAll(text, other, "somebody else")
		}
	}
	return text
}

// Purge removes entries whose time has passed.
func (l *Log) Purge(ctx context.Context) error {
	return l.store.purge(ctx, l.store.db.Now().Add(-Keep))
}
