package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// removePage is how many documents are removed at a time.
const removePage = 500

// RemovePage removes some of the documents that fit a filter, and returns their ids. left says that
// there may be more, so that the caller must call it again.
func RemovePage(ctx context.Context, op string, c *mongo.Collection, filter bson.D) (ids []string, left bool, err error) {
	return Owned{Collection: c}.RemovePage(ctx, op, filter)
}

// RemovePage is RemovePage of documents that have owners.
func (o Owned) RemovePage(ctx context.Context, op string, filter bson.D) (ids []string, left bool, err error) {
	return o.removeSome(ctx, op, filter, options.Find())
}

// RemoveUnder is RemovePage of the documents that are under an owner: their ids are the
// owner's and a key, joined by a colon.
func RemoveUnder(ctx context.Context, op string, c *mongo.Collection, owner string) (left bool, err error) {
	o := Owned{Collection: c}
	_, left, err = o.removeSome(ctx, op, o.under(owner, owner+":"), options.Find().SetSort(KeysetSort("_id", false)))
	return left, err
}

func (o Owned) removeSome(ctx context.Context, op string, filter bson.D, in *options.FindOptionsBuilder) (ids []string, left bool, err error) {
	page, err := All[struct {
		ID string `bson:"_id"`
	}](ctx, op, o.Collection, filter, in.SetLimit(removePage).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil || len(page) == 0 {
		return nil, false, err
	}
	ids = make([]string, len(page))
	for i, doc := range page {
		ids[i] = doc.ID
	}
	if _, err := o.DeleteMany(ctx, o.Any(ids)); err != nil {
		return nil, false, Translate(op, err)
	}
	return ids, len(page) == removePage, nil
}

// RemoveAll removes the documents that fit a filter, a page at a time, so that no command takes long,
// however many there are.
func RemoveAll(ctx context.Context, op string, c *mongo.Collection, filter bson.D) error {
	return Owned{Collection: c}.RemoveAll(ctx, op, filter)
}

// RemoveAll is RemoveAll of documents that have owners.
func (o Owned) RemoveAll(ctx context.Context, op string, filter bson.D) error {
	for {
		_, left, err := o.RemovePage(ctx, op, filter)
		if err != nil || !left {
			return err
		}
	}
}

// under fits the documents that are under an owner and come after one of them.
func (o Owned) under(owner, after string) bson.D {
	between := bson.E{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}, {Key: "$lt", Value: owner + ";"}}} // what follows a colon
	if o.By == "" {
		return bson.D{between}
	}
	return bson.D{{Key: o.By, Value: owner}, between}
}

// EachUnder calls do for each document under an owner, in the order of their ids. It reads a page of
// them at a time. An error of do ends it.
func EachUnder[T any](ctx context.Context, op string, o Owned, owner string, do func(*T) error) error {
	after := owner + ":"
	for {
		page, err := All[bson.Raw](ctx, op, o.Collection, o.under(owner, after), options.Find().SetSort(KeysetSort("_id", false)).SetLimit(removePage))
		if err != nil {
			return err
		}
		for _, raw := range page {
			doc := new(T)
			if err := Decode(raw, doc); err != nil {
				return Translate(op, err)
			}
			if err := do(doc); err != nil {
				return err
			}
			after, _ = raw.Lookup("_id").StringValueOK()
		}
		if len(page) < removePage {
			return nil
		}
	}
}
