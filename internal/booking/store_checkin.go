package booking

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// writeCheckIn writes that a person was let in, or that this was undone. ok is false unless the stored version
// is the one before.
func (s store) writeCheckIn(ctx context.Context, b *Booking, batch outbox.Batch) (ok bool, err error) {
	set, unset := bson.D{{Key: "state", Value: b.State}, {Key: "version", Value: b.Version}}, bson.D{}
	put := func(field string, isThere bool, value any) {
		if isThere {
			set = append(set, bson.E{Key: field, Value: value})
		} else {
			unset = append(unset, bson.E{Key: field, Value: ""})
		}
	}
	put("checkIn", b.CheckIn != nil, b.CheckIn)
	put("checkInUndoneAt", b.CheckInUndoneAt != nil, b.CheckInUndoneAt)
	put("endedBecause", b.EndedBecause != nil, b.EndedBecause)
	return s.writeAt(ctx, b, bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: unset}}, batch)
}

// writePresenceOf writes whether a person was at a part of a thing. ok is false unless the stored version is
// the one before.
func (s store) writePresenceOf(ctx context.Context, b *Booking, part string, p Presence, batch outbox.Batch) (ok bool, err error) {
	return s.writeAt(ctx, b, bson.D{{Key: "$set", Value: bson.D{{Key: "presences." + part, Value: p}, {Key: "version", Value: b.Version}}}}, batch)
}

func (s store) writeAt(ctx context.Context, b *Booking, update bson.D, batch outbox.Batch) (ok bool, err error) {
	res, err := s.bookings().UpdateOne(ctx, append(s.bookings().One(b.ID), bson.E{Key: "version", Value: b.Version - 1}), outbox.Stamp(update, batch))
	if err != nil {
		return false, mongodb.Translate("check in", err)
	}
	return res.MatchedCount == 1, nil
}

// count counts a check-in into the numbers of its thing, once per effect.
func (s *Service) count(ctx context.Context, call outbox.Call, a admitArgs) error {
	c := outbox.Counter{Doc: s.bookableRef(a.BookableID), Marks: "admitted", Kept: releasesKept}
	add := bson.D{{Key: "seatsLeft", Value: -a.Number}, {Key: "seatsTaken", Value: a.Number}, {Key: "seatsVersion", Value: 1}}
	if a.Part != "" {
		add = bson.D{{Key: "rollCalls." + a.Part + ".people", Value: a.Number}}
	}
	return s.Outbox.CountOnce(ctx, call, c, add)
}

// closeAttendance writes on a thing that has begun that nobody else is expected. Returns Conflict otherwise.
func (s store) closeAttendance(ctx context.Context, bookableID string, now time.Time, batch outbox.Batch) error {
	res, err := s.things(bookableID).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: bookableID}, {Key: "state", Value: published}, {Key: "startsAt", Value: bson.D{{Key: "$lte", Value: now}}}},
		outbox.Stamp(bson.D{{Key: "$set", Value: bson.D{{Key: "attendanceClosedAt", Value: now}}}}, batch))
	if err == nil && res.MatchedCount == 0 {
		return fault.Conflict("checkin.close.ahead")
	}
	return mongodb.Translate("close attendance", err)
}

// missAll gives the state of those who have not come to those with a seat who were not let in.
func (s store) missAll(ctx context.Context, bookableID string, missing State) error {
	_, err := s.bookings().UpdateMany(ctx, bson.D{{Key: "bookableId", Value: bookableID}, in(before(missing, actMiss))},
		bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: missing}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	return mongodb.Translate("settle bookings", err)
}

// countStates counts the bookings of a thing by their states.
func (s store) countStates(ctx context.Context, bookableID string, states []State) (map[State]int, error) {
	groups, err := mongodb.Sums[struct {
		State State `bson:"_id"`
		N     int   `bson:"n"`
	}](ctx, "count bookings by state", s.bookings().Collection, bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "bookableId", Value: bookableID}, in(states)}}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$state"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	counts := map[State]int{}
	for _, g := range groups {
		counts[g.State] = g.N
	}
	return counts, err
}
