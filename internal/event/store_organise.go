package event

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// naming is the part of an update that names a co-organiser, or takes one away. It says the change alone: a member
// who leaves the group meanwhile is taken away by another write, which this one must not undo.
func (e *Event) naming() bson.D {
	switch {
	case e.named != "":
		return bson.D{{Key: "$addToSet", Value: bson.D{{Key: "coOrganiserIds", Value: e.named}}}}
	case e.unnamed != "":
		return bson.D{{Key: "$pull", Value: bson.D{{Key: "coOrganiserIds", Value: e.unnamed}}}}
	}
	return nil
}

func coOrganisedBy(personID string) bson.D { return bson.D{{Key: "coOrganiserIds", Value: personID}} }

// dropCoOrganiser takes a person from the co-organisers of a group's events.
func (s store) dropCoOrganiser(ctx context.Context, groupID, personID string) error {
	list, err := mongodb.All[Event](ctx, "events of a co-organiser", s.db.Collection(events), coOrganisedBy(personID),
		options.Find().SetProjection(bson.D{{Key: "groupId", Value: 1}}))
	if err != nil {
		return err
	}
	var ids []string
	for _, e := range list {
		if e.GroupID == groupID {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return s.pullCoOrganiser(ctx, ids, personID)
}

// eraseCoOrganiser takes a person from the co-organisers of all events.
func (s store) eraseCoOrganiser(ctx context.Context, personID string) (left bool, err error) {
	ids, err := s.erasePageOf(ctx, "events of a co-organiser", coOrganisedBy(personID))
	if err != nil || len(ids) == 0 {
		return false, err
	}
	return len(ids) == erasePage, s.pullCoOrganiser(ctx, ids, personID)
}

func (s store) pullCoOrganiser(ctx context.Context, eventIDs []string, personID string) error {
	_, err := s.db.Collection(events).UpdateMany(ctx, append(bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: eventIDs}}}}, coOrganisedBy(personID)...),
		bson.D{{Key: "$pull", Value: bson.D{{Key: "coOrganiserIds", Value: personID}}}})
	return mongodb.Translate("take co-organiser away", err)
}

func (s store) walkCoOrganised(personID string) mongodb.Walk[Event] {
	return mongodb.Walk[Event]{Op: "walk events of a co-organiser", Collection: s.db.Collection(events), Filter: coOrganisedBy(personID),
		SortKey: "_id", Position: func(e *Event) (any, string) { return nil, e.ID }}
}
