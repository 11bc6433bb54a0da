package booking

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/page"
)

// bookingsAt are the bookings of a thing in one state, in the order of signing up.
func (s store) bookingsAt(ctx context.Context, bookableID string, state State, k page.Keyset) ([]*Booking, error) {
	filter := bson.D{{Key: "bookableId", Value: bookableID}, {Key: "state", Value: state}}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("createdAt", false, k.Time(), k.ID)...)
	}
	return mongodb.All[*Booking](ctx, "list bookings", s.bookings().Collection, filter,
		options.Find().SetSort(mongodb.KeysetSort("createdAt", false)).SetLimit(int64(k.Limit)))
}

// newestOf are a person's bookings of things of one sort, newest first.
func (s store) newestOf(ctx context.Context, personID, sort string, k page.Keyset) ([]*Booking, error) {
	filter := bson.D{{Key: "personId", Value: personID}, {Key: "sort", Value: sort}}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("createdAt", true, k.Time(), k.ID)...)
	}
	return mongodb.All[*Booking](ctx, "list bookings of person", s.bookings().Collection, filter,
		options.Find().SetSort(mongodb.KeysetSort("createdAt", true)).SetLimit(int64(k.Limit)))
}

// upcoming are a person's bookings of things of one sort that start at an instant or later
// and will still be used, soonest first.
func (s store) upcoming(ctx context.Context, personID, sort string, from time.Time, k page.Keyset) ([]*Booking, error) {
	filter := bson.D{{Key: "personId", Value: personID}, {Key: "sort", Value: sort}, {Key: "state", Value: bson.D{{Key: "$in", Value: awaited}}},
		{Key: "startsAt", Value: bson.D{{Key: "$gte", Value: from}}}}
	if !k.IsStart() {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("startsAt", false, k.Time(), k.ID)}})
	}
	return mongodb.All[*Booking](ctx, "list upcoming", s.bookings().Collection, filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(int64(k.Limit)))
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Booking, error) {
	return mongodb.OwnedByIDs(ctx, "find bookings", s.bookings(), ids, func(b *Booking) string { return b.ID })
}
