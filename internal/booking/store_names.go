package booking

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// withNames are the things that began before an instant and whose bookings name guests.
func (s store) withNames(ctx context.Context, before time.Time) ([]string, error) {
	return s.thingsOf(ctx, "find names of guests", namedBefore(before))
}

// namedBefore are the bookings of what began before an instant that name guests.
func namedBefore(before time.Time) bson.D {
	return bson.D{{Key: "hasNames", Value: true}, {Key: "startsAt", Value: bson.D{{Key: "$lt", Value: before}}}}
}

// goingOn are those of these things that end at an instant or later.
func (s store) goingOn(ctx context.Context, bookableIDs []string, at time.Time) ([]string, error) {
	byCollection := map[string][]string{}
	for _, bookableID := range bookableIDs {
		name := s.things(bookableID).Name()
		byCollection[name] = append(byCollection[name], bookableID)
	}
	var going []string
	for name, ids := range byCollection {
		list, err := mongodb.All[Bookable](ctx, "read ends", s.db.Collection(name),
			bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, options.Find().SetProjection(bson.D{{Key: "endsAt", Value: 1}}))
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			if !b.EndsAt.Before(at) {
				going = append(going, b.ID)
			}
		}
	}
	return going, nil
}

// forgetGuests removes the names of guests from bookings of what began before an instant, except at some things.
func (s store) forgetGuests(ctx context.Context, before time.Time, except []string) error {
	filter := namedBefore(before)
	if len(except) > 0 {
		filter = append(filter, bson.E{Key: byBookable, Value: bson.D{{Key: "$nin", Value: except}}})
	}
	_, err := s.bookings().UpdateMany(ctx, filter,
		bson.D{{Key: "$unset", Value: bson.D{{Key: "namedGuests", Value: ""}, {Key: "guestName", Value: ""}, {Key: "contact", Value: ""}, {Key: "hasNames", Value: ""}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	return mongodb.Translate("forget guests", err)
}
