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

// own says which bookings of a person to find: of things of one sort, in these states, that
// start at or after From, and before Before.
type own struct {
	PersonID, Sort string
	States         []State
	From, Before   time.Time // the zero value: no limit
	IsBackwards    bool      // the latest start first
}

// byStart are a person's bookings in the order of the starts.
func (s store) byStart(ctx context.Context, of own, k page.Keyset) ([]*Booking, error) {
	filter := bson.D{{Key: "personId", Value: of.PersonID}, {Key: "sort", Value: of.Sort}, {Key: "state", Value: bson.D{{Key: "$in", Value: of.States}}}}
	var start bson.D
	if !of.From.IsZero() {
		start = append(start, bson.E{Key: "$gte", Value: of.From})
	}
	if !of.Before.IsZero() {
		start = append(start, bson.E{Key: "$lt", Value: of.Before})
	}
	if len(start) > 0 {
		filter = append(filter, bson.E{Key: "startsAt", Value: start})
	}
	if !k.IsStart() {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("startsAt", of.IsBackwards, k.Time(), k.ID)}})
	}
	return mongodb.All[*Booking](ctx, "list bookings by start", s.bookings().Collection, filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", of.IsBackwards)).SetLimit(int64(k.Limit)))
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Booking, error) {
	return mongodb.OwnedByIDs(ctx, "find bookings", s.bookings(), ids, func(b *Booking) string { return b.ID })
}

// countAhead counts, for each of these bookings, those who stand ahead of it in its line, by
// thing.
func (s store) countAhead(ctx context.Context, firsts []waiter) (map[string]int, error) {
	if len(firsts) == 0 {
		return map[string]int{}, nil
	}
	var ahead bson.A
	var lines []string
	for _, w := range firsts {
		lines = append(lines, w.bookableID)
		ahead = append(ahead, append(waitingAt(w.bookableID), bson.E{Key: "queuedAt", Value: bson.D{{Key: "$lt", Value: w.since}}}),
			append(waitingAt(w.bookableID), bson.E{Key: "queuedAt", Value: w.since}, bson.E{Key: "_id", Value: bson.D{{Key: "$lt", Value: w.bookingID}}}))
	}
	return countByThing[int](ctx, s, "count who is ahead in line",
		bson.D{{Key: "bookableId", Value: bson.D{{Key: "$in", Value: lines}}}, {Key: "$or", Value: ahead}})
}

// lineLengths counts who is in line, by thing.
func (s store) lineLengths(ctx context.Context, bookableIDs []string) (map[string]LineLength, error) {
	return countByThing[LineLength](ctx, s, "count who is in line",
		bson.D{{Key: "bookableId", Value: bson.D{{Key: "$in", Value: bookableIDs}}}, {Key: "state", Value: Waitlisted}})
}

// countByThing counts the bookings that a filter finds, by thing.
func countByThing[N ~int](ctx context.Context, s store, op string, filter bson.D) (map[string]N, error) {
	groups, err := mongodb.Sums[struct {
		BookableID string `bson:"_id"`
		N          N      `bson:"n"`
	}](ctx, op, s.bookings().Collection, bson.A{
		bson.D{{Key: "$match", Value: filter}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$bookableId"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	if err != nil {
		return nil, err
	}
	counts := make(map[string]N, len(groups))
	for _, g := range groups {
		counts[g.BookableID] = g.N
	}
	return counts, nil
}

// stretches are parts of lines, each from one booking to another: by thing, the bookings there
// with their places in that part, from 1.
func (s store) stretches(ctx context.Context, parts [][2]waiter) (map[string]map[string]int, error) {
	found := map[string]map[string]int{}
	if len(parts) == 0 {
		return found, nil
	}
	var within bson.A
	var lines []string
	first := map[string]waiter{}
	for _, p := range parts {
		first[p[0].bookableID] = p[0]
		lines = append(lines, p[0].bookableID)
		within = append(within, append(waitingAt(p[0].bookableID),
			bson.E{Key: "queuedAt", Value: bson.D{{Key: "$gte", Value: p[0].since}, {Key: "$lte", Value: p[1].since}}}))
	}
	list, err := mongodb.All[*Booking](ctx, "part of a line", s.bookings().Collection,
		bson.D{{Key: "bookableId", Value: bson.D{{Key: "$in", Value: lines}}}, {Key: "$or", Value: within}},
		options.Find().SetSort(mongodb.KeysetSort("queuedAt", false)).SetProjection(bson.D{{Key: "bookableId", Value: 1}, {Key: "queuedAt", Value: 1}}))
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		w := waiter{bookingID: b.ID, bookableID: b.BookableID, since: b.QueuedAt}
		if w.before(first[w.bookableID]) {
			continue
		}
		if found[w.bookableID] == nil {
			found[w.bookableID] = map[string]int{}
		}
		found[w.bookableID][b.ID] = len(found[w.bookableID]) + 1
	}
	return found, nil
}
