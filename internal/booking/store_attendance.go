package booking

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// record notes on a thing that attendance at a part has been recorded, if the thing and its last
// record of that part are as the noun has read them, and no booking that was read since is being
// erased. Returns VERSION_CONFLICT otherwise.
func (s store) record(ctx context.Context, a Attendance, r RollCall, b outbox.Batch) error {
	path := "rollCalls." + a.Part
	res, err := s.things(a.BookableID).UpdateOne(ctx, bson.D{{Key: "_id", Value: a.BookableID}, {Key: "version", Value: a.Version},
		mongodb.AtVersion(path+".number", a.Last.Number), mongodb.AtVersion("erasures", a.Erasures)},
		outbox.Stamp(bson.D{{Key: "$set", Value: bson.D{{Key: path, Value: r}}}}, b))
	if err == nil && res.MatchedCount == 0 {
		return fault.VersionConflict()
	}
	return mongodb.Translate("record attendance", err)
}

// rollCalls are the last records of a thing, by part.
func (s store) rollCalls(ctx context.Context, bookableID string) (map[string]RollCall, error) {
	b, err := mongodb.One[Seats]("read roll calls", s.things(bookableID).FindOne(ctx, bson.D{{Key: "_id", Value: bookableID}},
		options.FindOne().SetProjection(bson.D{{Key: "rollCalls", Value: 1}})))
	if err != nil {
		return nil, err
	}
	return b.RollCalls, nil
}

// mayHaveBeen are the states of bookings whose people can be in a record of attendance, also in
// one that comes late: they have a seat, or had one. The line is left alone, since it may be
// long and has been in no record.
var mayHaveBeen = []State{Confirmed, Attended, NoShow, Cancelled}

// writePresences writes into the bookings of a thing who was at a part of it, and who was not.
// It leaves alone what a later record has written, and the bookings of nobody, since no record
// can name them. It raises the versions, so that whoever copies a booking notices.
func (s store) writePresences(ctx context.Context, a attendanceArgs) error {
	path, ids := "presences."+a.Part, idsOf(a.BookableID, a.PersonIDs)
	isOlder := bson.E{Key: path + ".by", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: a.Number}}}}}
	for _, was := range []bool{true, false} {
		filter := bson.D{{Key: "bookableId", Value: a.BookableID}, {Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, isOlder}
		if !was {
			filter = bson.D{{Key: "bookableId", Value: a.BookableID}, {Key: "state", Value: bson.D{{Key: "$in", Value: mayHaveBeen}}},
				{Key: "personId", Value: bson.D{{Key: "$ne", Value: ""}}}, {Key: "_id", Value: bson.D{{Key: "$nin", Value: ids}}}, isOlder}
		}
		_, err := s.bookings().UpdateMany(ctx, filter, bson.D{
			{Key: "$set", Value: bson.D{{Key: path, Value: Presence{By: a.Number, Was: was}}}},
			{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
		})
		if err != nil {
			return mongodb.Translate("write attendance", err)
		}
	}
	return nil
}

// settlePage is how many bookings one query reads.
const settlePage = 200

// unsettled are bookings of a thing of which nobody has said yet whether the person came.
func (s store) unsettled(ctx context.Context, bookableID string, completion int) ([]*Booking, error) {
	return mongodb.All[*Booking](ctx, "find unsettled bookings", s.bookings().Collection,
		bson.D{{Key: "bookableId", Value: bookableID}, in(actMiss.changed()), notUndone(completion)},
		options.Find().SetLimit(settlePage))
}

// notUndone finds bookings for which a completion has not been undone.
func notUndone(completion int) bson.E {
	return bson.E{Key: "undoneIn", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: completion}}}}}
}

// settle writes whether the person came, unless the completion has been undone.
func (s store) settle(ctx context.Context, b *Booking, completion int) error {
	_, err := s.bookings().UpdateOne(ctx, append(s.bookings().One(b.ID), in(before(b.State, actAttend, actMiss)), notUndone(completion)),
		bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: b.State}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	return mongodb.Translate("settle booking", err)
}

// walkSettled walks the bookings of a thing that a completion settles, or has settled.
func (s store) walkSettled(bookableID string) mongodb.Walk[Booking] {
	return mongodb.Walk[Booking]{Op: "walk settled bookings", Collection: s.bookings().Collection, Filter: bson.D{{Key: "bookableId", Value: bookableID}, in(pastStates)},
		SortKey: "createdAt", Position: func(b *Booking) (any, string) { return b.CreatedAt, b.ID }}
}

// unsettle writes that a completion was undone, and that the person has a seat again. What a later completion has settled
// meanwhile stays.
func (s store) unsettle(ctx context.Context, b *Booking, completion int) error {
	from := append(before(b.State, actReopen), b.State)
	_, err := s.bookings().UpdateOne(ctx, append(s.bookings().One(b.ID), in(from), notUndone(completion)),
		bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: b.State}, {Key: "undoneIn", Value: completion}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	return mongodb.Translate("unsettle booking", err)
}
