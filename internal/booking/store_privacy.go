package booking

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
)

// bookingsOf are up to limit bookings of a person, without those with some ids.
func (s store) bookingsOf(ctx context.Context, personID string, except []string, limit int) ([]*Booking, error) {
	return mongodb.All[*Booking](ctx, "bookings of a person", s.bookings().Collection, mongodb.Except(bson.D{{Key: "personId", Value: personID}}, except),
		options.Find().SetLimit(int64(limit)))
}

// walkBookings goes through the bookings of a person, of things of one sort, in the order of
// signing up.
func (s store) walkBookings(personID, sort string) mongodb.Walk[Booking] {
	return mongodb.Walk[Booking]{Op: "walk bookings of a person", Collection: s.bookings().Collection, Filter: bson.D{{Key: "personId", Value: personID}, {Key: "sort", Value: sort}},
		SortKey: "createdAt", Position: func(b *Booking) (any, string) { return b.CreatedAt, b.ID }}
}

// marks are what a bookable thing's document keeps of bookings, with the claim of this booking's person.
func (s store) marks(ctx context.Context, b *Booking) (*Seats, error) {
	return mongodb.One[Seats]("marks of a booking", s.things(b.BookableID).FindOne(ctx, bson.D{{Key: "_id", Value: b.BookableID}},
		options.FindOne().SetProjection(bson.D{{Key: "released", Value: 1}, {Key: "admitted", Value: 1}, {Key: "kept", Value: 1}, {Key: claimPath(b.PersonID), Value: 1}})))
}

// nameNobody gives a booking the random id that stands in place of the person's in its copy. It is
// stored in the booking first, so that a repeat finds the same copy, and nothing in the copy leads back
// to the person.
func (s store) nameNobody(ctx context.Context, b *Booking) error {
	_, err := s.bookings().UpdateOne(ctx,
		append(s.bookings().One(b.ID), bson.E{Key: "nobody", Value: bson.D{{Key: "$exists", Value: false}}}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "nobody", Value: id.Random(id.Person)}}}})
	return mongodb.Translate("mark booking of nobody", err)
}

// keepCopy writes the copy of a booking, or brings it up to date. It has only what is needed to count
// it and the figures, and nothing that tells who it was or when they signed up.
func (s store) keepCopy(ctx context.Context, b *Booking) error {
	// What is copied is what is stored now: a record that was carried out since b was read is in it.
	found, err := mongodb.GetOwned[struct {
		Presences map[string]Presence `bson:"presences"`
		Fields    bson.M              `bson:",inline"`
	}](ctx, "read booking of nobody", s.bookings(), b.ID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	was := found.Fields
	nobodysID, _ := was["nobody"].(string)
	set := bson.D{{Key: "personId", Value: ""}, {Key: "createdAt", Value: b.StartsAt}, {Key: "queuedAt", Value: b.StartsAt}, {Key: "lastClaim", Value: ""}}
	for _, field := range []string{"bookableId", "sort", "state", "guests", "startsAt", "version"} {
		if value, ok := was[field]; ok {
			set = append(set, bson.E{Key: field, Value: value})
		}
	}
	if len(found.Presences) > 0 {
		set = append(set, bson.E{Key: "presences", Value: withoutTimes(found.Presences)})
	}
	key := bson.E{Key: "_id", Value: IDOf(b.BookableID, nobodysID)}
	_, err = s.bookings().InsertOne(ctx, append(bson.D{key}, set...))
	if !mongodb.IsDuplicate(err) {
		return mongodb.Translate("keep booking of nobody", err)
	}
	// The copy was made before a crash, and the booking may have changed since.
	older := bson.D{{Key: "$lt", Value: was["version"]}}
	_, err = s.bookings().UpdateOne(ctx, append(s.bookings().One(IDOf(b.BookableID, nobodysID)), bson.E{Key: "version", Value: older}), bson.D{{Key: "$set", Value: set}})
	return mongodb.Translate("keep booking of nobody", err)
}

// withoutTimes says at which parts somebody was, and not when they came: the audit trail knows who did.
func withoutTimes(all map[string]Presence) map[string]Presence {
	bare := make(map[string]Presence, len(all))
	for part, p := range all {
		bare[part] = Presence{By: p.By, Was: p.Was}
	}
	return bare
}

// outdate makes a repair that has begun to count start anew, and refuses records of attendance for
// which the bookings have been read.
func (s store) outdate(ctx context.Context, bookableID string) error {
	_, err := s.things(bookableID).UpdateOne(ctx, bson.D{{Key: "_id", Value: bookableID}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "seatsVersion", Value: 1}, {Key: "erasures", Value: 1}}}})
	return mongodb.Translate("outdate counts", err)
}

// forget removes the booking's id, which names the person, from the marks of its bookable thing. That
// its seats were counted stays. Seats that waited for it wait no longer.
func (s store) forget(ctx context.Context, b *Booking) error {
	seats, err := s.marks(ctx, b)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	for _, unname := range []bson.D{seats.Released.Unname("released", b.ID), seats.Admitted.Unname("admitted", b.ID)} {
		if unname == nil {
			continue
		}
		_, err := s.things(b.BookableID).UpdateOne(ctx, bson.D{{Key: "_id", Value: b.BookableID}}, unname)
		if err != nil {
			return mongodb.Translate("forget marks of a booking", err)
		}
	}
	if !seats.Kept.isFor(b) {
		return nil
	}
	_, err = s.things(b.BookableID).UpdateOne(ctx, bson.D{{Key: "_id", Value: b.BookableID}, {Key: "kept.for", Value: seats.Kept.For}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "kept", Value: ""}}}})
	return mongodb.Translate("forget for whom seats are kept", err)
}

// remove removes a booking. ok is false if it has changed since it was read, or has effects left.
func (s store) remove(ctx context.Context, b *Booking) (ok bool, err error) {
	res, err := s.bookings().DeleteOne(ctx,
		append(s.bookings().One(b.ID), bson.E{Key: "version", Value: b.Version}, bson.E{Key: "due.0", Value: bson.D{{Key: "$exists", Value: false}}}))
	if err != nil {
		return false, mongodb.Translate("remove booking", err)
	}
	return res.DeletedCount == 1, nil
}
