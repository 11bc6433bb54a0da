package outbox

import (
	"context"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

// sweepPage is how many documents of a collection a sweep looks at before it turns
// to the next collection.
const sweepPage = 100

type store struct {
	db     *mongodb.DB
	owners map[string]string // by collection, the field with a document's owner; see mongodb.Owned
}

func (s store) collection(doc Ref) mongodb.Owned {
	return s.db.Owned(doc.Collection, s.owners[doc.Collection])
}

func (s store) one(doc Ref) bson.D { return s.collection(doc).One(doc.ID) }

type dueDoc struct {
	ID      string `bson:"_id"`
	Pending `bson:",inline"`

	damaged error // why the document could not be read; then only the id is known
}

var pendingFields = bson.D{{Key: "effects", Value: 1}, {Key: "due", Value: 1}}

// Indexes are the indexes that a sweep of these collections needs. They hold the documents
// that have the field, which goes with its last entry: see leave.
func (o *Outbox) Indexes() []mongodb.Index {
	list := make([]mongodb.Index, len(o.collections))
	for i, c := range o.collections {
		list[i] = mongodb.Index{Collection: c, Keys: bson.D{{Key: "due", Value: 1}, {Key: "_id", Value: 1}}, Having: "due"}
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
	b.check()
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

// read reads some fields of the effects that a document holds. A document that does
// not exist holds none.
func (s store) read(ctx context.Context, doc Ref, fields bson.D) (Pending, error) {
	d, err := mongodb.IfAny(mongodb.One[dueDoc]("read effects", s.db.Collection(doc.Collection).FindOne(ctx, s.one(doc),
		options.FindOne().SetProjection(fields))))
	if err != nil || d == nil {
		return Pending{}, err
	}
	return d.Pending, nil
}

// entries are the entries of due of a document.
func (s store) entries(ctx context.Context, doc Ref) ([]string, error) {
	p, err := s.read(ctx, doc, bson.D{{Key: "due", Value: 1}})
	return p.Due, err
}

// batch reads the remaining effects of one batch in a document.
func (s store) batch(ctx context.Context, doc Ref, id string) (Pending, error) {
	fields := bson.D{{Key: "due", Value: 1}}
	for i := range maxEffects {
		fields = append(fields, bson.E{Key: "effects." + effectID(id, i), Value: 1})
	}
	return s.read(ctx, doc, fields)
}

// claim is the id of a batch that stands at a path in the document; empty if there is
// none.
func (s store) claim(ctx context.Context, doc Ref, path string) (string, error) {
	raw, err := s.db.Collection(doc.Collection).FindOne(ctx, s.one(doc),
		options.FindOne().SetProjection(bson.D{{Key: path, Value: 1}})).Raw()
	err = mongodb.Translate("read claim", err)
	if fault.Is(err, fault.KindNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	id, _ := raw.Lookup(strings.Split(path, ".")...).StringValueOK()
	return id, nil
}

func (s store) hasEffect(ctx context.Context, doc Ref, effectID string) (bool, error) {
	p, err := s.read(ctx, doc, bson.D{{Key: "effects." + effectID, Value: 1}})
	return len(p.Effects) > 0, err
}

// due are documents that have entries in a lane, the oldest first. A document that
// cannot be read is marked as damaged, and does not hide the others.
func (s store) due(ctx context.Context, collection string, l lane, limit int) ([]dueDoc, error) {
	condition := bson.D{{Key: "$lt", Value: l.before}}
	if l.from != "" {
		condition = bson.D{{Key: "$elemMatch", Value: bson.D{{Key: "$gte", Value: l.from}, {Key: "$lt", Value: l.before}}}}
	}
	found, err := mongodb.All[bson.Raw](ctx, "find due effects", s.db.Collection(collection), bson.D{{Key: "due", Value: condition}},
		options.Find().SetProjection(pendingFields).SetSort(mongodb.KeysetSort("due", false)).SetLimit(int64(limit)))
	list := make([]dueDoc, len(found))
	for i, raw := range found {
		if err := mongodb.Decode(raw, &list[i]); err != nil {
			docID, _ := raw.Lookup("_id").StringValueOK()
			list[i] = dueDoc{ID: docID, damaged: err}
		}
	}
	return list, err
}

// rest holds the fields that a newer version of the program has added to an effect. A
// letter keeps their types, so that the newer version can read them when they come
// back.
type rest map[string]any

// MarshalJSON writes it as the database's own JSON.
func (r rest) MarshalJSON() ([]byte, error) {
	return bson.MarshalExtJSON(map[string]any(r), true, false)
}

// UnmarshalJSON reads what MarshalJSON has written.
func (r *rest) UnmarshalJSON(raw []byte) error {
	return bson.UnmarshalExtJSON(raw, true, (*map[string]any)(r))
}

// mark records what is new about an effect that stays, unless another process has
// finished it meanwhile.
func (s store) mark(ctx context.Context, doc Ref, eid string, c change) error {
	path := "effects." + eid
	var update bson.D
	if len(c.done) > 0 {
		update = append(update, bson.E{Key: "$addToSet", Value: bson.D{{Key: path + ".done", Value: bson.D{{Key: "$each", Value: c.done}}}}})
	}
	if c.Tries > 0 {
		update = append(update, bson.E{Key: "$set", Value: bson.D{{Key: path + ".tries", Value: c.Tries},
			{Key: path + ".error", Value: c.Error}, {Key: path + ".notBefore", Value: c.NotBefore}}})
	}
	if len(update) == 0 {
		return nil
	}
	_, err := s.db.Collection(doc.Collection).UpdateOne(ctx,
		append(s.one(doc), bson.E{Key: path, Value: bson.D{{Key: "$exists", Value: true}}}), update)
	return mongodb.Translate("mark effect", err)
}

// putBack puts effects back into their document, due at once. ok is false if the
// document is gone.
func (s store) putBack(ctx context.Context, p *parcel, entry string) (ok bool, err error) {
	var set bson.D
	for eid, e := range p.Effects {
		set = append(set, bson.E{Key: "effects." + eid, Value: e})
	}
	res, err := s.db.Collection(p.Doc.Collection).UpdateOne(ctx, s.one(p.Doc),
		bson.D{{Key: "$set", Value: set}, {Key: "$push", Value: bson.D{{Key: "due", Value: entry}}}})
	if err != nil {
		return false, mongodb.Translate("put effects back", err)
	}
	return res.MatchedCount == 1, nil
}

// unclaim removes what an effect has claimed, if its claim was put aside and is still there.
func (s store) unclaim(ctx context.Context, p *parcel) error {
	for _, path := range p.Effects[p.Effect].Clear {
		_, err := s.db.Collection(p.Doc.Collection).UpdateOne(ctx,
			append(s.one(p.Doc), bson.E{Key: path, Value: p.Batch}, bson.E{Key: "effects." + p.Effect, Value: bson.D{{Key: "$exists", Value: false}}}),
			bson.D{{Key: "$unset", Value: bson.D{{Key: path, Value: ""}}}})
		if err != nil {
			return mongodb.Translate("remove claim", err)
		}
	}
	return nil
}
