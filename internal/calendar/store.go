package calendar

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const feeds = "calendar_feeds"

// errLateCopy says that a person's copy of a membership is older than the membership, so that it cannot be trusted.
var errLateCopy = errors.New("the person's copy of the membership is late")

type store struct{ db *mongodb.DB }

func indexes() []mongodb.Index {
	return []mongodb.Index{{Collection: feeds, Keys: bson.D{{Key: "hashes", Value: 1}}}}
}

func (s store) get(ctx context.Context, feedID string) (*Feed, error) {
	return mongodb.Get[Feed](ctx, "get calendar feed", s.db.Collection(feeds), feedID)
}

// byHash is the feed to which a secret with that digest leads; nil if there is none.
func (s store) byHash(ctx context.Context, hash string) (*Feed, error) {
	f, err := mongodb.One[Feed]("find calendar feed", s.db.Collection(feeds).FindOne(ctx, bson.D{{Key: "hashes", Value: hash}}))
	return f, fault.UnlessNotFound(err)
}

// insert writes a feed. Returns VERSION_CONFLICT if the person has it already.
func (s store) insert(ctx context.Context, f *Feed) error {
	_, err := s.db.Collection(feeds).InsertOne(ctx, f)
	if mongodb.IsDuplicate(err) {
		return fault.VersionConflict()
	}
	return mongodb.Translate("insert calendar feed", err)
}

// know lets another secret lead to a feed, unless it has got another address meanwhile.
func (s store) know(ctx context.Context, f *Feed) error {
	_, err := s.db.Collection(feeds).UpdateOne(ctx, bson.D{{Key: "_id", Value: f.ID}, {Key: "round", Value: f.Round}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "hashes", Value: f.Hashes}}}})
	return mongodb.Translate("know another secret", err)
}

// renew gives a feed another address. Returns VERSION_CONFLICT if somebody else has done so meanwhile.
func (s store) renew(ctx context.Context, f *Feed, b outbox.Batch) error {
	set := bson.D{{Key: "round", Value: f.Round}, {Key: "hashes", Value: f.Hashes}, {Key: "createdAt", Value: f.CreatedAt}, {Key: "version", Value: f.Version}}
	return mongodb.UpdateVersion(ctx, s.db.Collection(feeds), f.ID, f.Version-1, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

func (s store) remove(ctx context.Context, feedID string) error {
	_, err := s.db.Collection(feeds).DeleteOne(ctx, bson.D{{Key: "_id", Value: feedID}})
	return mongodb.Translate("remove calendar feed", err)
}
