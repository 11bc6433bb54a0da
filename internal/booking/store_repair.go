package booking

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// recent are published things that start after an instant, in the order of their starts, behind
// the last one that was read.
func (s store) recent(ctx context.Context, things string, after time.Time, last *Bookable) ([]*Bookable, error) {
	filter := bson.D{{Key: "state", Value: published}, {Key: "startsAt", Value: bson.D{{Key: "$gt", Value: after}}}}
	if last != nil {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("startsAt", false, last.StartsAt, last.ID)}})
	}
	return mongodb.All[*Bookable](ctx, "find things to count", s.db.Collection(things), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(repairThings).SetProjection(allClaims()))
}

// tallies count the bookings of several things. They are no picture of one moment.
func (s store) tallies(ctx context.Context, list []*Bookable) (map[string]tally, error) {
	ids := make([]string, len(list))
	for i, b := range list {
		ids[i] = b.ID
	}
	found := map[string]tally{}
	if len(ids) == 0 {
		return found, nil
	}
	for _, states := range [][]State{holding, {Waitlisted}} {
		sums, err := mongodb.Sums[struct {
			ID     string `bson:"_id"`
			N      int    `bson:"n"`
			Guests int    `bson:"guests"`
		}](ctx, "count bookings", s.bookings().Collection, bson.A{
			bson.D{{Key: "$match", Value: bson.D{{Key: "bookableId", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "state", Value: bson.D{{Key: "$in", Value: states}}}}}},
			bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$bookableId"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
				{Key: "guests", Value: bson.D{{Key: "$sum", Value: "$guests"}}}}}},
		})
		if err != nil {
			return nil, err
		}
		for _, sum := range sums {
			t := found[sum.ID]
			if states[0] == Waitlisted {
				t.waiting = sum.N
			} else {
				t.seats = sum.N + sum.Guests
			}
			found[sum.ID] = t
		}
	}
	return found, nil
}

// recount adds up the bookings of a thing. It walks them by their ids, which never change, so
// that it sees each of them once, whatever happens to them meanwhile. The booking of somebody who
// is being erased, and its copy, are counted when that is done.
func (s store) recount(ctx context.Context, bookableID string) (tally, error) {
	var t tally
	for after := IDOf(bookableID, ""); ; {
		list, err := mongodb.All[*Booking](ctx, "recount bookings", s.bookings().Collection,
			bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}, {Key: "$lt", Value: bookableID + ";"}}}, {Key: "bookableId", Value: bookableID}},
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(repairPage).SetProjection(bson.D{{Key: "state", Value: 1},
				{Key: "guests", Value: 1}, {Key: "queuedAt", Value: 1}, {Key: "due", Value: 1}, {Key: "nobody", Value: 1}}))
		if err != nil {
			return t, err
		}
		for _, b := range list {
			t.underWay = t.underWay || len(b.Due) > 0 || b.Nobody != ""
			switch {
			case b.State.Holds():
				t.seats += b.seats()
			case b.State == Waitlisted:
				t.waiting++
				if t.first == nil || b.QueuedAt.Before(t.first.QueuedAt) {
					t.first = b
				}
			}
		}
		if len(list) < repairPage {
			return t, nil
		}
		after = list[len(list)-1].ID
	}
}

// mend sets the number of seats that are taken, and removes claims whose effects are gone. ok is
// false if a number has changed since the thing was read, or something is under way.
func (s store) mend(ctx context.Context, b *Bookable, taken int) (ok bool, err error) {
	update := bson.D{
		{Key: "$set", Value: bson.D{{Key: "seatsTaken", Value: taken}, {Key: "seatsLeft", Value: freeSeats(b.Capacity, taken, b.Reserved)}}},
		{Key: "$inc", Value: bson.D{{Key: "seatsVersion", Value: 1}}},
	}
	if len(b.Claims) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: bson.D{{Key: "claims", Value: ""}}})
	}
	res, err := s.things(b.ID).UpdateOne(ctx, bson.D{{Key: "_id", Value: b.ID}, mongodb.AtVersion("seatsVersion", b.SeatsVersion),
		{Key: "due.0", Value: bson.D{{Key: "$exists", Value: false}}}}, update)
	if err != nil {
		return false, mongodb.Translate("mend seats", err)
	}
	return res.MatchedCount == 1, nil
}
