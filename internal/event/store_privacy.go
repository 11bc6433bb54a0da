package event

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// erasePage is how many events one call takes a person out of.
const erasePage = 500

// erasePageOf are the ids of the first events that one call of an erasure changes.
func (s store) erasePageOf(ctx context.Context, op string, of bson.D) ([]string, error) {
	list, err := mongodb.All[Event](ctx, op, s.db.Collection(events), of, options.Find().SetLimit(erasePage).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	return ids, err
}

func organisedBy(personID string) bson.D { return bson.D{{Key: "organiserId", Value: personID}} }

// eraseOrganiser empties the organiser of events that a person has written.
func (s store) eraseOrganiser(ctx context.Context, personID string) (left bool, err error) {
	ids, err := s.erasePageOf(ctx, "events of an organiser", organisedBy(personID))
	if err != nil || len(ids) == 0 {
		return false, err
	}
	_, err = s.db.Collection(events).UpdateMany(ctx, append(bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, organisedBy(personID)...),
		bson.D{{Key: "$set", Value: bson.D{{Key: "organiserId", Value: ""}}}})
	return len(ids) == erasePage, mongodb.Translate("erase organiser", err)
}

func (s store) walkOrganised(personID string) mongodb.Walk[Event] {
	return mongodb.Walk[Event]{Op: "walk events of an organiser", Collection: s.db.Collection(events), Filter: organisedBy(personID),
		SortKey: "_id", Position: func(e *Event) (any, string) { return nil, e.ID }}
}

// reorganise has an event be organised by another person, if the first one still does.
func (s store) reorganise(ctx context.Context, eventID, fromID, toID string) error {
	_, err := s.db.Collection(events).UpdateOne(ctx, append(bson.D{{Key: "_id", Value: eventID}}, organisedBy(fromID)...),
		bson.D{{Key: "$set", Value: bson.D{{Key: "organiserId", Value: toID}}}})
	return mongodb.Translate("hand over event", err)
}
