package booking

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// record marks these bookings of a thing, and no others, as having attended the session. The
// bookings of nobody stay as they are, since nobody can name them.
func (s store) record(ctx context.Context, bookableID, sessionID string, ids []string) error {
	field := bson.D{{Key: "sessionsAttended", Value: sessionID}}
	_, err := s.bookings().UpdateMany(ctx,
		bson.D{{Key: "bookableId", Value: bookableID}, {Key: "personId", Value: bson.D{{Key: "$ne", Value: ""}}},
			{Key: "_id", Value: bson.D{{Key: "$nin", Value: append([]string{}, ids...)}}}},
		bson.D{{Key: "$pull", Value: field}})
	if err != nil {
		return mongodb.Translate("clear attendance", err)
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = s.bookings().UpdateMany(ctx, s.bookings().Any(ids),
		bson.D{{Key: "$addToSet", Value: field}})
	return mongodb.Translate("record attendance", err)
}

// settlePage is how many bookings one query reads.
const settlePage = 200

// unsettled are bookings of a thing that are still CONFIRMED.
func (s store) unsettled(ctx context.Context, bookableID string) ([]*Booking, error) {
	return mongodb.All[*Booking](ctx, "find unsettled bookings", s.bookings().Collection,
		bson.D{{Key: "bookableId", Value: bookableID}, {Key: "state", Value: Confirmed}},
		options.Find().SetLimit(settlePage))
}

func (s store) settle(ctx context.Context, bookingID string, state State) error {
	_, err := s.bookings().UpdateOne(ctx, append(s.bookings().One(bookingID), bson.E{Key: "state", Value: Confirmed}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: state}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	return mongodb.Translate("settle booking", err)
}
