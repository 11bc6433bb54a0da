package outbox

import (
	"cmp"
	"context"
	"errors"
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
	// Effect is the id of the effect, if it was counted under another id.
	Effect string `bson:"effect,omitempty"`
}

// Counter is a document into which effects are counted.
//
// A mark goes when its effect is gone. The document then remembers the highest id of the
// marks that went, in a field named after Marks ("releasedUpTo"). An effect without a mark
// whose id is not above that was either done long ago, and a process that was asleep comes
// late with it; or it has waited for long, and was never counted. Its own document tells
// which: there the effect gets a newer id to be counted under, if it is still there.
type Counter struct {
	Doc   Ref
	Marks string // the field that holds the document's Marks
	// Kept is how long a mark is kept at least.
	Kept time.Duration
}

func (c Counter) upTo() string { return c.Marks + "UpTo" }

// maxForgotten is how many old marks one count looks at, since many may have come at
// once.
const maxForgotten = 20

// errRenewed says that another process has given an effect a newer id at the same time.
var errRenewed = errors.New("another process counts the effect")

// CountOnce adds to numbers of a document, once per effect. It also removes old marks
// whose effects are gone. If there is no such document, it does nothing.
func (o *Outbox) CountOnce(ctx context.Context, call Call, c Counter, add bson.D) error {
	mark := Mark{At: o.store.db.Now(), Of: call.Doc.ID}
	countedAs := cmp.Or(call.countedAs(), call.EffectID)
	marks, err := o.store.count(ctx, c, countedAs, mark, add)
	if fault.Is(err, fault.KindNotFound) {
		var isOld bool
		if isOld, err = o.store.isForgotten(ctx, c, countedAs); err != nil || !isOld {
			return fault.UnlessNotFound(err) // it has been counted before
		}
		if mark.Effect = call.EffectID; call.as == nil {
			call.as = new(string)
		}
		if countedAs, err = o.renew(ctx, call); err != nil || countedAs == "" {
			return err
		}
		marks, err = o.store.count(ctx, c, countedAs, mark, add)
	}
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	return o.forgetMarks(ctx, c, call.Doc.Collection, marks.before(mark.At.Add(-c.Kept)))
}

// renew gives an effect a newer id under which it is counted. The id is empty if the effect
// is gone, since it was done by another process.
func (o *Outbox) renew(ctx context.Context, call Call) (string, error) {
	newer := o.Batch().ID
	ok, err := o.store.renew(ctx, call, newer)
	if err != nil {
		return "", err
	}
	if ok {
		*call.as = newer
		return newer, nil
	}
	left, err := o.store.hasEffect(ctx, call.Doc, call.EffectID)
	if err == nil && left {
		err = errRenewed
	}
	return "", err
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
	gone, upTo := bson.D{}, ""
	for id, mark := range old {
		again, err := o.IsPending(ctx, Ref{Collection: collection, ID: mark.Of}, cmp.Or(mark.Effect, id))
		if err != nil {
			return err
		}
		if !again {
			gone, upTo = append(gone, bson.E{Key: c.Marks + "." + id, Value: ""}), max(upTo, id)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return o.store.update(ctx, c.Doc, bson.D{{Key: "$unset", Value: gone}, {Key: "$max", Value: bson.D{{Key: c.upTo(), Value: upTo}}}})
}

// count adds to numbers of a document under a mark. Returns NotFound if the document is gone,
// has the mark, or has forgotten marks that are as old.
func (s store) count(ctx context.Context, c Counter, countedAs string, mark Mark, add bson.D) (Marks, error) {
	path := c.Marks + "." + countedAs
	raw, err := mongodb.One[bson.Raw]("count an effect", s.db.Collection(c.Doc.Collection).FindOneAndUpdate(ctx,
		append(s.one(c.Doc), bson.E{Key: path, Value: bson.D{{Key: "$exists", Value: false}}},
			bson.E{Key: c.upTo(), Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: countedAs}}}}}),
		bson.D{{Key: "$inc", Value: add}, {Key: "$set", Value: bson.D{{Key: path, Value: mark}}}},
		options.FindOneAndUpdate().SetReturnDocument(options.After)))
	if err != nil {
		return nil, err
	}
	var marks Marks
	return marks, mongodb.Translate("read marks", raw.Lookup(c.Marks).Unmarshal(&marks))
}

// isForgotten reports whether a mark may have been removed, since it is not there, and marks
// that are newer were removed. Returns NotFound if the document is gone.
func (s store) isForgotten(ctx context.Context, c Counter, countedAs string) (bool, error) {
	path := c.Marks + "." + countedAs
	raw, err := mongodb.One[bson.Raw]("look for a mark", s.db.Collection(c.Doc.Collection).FindOne(ctx, s.one(c.Doc),
		options.FindOne().SetProjection(bson.D{{Key: c.upTo(), Value: 1}, {Key: path, Value: 1}})))
	if err != nil {
		return false, err
	}
	upTo, _ := raw.Lookup(c.upTo()).StringValueOK()
	_, isCounted := raw.Lookup(c.Marks, countedAs).DocumentOK()
	return !isCounted && countedAs <= upTo, nil
}

// renew lets an effect be counted under a newer id. ok is false if the effect is gone, or has
// got another id meanwhile.
func (s store) renew(ctx context.Context, call Call, newer string) (ok bool, err error) {
	path := "effects." + call.EffectID
	was := bson.E{Key: path + ".as", Value: bson.D{{Key: "$exists", Value: false}}}
	if *call.as != "" {
		was.Value = *call.as
	}
	res, err := s.db.Collection(call.Doc.Collection).UpdateOne(ctx,
		append(s.one(call.Doc), bson.E{Key: path, Value: bson.D{{Key: "$exists", Value: true}}}, was),
		bson.D{{Key: "$set", Value: bson.D{{Key: path + ".as", Value: newer}}}})
	if err != nil {
		return false, mongodb.Translate("renew effect", err)
	}
	return res.MatchedCount == 1, nil
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
