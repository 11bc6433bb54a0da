package outbox

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

// Marks say which effects have been counted into a document, so that an effect that is
// repeated is counted once. They are by the effects' ids.
type Marks map[string]Mark

// Mark is the mark of one effect.
type Mark struct {
	At time.Time `bson:"at"`
	// Of is the id of the document that holds the effect. It is empty if it named
	// somebody who has been erased.
	Of string `bson:"of"`
}

// Counter is a document into which effects are counted.
type Counter struct {
	Doc   Ref
	Marks string // the field that holds the document's Marks
	// Kept is how long a mark is kept at least. That must be longer than two processes
	// can work on the same effect at once.
	Kept time.Duration
}

// maxForgotten is how many old marks one count looks at, since many may have come at
// once.
const maxForgotten = 20

// CountOnce adds to numbers of a document, once per effect. It also removes old marks
// whose effects are gone. If there is no such document, it does nothing.
func (o *Outbox) CountOnce(ctx context.Context, call Call, c Counter, add bson.D) error {
	path := c.Marks + "." + call.EffectID
	now := o.store.db.Now()
	raw, err := mongodb.One[bson.Raw]("count an effect", o.store.db.Collection(c.Doc.Collection).FindOneAndUpdate(ctx,
		bson.D{{Key: "_id", Value: c.Doc.ID}, {Key: path, Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{
			{Key: "$inc", Value: add},
			{Key: "$set", Value: bson.D{{Key: path, Value: Mark{At: now, Of: call.Doc.ID}}}},
		}, options.FindOneAndUpdate().SetReturnDocument(options.After)))
	if fault.Is(err, fault.KindNotFound) {
		return nil // it has been counted before
	}
	if err != nil {
		return err
	}
	var marks Marks
	if err := raw.Lookup(c.Marks).Unmarshal(&marks); err != nil {
		return mongodb.Translate("read marks", err)
	}
	return o.forgetMarks(ctx, c, call.Doc.Collection, marks.before(now.Add(-c.Kept)))
}

// before are the marks from before an instant, as many as one count looks at.
func (m Marks) before(at time.Time) Marks {
	old := Marks{}
	for id, mark := range m {
		if mark.At.Before(at) && len(old) < maxForgotten {
			old[id] = mark
		}
	}
	return old
}

// forgetMarks removes those of the marks whose effects are gone.
func (o *Outbox) forgetMarks(ctx context.Context, c Counter, collection string, old Marks) error {
	gone := bson.D{}
	for id, mark := range old {
		again, err := o.IsPending(ctx, Ref{Collection: collection, ID: mark.Of}, id)
		if err != nil {
			return err
		}
		if !again {
			gone = append(gone, bson.E{Key: c.Marks + "." + id, Value: ""})
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return o.store.update(ctx, c.Doc, bson.D{{Key: "$unset", Value: gone}})
}

// Unname is an update that takes the id of a document, which names somebody, out of the
// marks in a field; nil if it is in none. That the effects were counted stays.
func (m Marks) Unname(field, docID string) bson.D {
	var set bson.D
	for id, mark := range m {
		if mark.Of == docID {
			set = append(set, bson.E{Key: field + "." + id + ".of", Value: ""})
		}
	}
	if set == nil {
		return nil
	}
	return bson.D{{Key: "$set", Value: set}}
}
