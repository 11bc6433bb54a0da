package outbox

import (
	"context"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// finish removes the effects of a batch that are done or put aside, and its entries.
// again is the entry for the effects that stay, empty if none do.
func (s store) finish(ctx context.Context, doc Ref, r outcome, entries []string, again string) error {
	if again == "" {
		return s.leave(ctx, doc, r, entries)
	}
	var change bson.D
	if !slices.Contains(entries, again) {
		change = bson.D{{Key: "$addToSet", Value: bson.D{{Key: "due", Value: again}}}}
	}
	if err := s.clear(ctx, doc, r, change); err != nil {
		return err
	}
	// The new entry is written before the old ones are removed, so that a sweep always
	// finds the effects that stay.
	old := slices.DeleteFunc(slices.Clone(entries), func(e string) bool { return e == again })
	if len(old) == 0 {
		return nil
	}
	return s.update(ctx, doc, bson.D{{Key: "$pullAll", Value: bson.D{{Key: "due", Value: old}}}})
}

// leave removes all effects of a batch, and its entries. The field due goes with its last
// entry, since a document that has it is in the index of what is due, if it is empty too.
func (s store) leave(ctx context.Context, doc Ref, r outcome, entries []string) error {
	pull := bson.D{{Key: "$pullAll", Value: bson.D{{Key: "due", Value: entries}}}}
	drop := bson.D{{Key: "$unset", Value: bson.D{{Key: "due", Value: ""}}}}
	alone := bson.E{Key: "due", Value: bson.D{{Key: "$size", Value: len(entries)}, {Key: "$all", Value: entries}}}
	beside := bson.E{Key: "due." + strconv.Itoa(len(entries)), Value: bson.D{{Key: "$exists", Value: true}}}
	for _, way := range []struct {
		when   bson.E
		change bson.D
	}{{alone, drop}, {beside, pull}} {
		done, err := s.clearIf(ctx, doc, r, bson.D{way.when}, way.change)
		if err != nil || done {
			return err
		}
	}
	// Another process is carrying out the batch too, or a batch beside it has just come or gone.
	if err := s.clear(ctx, doc, r, pull); err != nil {
		return err
	}
	_, err := s.db.Collection(doc.Collection).UpdateOne(ctx,
		append(s.one(doc), bson.E{Key: "due", Value: bson.D{{Key: "$size", Value: 0}}}), drop)
	return mongodb.Translate("clear effects", err)
}

// clear removes effects, and whatever those of them that are claims have claimed.
func (s store) clear(ctx context.Context, doc Ref, r outcome, change bson.D) error {
	done, err := s.clearIf(ctx, doc, r, nil, change)
	if err != nil || done || len(r.claims) == 0 {
		return err
	}
	// A process that finishes a batch late must not clear the claim that a newer
	// batch has put in the same place.
	return s.update(ctx, doc, removing(change, r.gone...))
}

// clearIf is clear of a document that fits a condition and still has the claims. done is
// false if it does not.
func (s store) clearIf(ctx context.Context, doc Ref, r outcome, when, change bson.D) (done bool, err error) {
	filter := append(s.one(doc), when...)
	for _, eid := range r.claims {
		filter = append(filter, bson.E{Key: "effects." + eid, Value: bson.D{{Key: "$exists", Value: true}}})
	}
	update := removing(change, r.gone...)
	for _, path := range r.clear {
		update = merge(update, "$unset", bson.D{{Key: path, Value: ""}})
	}
	if len(update) == 0 {
		return true, nil
	}
	res, err := s.db.Collection(doc.Collection).UpdateOne(ctx, filter, update)
	if err != nil {
		return false, mongodb.Translate("clear effects", err)
	}
	return res.MatchedCount == 1, nil
}

// removing is a change that also removes effects.
func removing(change bson.D, effects ...string) bson.D {
	update := slices.Clone(change)
	for _, eid := range effects {
		update = merge(update, "$unset", bson.D{{Key: "effects." + eid, Value: ""}})
	}
	return update
}

func (s store) update(ctx context.Context, doc Ref, update bson.D) error {
	if len(update) == 0 {
		return nil
	}
	_, err := s.db.Collection(doc.Collection).UpdateOne(ctx, s.one(doc), update)
	return mongodb.Translate("clear effects", err)
}
