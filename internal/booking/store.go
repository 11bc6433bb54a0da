package booking

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// collection is where the bookings of all sorts of things are.
const collection = "bookings"

// store reads and writes bookings, and the seats in the documents of what is booked.
type store struct {
	db *mongodb.DB
	// collections has the collection of each sort of thing, by the prefix of its ids.
	collections map[string]string
}

// byBookable is the field of bookings with the thing they lie with. Their ids begin with it.
const byBookable = "bookableId"

func (s store) bookings() mongodb.Owned { return s.db.Owned(collection, byBookable) }

// things is the collection of a thing. The database refuses the empty name, which a sort
// has that only a newer version knows.
func (s store) things(bookableID string) *mongo.Collection {
	return s.db.Collection(s.collections[id.Prefix(bookableID)])
}

// indexes are the indexes of the bookings.
func indexes() []mongodb.Index {
	by := func(fields ...string) mongodb.Index {
		var keys bson.D
		for _, f := range fields {
			keys = append(keys, bson.E{Key: f, Value: 1})
		}
		return mongodb.Index{Collection: collection, Keys: keys}
	}
	return []mongodb.Index{
		by("bookableId", "state", "queuedAt", "_id", "guests"),
		by("bookableId", "state", "createdAt", "_id"),
		by("bookableId", "state", "personId"),
		by("personId", "sort", "state", "startsAt", "_id"),
		by("personId", "sort", "createdAt", "_id"),
		{Collection: collection, Keys: bson.D{{Key: "hasNames", Value: 1}, {Key: "startsAt", Value: 1}}, Having: "hasNames"},
	}
}

type take struct {
	BookableID, PersonID string
	Seats                int
	Circles              []string  // nil: any
	BarredFrom           []string  // ids of groups
	Newcomer             bool      // the person must not pass people in line
	StartsAt             time.Time // the start for which a person in line was chosen
	Past                 *pass     // the party that is passed; nil: none
	Terms                *Terms    // those that the thing had when it was read; nil: none
	IsApproved           bool      // the organiser has approved the person, also after sign-up has closed
	Now                  time.Time
}

// take takes seats and records the claim, in one update. Returns NotFound if the seats
// cannot be had.
func (s store) take(ctx context.Context, t take, b outbox.Batch) (*Bookable, error) {
	claim := "claims." + t.PersonID
	free, set := bson.D{{Key: "$gte", Value: t.Seats}}, bson.D{{Key: claim, Value: b.ID}}
	start := bson.D{{Key: "$gt", Value: t.Now}}
	if !t.Newcomer {
		start = append(start, bson.E{Key: "$eq", Value: t.StartsAt}) // a deadline rests on it
	}
	if t.Past != nil {
		free = append(free, bson.E{Key: "$lt", Value: t.Past.seats}) // the passed party must still not fit
	}
	filter := bson.D{
		{Key: "_id", Value: t.BookableID},
		{Key: "state", Value: published},
		{Key: "startsAt", Value: start},
		{Key: "seatsLeft", Value: free},
		{Key: claim, Value: bson.D{{Key: "$exists", Value: false}}},
		mongodb.AtVersion("signUp.version", t.Terms.version()),
	}
	if !t.IsApproved && t.Terms.OrNone() != nil {
		filter = append(filter, bson.E{Key: "signUp.closesAt", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$lte", Value: t.Now}}}}})
	}
	if t.Past != nil && t.Past.keptFor != "" {
		filter = append(filter, bson.E{Key: "kept.for", Value: t.Past.keptFor})
		set = append(set, bson.E{Key: "kept.passed", Value: true})
	}
	if t.Newcomer {
		filter = append(filter, bson.E{Key: "hasQueue", Value: bson.D{{Key: "$ne", Value: true}}})
	}
	if len(t.BarredFrom) > 0 {
		filter = append(filter, bson.E{Key: "groupId", Value: bson.D{{Key: "$nin", Value: t.BarredFrom}}},
			bson.E{Key: "coGroupIds", Value: bson.D{{Key: "$nin", Value: t.BarredFrom}}})
	}
	if t.Circles != nil {
		isTheirs := bson.D{{Key: "$in", Value: t.Circles}}
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{bson.D{{Key: "openTo", Value: isTheirs}}, bson.D{{Key: "circles", Value: isTheirs}}}})
	}
	update := outbox.Stamp(bson.D{
		{Key: "$inc", Value: bson.D{{Key: "seatsLeft", Value: -t.Seats}, {Key: "seatsTaken", Value: t.Seats}, {Key: "seatsVersion", Value: 1}}},
		{Key: "$set", Value: set},
	}, b)
	return mongodb.One[Bookable]("take seats", s.things(t.BookableID).FindOneAndUpdate(ctx, filter, update,
		options.FindOneAndUpdate().SetReturnDocument(options.After)))
}

// giveBack undoes a claim once, and puts the batch next in place of the claim's batch. It
// leaves the entry of due to the outbox, which is carrying the claim out. Returns NotFound if
// the claim has been undone before.
func (s store) giveBack(ctx context.Context, call outbox.Call, a claimArgs, next outbox.Batch) error {
	unset := bson.D{{Key: claimPath(a.Booking.claimKey()), Value: ""}}
	for _, eid := range call.Siblings {
		unset = append(unset, bson.E{Key: "effects." + eid, Value: ""})
	}
	inc := bson.D{{Key: "seatsLeft", Value: a.seats() - a.Reserved}, {Key: "seatsTaken", Value: -a.seats()}, {Key: "seatsVersion", Value: 1}}
	if a.Reserved > 0 {
		inc = append(inc, bson.E{Key: "reserved", Value: a.Reserved})
	}
	res, err := s.things(call.Doc.ID).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: call.Doc.ID}, {Key: "effects." + call.EffectID, Value: bson.D{{Key: "$exists", Value: true}}}},
		outbox.Stamp(bson.D{
			{Key: "$inc", Value: inc},
			{Key: "$unset", Value: unset},
		}, next))
	if err == nil && res.MatchedCount == 0 {
		return fault.NotFound("booking.not_found")
	}
	return mongodb.Translate("give seats back", err)
}

// releasesKept is how long the mark of a counted release is kept at least.
const releasesKept = time.Hour

// release frees the seats of a booking that was given up, once per effect.
func (s *Service) release(ctx context.Context, call outbox.Call, a releaseArgs) error {
	c := outbox.Counter{Doc: s.bookableRef(a.BookableID), Marks: "released", Kept: releasesKept}
	return s.Outbox.CountOnce(ctx, call, c, bson.D{{Key: "seatsLeft", Value: a.Seats}, {Key: "seatsTaken", Value: -a.Seats}, {Key: "seatsVersion", Value: 1}})
}

// bookableFields are the fields that are read of a bookable thing. Claims, effects and
// releases are left out, since they grow with the people who come and go at once.
var bookableFields = bson.D{{Key: "state", Value: 1}, {Key: "startsAt", Value: 1}, {Key: "openTo", Value: 1}, {Key: "circles", Value: 1}, {Key: "groupId", Value: 1}, {Key: "coGroupIds", Value: 1},
	{Key: "capacity", Value: 1}, {Key: "seatsTaken", Value: 1}, {Key: "seatsLeft", Value: 1}, {Key: "hasQueue", Value: 1},
	{Key: "closing", Value: 1}, {Key: "seatsVersion", Value: 1}, {Key: "startVersion", Value: 1}, {Key: "lineEnds", Value: 1}, {Key: "kept", Value: 1}, {Key: "capacityVersion", Value: 1}, {Key: "reserved", Value: 1}, {Key: "signUp", Value: 1}, {Key: "attendanceClosedAt", Value: 1}}

// bookable reads a thing without any claims.
func (s store) bookable(ctx context.Context, bookableID string) (*Bookable, error) {
	return s.read(ctx, bookableID, bookableFields)
}

// bookableFor reads a thing with one claim.
func (s store) bookableFor(ctx context.Context, bookableID, claimKey string) (*Bookable, error) {
	return s.read(ctx, bookableID, append(slices.Clone(bookableFields), bson.E{Key: claimPath(claimKey), Value: 1}))
}

// allClaims are the fields with all claims, and what is under way.
func allClaims() bson.D {
	return append(slices.Clone(bookableFields), bson.E{Key: "claims", Value: 1}, bson.E{Key: "due", Value: 1})
}

// withClaims reads a thing with all claims.
func (s store) withClaims(ctx context.Context, bookableID string) (*Bookable, error) {
	return s.read(ctx, bookableID, allClaims())
}

func (s store) read(ctx context.Context, bookableID string, fields bson.D) (*Bookable, error) {
	b, err := mongodb.One[Bookable]("get bookable", s.things(bookableID).FindOne(ctx, bson.D{{Key: "_id", Value: bookableID}},
		options.FindOne().SetProjection(fields)))
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.NotFound("booking.not_found").Because(err)
	}
	return b, err
}

// setSeats sets the capacity and the terms as of a version of their owner; false if others have been set, or
// reserved seats given out, since b was read. It adds the difference to the free seats, so that people may
// come and go meanwhile.
func (s store) setSeats(ctx context.Context, b *Bookable, capacity *int, t *Terms, version int) (bool, error) {
	reserve := max(t.reserved()-b.Terms.reserved(), -b.Reserved)
	set := bson.D{{Key: "capacity", Value: capacity}, {Key: "capacityVersion", Value: version}}
	inc := bson.D{{Key: "seatsLeft", Value: limit(capacity) - limit(b.Capacity) - reserve}, {Key: "seatsVersion", Value: 1}}
	if b.Terms != nil || t != nil {
		set = append(set, bson.E{Key: "signUp", Value: t.asOf(version)})
		inc = append(inc, bson.E{Key: "reserved", Value: reserve})
	}
	res, err := s.things(b.ID).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: b.ID}, {Key: "capacity", Value: b.Capacity},
			{Key: "capacityVersion", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gt", Value: version}}}}},
			mongodb.AtVersion("signUp.version", b.Terms.version()), mongodb.AtVersion("reserved", b.Reserved)},
		bson.D{{Key: "$set", Value: set}, {Key: "$inc", Value: inc}})
	if err != nil {
		return false, mongodb.Translate("set seats", err)
	}
	return res.MatchedCount == 1, nil
}
