package inbox

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
)

const ledger = "notice_ledger"

func (s store) ledger() mongodb.Owned { return s.db.Owned(ledger, byPerson) }

func ledgerIndexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: ledger, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "subject", Value: 1}, {Key: "at", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: ledger, Keys: bson.D{{Key: "at", Value: 1}}},
	}
}

// maxLedger is how many lines of each sort are returned, from the newest.
const maxLedger = 250

// noticesAbout are a person's notices of a subject, hidden ones too. It reads all that
// the person was told: people ask seldom, and an index by subject would cost each notice.
func (s store) noticesAbout(ctx context.Context, personID, subjectID string, since time.Time) ([]*Notice, error) {
	var list []*Notice
	err := s.eachSince(ctx, bson.D{{Key: "personId", Value: personID}, either("hidden"), either("unread")}, since, func(n *Notice) error {
		if n.SubjectID == subjectID {
			list = append(list, n)
		}
		return nil
	})
	return list[max(0, len(list)-maxLedger):], err
}

// handovers are the ledger's lines about a person and a subject.
func (s store) handovers(ctx context.Context, personID, subjectID string, since time.Time) ([]Handover, error) {
	list, err := mongodb.All[Handover](ctx, "read the ledger", s.db.Collection(ledger),
		bson.D{{Key: "personId", Value: personID}, {Key: "subject", Value: subjectID}, {Key: "at", Value: bson.D{{Key: "$gte", Value: since}}}},
		options.Find().SetSort(mongodb.KeysetSort("at", true)).SetLimit(maxLedger))
	slices.Reverse(list)
	return list, err
}

// ShownOf are the ledger's lines about these subjects since an instant that say what these people's devices took,
// in the order of their time.
func (s store) ShownOf(ctx context.Context, people, subjects []string, since time.Time) ([]Handover, error) {
	list, err := mongodb.All[Handover](ctx, "read what was shown", s.db.Collection(ledger),
		bson.D{{Key: "personId", Value: bson.D{{Key: "$in", Value: people}}}, {Key: "subject", Value: bson.D{{Key: "$in", Value: subjects}}},
			{Key: "at", Value: bson.D{{Key: "$gte", Value: since}}}})
	list = slices.DeleteFunc(list, func(h Handover) bool { return string(h.Outcome) != push.Sent.String() })
	slices.SortStableFunc(list, func(a, b Handover) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	return list, err
}

// removeHandovers removes the lines of the ledger from before an instant.
func (s store) removeHandovers(ctx context.Context, before time.Time) error {
	return s.ledger().RemoveAll(ctx, "purge the ledger", bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: before}}}})
}

// AddHandovers appends lines to the ledger. Lines that exist already stay.
func (s store) AddHandovers(ctx context.Context, list []Handover) error {
	if len(list) == 0 {
		return nil
	}
	_, err := s.db.Collection(ledger).InsertMany(ctx, list, options.InsertMany().SetOrdered(false))
	if _, ok := mongodb.Duplicates(err); ok {
		return nil
	}
	return mongodb.Translate("add to the ledger", err)
}
