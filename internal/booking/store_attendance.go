package booking

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// record marks these bookings of a thing, and no others, as having attended the session, unless
// a later version has said otherwise. The bookings of nobody stay as they are, since nobody can
// name them.
func (s store) record(ctx context.Context, a Presence) error {
	ids, field := idsOf(a.BookableID, a.PersonIDs), bson.D{{Key: "sessionsAttended", Value: a.SessionID}}
	path := "recorded." + a.SessionID
	isOlder := bson.E{Key: path, Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gt", Value: a.Version}}}}}
	said := bson.E{Key: "$set", Value: bson.D{{Key: path, Value: a.Version}}}
	_, err := s.bookings().UpdateMany(ctx,
		bson.D{{Key: "bookableId", Value: a.BookableID}, {Key: "personId", Value: bson.D{{Key: "$ne", Value: ""}}},
			{Key: "_id", Value: bson.D{{Key: "$nin", Value: ids}}}, isOlder},
		bson.D{{Key: "$pull", Value: field}, said})
	if err != nil {
		return mongodb.Translate("clear attendance", err)
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = s.bookings().UpdateMany(ctx, append(s.bookings().Any(ids), isOlder), bson.D{{Key: "$addToSet", Value: field}, said})
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
