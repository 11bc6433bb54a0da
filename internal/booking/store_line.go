package booking

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

func waitingAt(bookableID string) bson.D {
	return bson.D{{Key: "bookableId", Value: bookableID}, {Key: "state", Value: Waitlisted}}
}

// firstWaiting is the first in line, without some bookings. Returns NotFound if nobody is.
func (s store) firstWaiting(ctx context.Context, bookableID string, except ...string) (*Booking, error) {
	return s.firstOf(ctx, mongodb.Except(waitingAt(bookableID), except))
}

// firstWhoFits is the first in line whose party fits into that many seats, without some
// bookings. Returns NotFound if there is none.
func (s store) firstWhoFits(ctx context.Context, bookableID string, seats int, except []string) (*Booking, error) {
	return s.firstOf(ctx, append(mongodb.Except(waitingAt(bookableID), except), bson.E{Key: "guests", Value: bson.D{{Key: "$lt", Value: seats}}}))
}

func (s store) firstOf(ctx context.Context, filter bson.D) (*Booking, error) {
	return mongodb.One[Booking]("first in line", s.bookings().FindOne(ctx, filter,
		options.FindOne().SetSort(mongodb.KeysetSort("queuedAt", false))))
}

// misfits are up to limit places in line of parties larger than a capacity.
func (s store) misfits(ctx context.Context, bookableID string, capacity, limit int) ([]*Booking, error) {
	return mongodb.All[*Booking](ctx, "find who never fits", s.bookings().Collection,
		append(waitingAt(bookableID), bson.E{Key: "guests", Value: bson.D{{Key: "$gte", Value: capacity}}}),
		options.Find().SetSort(mongodb.KeysetSort("queuedAt", false)).SetLimit(int64(limit)))
}

// waiting are up to limit bookings of a thing that an act ends.
func (s store) waiting(ctx context.Context, bookableID string, a act, limit int) ([]*Booking, error) {
	return mongodb.All[*Booking](ctx, "find who waits", s.bookings().Collection,
		bson.D{{Key: "bookableId", Value: bookableID}, in(a.changed())},
		options.Find().SetLimit(int64(limit)))
}

// setKept sets for which party free seats wait, unless that, or the number of free seats,
// has changed since b was read.
func (s store) setKept(ctx context.Context, b *Bookable, kept Kept) error {
	was := bson.D{{Key: "kept", Value: nil}}
	if b.Kept != nil {
		was = bson.D{{Key: "kept.for", Value: b.Kept.For}, {Key: "kept.rounds", Value: b.Kept.Rounds},
			{Key: "kept.passed", Value: b.Kept.Passed}, {Key: "kept.since", Value: b.Kept.Since}}
	}
	_, err := s.things(b.ID).UpdateOne(ctx,
		append(bson.D{{Key: "_id", Value: b.ID}, {Key: "seatsLeft", Value: b.FreeSeats}}, was...),
		bson.D{{Key: "$set", Value: bson.D{{Key: "kept", Value: kept}}}})
	return mongodb.Translate("keep seats", err)
}

// openQueue says that people wait, and that a timer is set that ends the line at the start.
// Nobody who looked whether the line is empty can close it then.
func (s store) openQueue(ctx context.Context, b *Bookable) error {
	_, err := s.things(b.ID).UpdateOne(ctx, bson.D{{Key: "_id", Value: b.ID}}, bson.D{
		{Key: "$set", Value: bson.D{{Key: "hasQueue", Value: true}, {Key: "lineEnds", Value: b.closesAt()}}},
		{Key: "$unset", Value: bson.D{{Key: "closing", Value: ""}}},
	})
	return mongodb.Translate("open queue", err)
}

// lookToClose notes which call is about to look whether the line is empty.
func (s store) lookToClose(ctx context.Context, bookableID, call string) error {
	_, err := s.things(bookableID).UpdateOne(ctx, bson.D{{Key: "_id", Value: bookableID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "closing", Value: call}}}})
	return mongodb.Translate("look to close queue", err)
}

// closeQueue says that nobody waits, unless somebody has joined since the call began to look.
func (s store) closeQueue(ctx context.Context, bookableID, call string) error {
	_, err := s.things(bookableID).UpdateOne(ctx, bson.D{{Key: "_id", Value: bookableID}, {Key: "closing", Value: call}}, bson.D{
		{Key: "$set", Value: bson.D{{Key: "hasQueue", Value: false}}},
		{Key: "$unset", Value: bson.D{{Key: "closing", Value: ""}}},
	})
	return mongodb.Translate("close queue", err)
}
