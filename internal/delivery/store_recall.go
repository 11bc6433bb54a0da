package delivery

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

const recalls = "push_recalls"

func recallIndexes() []mongodb.Index {
	return []mongodb.Index{{Collection: recalls, Keys: bson.D{{Key: "dueAt", Value: 1}, {Key: "_id", Value: 1}, {Key: "leaseUntil", Value: 1}}}}
}

// askRecall asks for the recall of notices of a person. Those of a recall that is full make room.
func (s store) askRecall(ctx context.Context, personID string, noticeIDs []string) error {
	now := s.db.Now()
	noticeIDs = noticeIDs[:min(len(noticeIDs), recallMost)]
	r := recall{PersonID: personID, Notices: noticeIDs, AskedAt: now, DueAt: now.Add(recallAfter)}
	_, err := s.db.Collection(recalls).InsertOne(ctx, r)
	if !mongodb.IsDuplicate(err) {
		return mongodb.Translate("ask for a recall", err)
	}
	soon := bson.E{Key: "$min", Value: bson.D{{Key: "dueAt", Value: r.DueAt}}}
	full := "notices." + strconv.Itoa(recallMost-1)
	res, err := s.db.Collection(recalls).UpdateOne(ctx, bson.D{{Key: "_id", Value: personID}, {Key: full, Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "askedAt", Value: now}}}, soon,
			{Key: "$addToSet", Value: bson.D{{Key: "notices", Value: bson.D{{Key: "$each", Value: noticeIDs}}}}}})
	if err != nil || res.MatchedCount > 0 {
		return mongodb.Translate("add to a recall", err)
	}
	// It is full, or has just ended.
	_, err = s.db.Collection(recalls).UpdateOne(ctx, bson.D{{Key: "_id", Value: personID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "notices", Value: noticeIDs}, {Key: "askedAt", Value: now}}}, soon,
			{Key: "$setOnInsert", Value: bson.D{{Key: "owner", Value: ""}, {Key: "leaseUntil", Value: time.Time{}}}}},
		options.UpdateOne().SetUpsert(true))
	return mongodb.Translate("fill a recall", err)
}

// claimRecalls takes up recalls that are due and that no worker holds.
func (s store) claimRecalls(ctx context.Context, owner string) ([]*recall, error) {
	now, c := s.db.Now(), s.db.Collection(recalls)
	free := bson.E{Key: "leaseUntil", Value: bson.D{{Key: "$lt", Value: now}}}
	found, err := mongodb.All[struct {
		ID string `bson:"_id"`
	}](ctx, "look for recalls", c, bson.D{{Key: "dueAt", Value: bson.D{{Key: "$lte", Value: now}}}, free},
		options.Find().SetSort(mongodb.KeysetSort("dueAt", false)).SetLimit(recallsAtOnce).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	ids := make([]string, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	claim := owner + ":" + rand.Text()
	_, err = c.UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, free},
		bson.D{{Key: "$set", Value: bson.D{{Key: "owner", Value: claim}, {Key: "leaseUntil", Value: now.Add(recallLease)}}}})
	if err != nil {
		return nil, mongodb.Translate("claim recalls", err)
	}
	return mongodb.All[*recall](ctx, "read recalls", c, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "owner", Value: claim}})
}

// finishRecalls removes the recalls that are over, and keeps what is left of the others. One for which more was asked
// meanwhile stays as it is: what was done of it is in the ledger.
func (s store) finishRecalls(ctx context.Context, list []*recall) error {
	c := s.db.Collection(recalls)
	for _, r := range list {
		asIs := bson.D{{Key: "_id", Value: r.PersonID}, {Key: "owner", Value: r.Owner}, {Key: "askedAt", Value: r.AskedAt}}
		rest := bson.D{{Key: "background", Value: r.Background}, {Key: "tries", Value: r.Tries}, {Key: "owner", Value: ""}, {Key: "leaseUntil", Value: time.Time{}}}
		if r.isOver() {
			res, err := c.DeleteOne(ctx, asIs)
			if err != nil {
				return mongodb.Translate("end a recall", err)
			}
			if res.DeletedCount == 1 {
				continue
			}
		} else {
			res, err := c.UpdateOne(ctx, asIs, bson.D{{Key: "$set", Value: append(bson.D{{Key: "notices", Value: append([]string{}, r.left...)}, {Key: "dueAt", Value: r.due()}}, rest...)}})
			if err != nil {
				return mongodb.Translate("keep a recall", err)
			}
			if res.MatchedCount == 1 {
				continue
			}
		}
		if _, err := c.UpdateOne(ctx, asIs[:2], bson.D{{Key: "$set", Value: rest}}); err != nil {
			return mongodb.Translate("let go of a recall", err)
		}
	}
	return nil
}

// nextRecall is when the first recall is due; zero if there is none.
func (s store) nextRecall(ctx context.Context) (time.Time, error) {
	r, err := mongodb.IfAny(mongodb.One[recall]("find next recall", s.db.Collection(recalls).FindOne(ctx, bson.D{{Key: "dueAt", Value: bson.D{{Key: "$gt", Value: time.Time{}}}}},
		options.FindOne().SetSort(mongodb.KeysetSort("dueAt", false)).SetProjection(bson.D{{Key: "dueAt", Value: 1}}))))
	if err != nil || r == nil {
		return time.Time{}, err
	}
	return r.DueAt, nil
}

// recallRecord is a recall, as the person is given it.
type recallRecord struct {
	At      time.Time
	Notices int
}

func (s store) exportRecalls(ctx context.Context, personID string, keep func(any) error) error {
	r, err := one[recall](ctx, s, recalls, personID)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return keep(recallRecord{r.AskedAt, len(r.Notices)})
}

func (s store) eraseRecalls(ctx context.Context, personID string) (left bool, err error) {
	_, err = s.db.Collection(recalls).DeleteOne(ctx, bson.D{{Key: "_id", Value: personID}})
	return false, mongodb.Translate("erase recalls", err)
}
