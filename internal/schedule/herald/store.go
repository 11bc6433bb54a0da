package herald

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/schedule"
)

type store struct {
	db         *mongodb.DB
	collection string
}

// TellingFields are the fields that a write sets besides its own, if it makes this version of
// a thing: what Herald.Changed has noted. It leaves alone what is told meanwhile.
func TellingFields(t *schedule.Telling, version int) bson.D {
	var set bson.D
	if t.Changed == version {
		set = append(set, bson.E{Key: "telling.changed", Value: version})
	}
	if t.Begins() {
		set = append(set, bson.E{Key: "telling.known", Value: t.Known})
	}
	return set
}

// tell writes how far people have been told. ok is false if the thing has been changed since,
// so that later news tells it.
func (s store) tell(ctx context.Context, thingID string, t schedule.Telling) (ok bool, err error) {
	res, err := s.db.Collection(s.collection).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: thingID}, {Key: "telling.changed", Value: t.Changed}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "telling", Value: t}}}})
	if err != nil {
		return false, mongodb.Translate("note what is told", err)
	}
	return res.MatchedCount == 1, nil
}
