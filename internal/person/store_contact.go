package person

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// setContacts writes by which contacts a person is reached. The version stays: nobody sees them.
func (s store) setContacts(ctx context.Context, personID string, keys []string, asOf time.Time, b outbox.Batch) error {
	set := bson.D{{Key: "contactsAsOf", Value: asOf}}
	update := bson.D{{Key: "$set", Value: append(set, bson.E{Key: "contactKeys", Value: keys})}}
	if len(keys) == 0 {
		update = bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: bson.D{{Key: "contactKeys", Value: ""}}}}
	}
	res, err := s.update(ctx, personID, alive(personID), outbox.Stamp(update, b))
	if err == nil && res.MatchedCount == 0 {
		return fault.NotFound("person.not_found")
	}
	return mongodb.Translate("set contacts", err)
}

func (s store) withContact(ctx context.Context, key string) ([]*Person, error) {
	return mongodb.All[*Person](ctx, "find who has a contact", s.db.Collection(collection), bson.D{{Key: "contactKeys", Value: key}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(maxOfContact))
}
