package booking

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// writeDeclined writes at which parts of a thing a person will not be. ok is false unless the stored version is the one before.
func (s store) writeDeclined(ctx context.Context, b *Booking, batch outbox.Batch) (ok bool, err error) {
	change := bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: b.Version}, {Key: "declined", Value: b.Absences}}}}
	if len(b.Absences) == 0 {
		change = bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: b.Version}}}, {Key: "$unset", Value: bson.D{{Key: "declined", Value: ""}}}}
	}
	res, err := s.bookings().UpdateOne(ctx, append(s.bookings().One(b.ID), bson.E{Key: "version", Value: b.Version - 1}), outbox.Stamp(change, batch))
	if err != nil {
		return false, mongodb.Translate("decline a part", err)
	}
	return res.MatchedCount == 1, nil
}

// coming are bookings in one of the states whose people have not declined a part, in the order of the people's ids.
func (s store) coming(ctx context.Context, of Part, states []State, after string, limit int) ([]Booking, error) {
	return s.peopleAt(ctx, bson.D{{Key: "bookableId", Value: of.BookableID}, in(states), {Key: "personId", Value: bson.D{{Key: "$gt", Value: after}}},
		{Key: "declined." + of.ID, Value: bson.D{{Key: "$ne", Value: of.StartsAt}}}}, limit)
}

// wereAt are bookings whose people were at a part, by its record, in the order of the people's ids.
func (s store) wereAt(ctx context.Context, of Part, after string, limit int) ([]Booking, error) {
	var list []Booking
	for len(list) < limit {
		page, err := s.peopleAt(ctx, bson.D{{Key: "bookableId", Value: of.BookableID}, in(pastStates), {Key: "personId", Value: bson.D{{Key: "$gt", Value: after}}}}, limit)
		if err != nil {
			return nil, err
		}
		for _, b := range page {
			if b.WasAt(of.ID) {
				list = append(list, b)
			}
		}
		if len(page) < limit {
			break
		}
		after = page[len(page)-1].PersonID
	}
	return list[:min(len(list), limit)], nil
}

func (s store) peopleAt(ctx context.Context, filter bson.D, limit int) ([]Booking, error) {
	return mongodb.All[Booking](ctx, "walk bookings of a part", s.bookings().Collection, filter,
		options.Find().SetSort(bson.D{{Key: "personId", Value: 1}}).SetLimit(int64(limit)).
			SetProjection(bson.D{{Key: "personId", Value: 1}, {Key: "state", Value: 1}, {Key: "endedBecause", Value: 1}, {Key: "presences", Value: 1}}))
}
