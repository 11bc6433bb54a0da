package outbox

import (
	"context"
	"slices"

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
	for i := range b.Effects {
		set = append(set, bson.E{Key: "effects." + effectID(b.ID, i), Value: b.effect(i)})
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

// finish removes what is done of a batch, and the batch if nothing is left of it.
func (s store) finish(ctx context.Context, doc Ref, batch string, r outcome) error {
	for eid, done := range r.left {
		if err := s.mark(ctx, doc, eid, done); err != nil {
			return err
		}
	}
	if len(r.gone) == 0 && len(r.left) > 0 {
		return nil
	}
	unset := bson.D{}
	for _, eid := range r.gone {
		unset = append(unset, bson.E{Key: "effects." + eid, Value: ""})
	}
	if len(r.claims) == 0 {
		_, err := s.remove(ctx, doc, batch, nil, unset, len(r.left) == 0)
		return err
	}
	clearing := slices.Clone(unset)
	for _, path := range r.clear {
		clearing = append(clearing, bson.E{Key: path, Value: ""})
	}
	// Whoever finishes a batch late must not clear what a newer batch has put in
	// the same place.
	ok, err := s.remove(ctx, doc, batch, r.claims, clearing, len(r.left) == 0)
	if err != nil || ok {
		return err
	}
	_, err = s.remove(ctx, doc, batch, nil, unset, len(r.left) == 0)
	return err
}

// remove removes fields of the document if all these effects are still there.
func (s store) remove(ctx context.Context, doc Ref, batch string, still []string, fields bson.D, whole bool) (ok bool, err error) {
	filter := bson.D{{Key: "_id", Value: doc.ID}}
	for _, eid := range still {
		filter = append(filter, bson.E{Key: "effects." + eid, Value: bson.D{{Key: "$exists", Value: true}}})
	}
	var update bson.D
	if len(fields) > 0 {
		update = bson.D{{Key: "$unset", Value: fields}}
	}
	if whole {
		update = append(update, bson.E{Key: "$pull", Value: bson.D{{Key: "due", Value: batch}}})
	}
	res, err := s.db.Collection(doc.Collection).UpdateOne(ctx, filter, update)
	if err != nil {
		return false, mongodb.Translate("clear effects", err)
	}
	return res.MatchedCount == 1, nil
}

// mark remembers the subscribers of an effect that need not be called again,
// unless another process has finished it meanwhile.
func (s store) mark(ctx context.Context, doc Ref, eid string, done []string) error {
	if len(done) == 0 {
		return nil
	}
	path := "effects." + eid
	_, err := s.db.Collection(doc.Collection).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: doc.ID}, {Key: path, Value: bson.D{{Key: "$exists", Value: true}}}},
		bson.D{{Key: "$addToSet", Value: bson.D{{Key: path + ".done", Value: bson.D{{Key: "$each", Value: done}}}}}})
	return mongodb.Translate("mark subscribers", err)
}
