package booking

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// byHand reads a thing with one claim, and with what signing up by hand depends on.
func (s store) byHand(ctx context.Context, bookableID, claimKey string) (*Bookable, error) {
	return s.read(ctx, bookableID, append(slices.Clone(bookableFields), bson.E{Key: "endsAt", Value: 1}, bson.E{Key: "timeZone", Value: 1},
		bson.E{Key: "handGuests", Value: 1}, bson.E{Key: claimPath(claimKey), Value: 1}))
}

// takeByHand takes seats that are free or reserved and records the claim, in one update. Which of them are
// taken rests on the numbers that were read. Returns NotFound if they have changed.
func (s store) takeByHand(ctx context.Context, n *byHandNow, b outbox.Batch) error {
	path, seats := claimPath(n.booking.claimKey()), n.booking.seats()
	filter := bson.D{{Key: "_id", Value: n.thing.ID}, {Key: "state", Value: published}, {Key: "startsAt", Value: n.thing.StartsAt},
		{Key: path, Value: bson.D{{Key: "$exists", Value: false}}}}
	inc := bson.D{{Key: "seatsLeft", Value: n.reserved - seats}, {Key: "seatsTaken", Value: seats}, {Key: "seatsVersion", Value: 1}}
	if n.reserved > 0 {
		filter = append(filter, bson.E{Key: "seatsLeft", Value: n.thing.FreeSeats}, mongodb.AtVersion("reserved", n.thing.Reserved))
		inc = append(inc, bson.E{Key: "reserved", Value: -n.reserved})
	} else {
		filter = append(filter, bson.E{Key: "seatsLeft", Value: bson.D{{Key: "$gte", Value: seats}}})
	}
	if n.booking.PersonID == "" {
		filter = append(filter, bson.E{Key: "handGuests", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: maxStrangers}}}}})
		inc = append(inc, bson.E{Key: "handGuests", Value: 1})
	}
	res, err := s.things(n.thing.ID).UpdateOne(ctx, filter, outbox.Stamp(bson.D{
		{Key: "$inc", Value: inc}, {Key: "$set", Value: bson.D{{Key: path, Value: b.ID}}},
	}, b))
	if err == nil && res.MatchedCount == 0 {
		return fault.NotFound("booking.not_found")
	}
	return mongodb.Translate("take seats by hand", err)
}
