package group

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const (
	// countedKept is how long the mark of a counted effect is kept at least. That is
	// longer than two processes can work on the same effect at once.
	countedKept = 10 * time.Minute
	// maxForgotten is how many old marks one count looks at, since many may have come at
	// once.
	maxForgotten = 20
)

// isPending tells whether an effect has still to be carried out.
type isPending func(ctx context.Context, doc outbox.Ref, effectID string) (bool, error)

// count adds to a group's member count, once per effect.
func (s store) count(ctx context.Context, groupID string, delta int, call outbox.Call, pending isPending) error {
	mark := "counted." + call.EffectID
	now := s.db.Now()
	g, err := mongodb.One[Group]("count members", s.db.Collection(groups).FindOneAndUpdate(ctx,
		bson.D{{Key: "_id", Value: groupID}, {Key: mark, Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{
			{Key: "$inc", Value: bson.D{{Key: "memberCount", Value: delta}}},
			{Key: "$set", Value: bson.D{{Key: mark, Value: Counted{At: now, Membership: call.Doc.ID}}}},
		}, options.FindOneAndUpdate().SetReturnDocument(options.After)))
	if fault.Is(err, fault.KindNotFound) {
		return nil // it has been counted before
	}
	if err != nil {
		return err
	}
	return s.forgetCounted(ctx, g, now.Add(-countedKept), pending)
}

// forgetCounted removes old marks whose effects are gone.
func (s store) forgetCounted(ctx context.Context, g *Group, before time.Time, pending isPending) error {
	old, looked := bson.D{}, 0
	for effectID, c := range g.Counted {
		if !c.At.Before(before) {
			continue
		}
		if looked++; looked > maxForgotten {
			break
		}
		again, err := pending(ctx, outbox.Ref{Collection: memberships, ID: c.Membership}, effectID)
		if err != nil {
			return err
		}
		if !again {
			old = append(old, bson.E{Key: "counted." + effectID, Value: ""})
		}
	}
	if len(old) == 0 {
		return nil
	}
	_, err := s.db.Collection(groups).UpdateOne(ctx, bson.D{{Key: "_id", Value: g.ID}}, bson.D{{Key: "$unset", Value: old}})
	return mongodb.Translate("forget what was counted", err)
}
