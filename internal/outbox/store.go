package outbox

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

const sweepLimit = 100

type store struct{ db *mongodb.DB }

type dueDoc struct {
	ID      string `bson:"_id"`
	Pending `bson:",inline"`
}

var pendingFields = bson.D{{Key: "effects", Value: 1}, {Key: "due", Value: 1}}

// Indexes are the indexes that a sweep of these collections needs.
func (o *Outbox) Indexes() []mongodb.Index {
	list := make([]mongodb.Index, len(o.collections))
	for i, c := range o.collections {
		list[i] = mongodb.Index{Collection: c, Keys: bson.D{{Key: "due", Value: 1}}}
	}
	return list
}

// Stamp adds the batch to an update of the document, so that one write makes
// the change and records what follows. The update is changed in place where
// its operators already exist, and returned.
func Stamp(update bson.D, b Batch) bson.D {
	if len(b.Effects) == 0 {
		return update
	}
	var set bson.D
	for i, e := range b.Effects {
		set = append(set, bson.E{Key: "effects." + effectID(b.ID, i), Value: e})
	}
	update = merge(update, "$set", set)
	return merge(update, "$push", bson.D{{Key: "due", Value: b.ID}})
}

func merge(update bson.D, operator string, fields bson.D) bson.D {
	for i, e := range update {
		if e.Key == operator {
			update[i].Value = append(e.Value.(bson.D), fields...)
			return update
		}
	}
	return append(update, bson.E{Key: operator, Value: fields})
}

func (s store) pending(ctx context.Context, doc Ref) (Pending, error) {
	var d dueDoc
	err := s.db.Collection(doc.Collection).FindOne(ctx, bson.D{{Key: "_id", Value: doc.ID}},
		options.FindOne().SetProjection(pendingFields)).Decode(&d)
	err = mongodb.Translate("read effects", err)
	if fault.Is(err, fault.KindNotFound) {
		return Pending{}, nil
	}
	return d.Pending, err
}

func (s store) due(ctx context.Context, collection, before string) ([]dueDoc, error) {
	return mongodb.All[dueDoc](ctx, "find due effects", s.db.Collection(collection),
		bson.D{{Key: "due", Value: bson.D{{Key: "$lt", Value: before}}}},
		options.Find().SetProjection(pendingFields).SetLimit(sweepLimit))
}

func (s store) done(ctx context.Context, doc Ref, batch string, ids, clear []string) error {
	unset := bson.D{}
	for _, path := range clear {
		unset = append(unset, bson.E{Key: path, Value: ""})
	}
	for _, eid := range ids {
		unset = append(unset, bson.E{Key: "effects." + eid, Value: ""})
	}
	filter := bson.D{{Key: "_id", Value: doc.ID}}
	if len(clear) > 0 {
		// Whoever finishes a batch late must not clear what a newer batch has put
		// in the same place.
		filter = append(filter, bson.E{Key: "due", Value: batch})
	}
	_, err := s.db.Collection(doc.Collection).UpdateOne(ctx, filter,
		bson.D{{Key: "$unset", Value: unset}, {Key: "$pull", Value: bson.D{{Key: "due", Value: batch}}}})
	return mongodb.Translate("clear effects", err)
}
