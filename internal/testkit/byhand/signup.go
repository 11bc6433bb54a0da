package byhand

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"go.jetify.com/typeid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

type newBooking struct {
	ID           string    `bson:"_id"`
	BookableID   string    `bson:"bookableId"`
	Sort         string    `bson:"sort"`
	PersonID     string    `bson:"personId"`
	State        string    `bson:"state"`
	Guests       int       `bson:"guests"`
	StartsAt     time.Time `bson:"startsAt"`
	StartVersion int       `bson:"startVersion"`
	CreatedAt    time.Time `bson:"createdAt"`
	QueuedAt     time.Time `bson:"queuedAt"`
	LastClaim    string    `bson:"lastClaim"`
	Version      int       `bson:"version"`
}

type signUpAnswer struct {
	AttendEvent struct {
		Outcome struct {
			Kind    string   `json:"__typename"`
			Booking newPlace `json:"booking"`
		} `json:"outcome"`
		Occurrence struct {
			ID        string   `json:"id"`
			SeatsLeft *int     `json:"seatsLeft"`
			ViewerCan []string `json:"viewerCan"`
		} `json:"occurrence"`
	} `json:"attendEvent"`
}

type newPlace struct {
	ID             string     `json:"id"`
	State          string     `json:"state"`
	Guests         int        `json:"guests"`
	Position       *int       `json:"position"`
	OfferExpiresAt *time.Time `json:"offerExpiresAt"`
	ViewerCan      []string   `json:"viewerCan"`
}

// signUp takes a seat, notes beside it what must follow, writes the booking, and takes the note away;
// then it reads what it answers.
func (h *handler) signUp(ctx context.Context, c call) (any, error) {
	var variables struct {
		Input struct {
			OccurrenceID string `json:"occurrenceId"`
		} `json:"input"`
	}
	if err := json.Unmarshal(c.variables, &variables); err != nil {
		return nil, err
	}
	claim := typeid.Must(typeid.WithPrefix("eff")).String()
	b := &newBooking{ID: variables.Input.OccurrenceID + ":" + c.viewer.ID, BookableID: variables.Input.OccurrenceID, Sort: "occ", PersonID: c.viewer.ID,
		State: "CONFIRMED", CreatedAt: h.o.Now(), LastClaim: claim, Version: 1}
	if err := h.takeSeat(ctx, c.viewer, b); err != nil {
		return nil, err
	}
	_, err := h.bookings.InsertOne(ctx, b)
	hasPlace := mongo.IsDuplicateKeyError(err)
	if err != nil && !hasPlace {
		return nil, err
	}
	if err := h.dropNote(ctx, b, hasPlace); err != nil {
		return nil, err
	}
	return h.signedUp(ctx, c.viewer, b.BookableID)
}

// takeSeat takes a seat at a date that is open to the viewer, and keeps the booking beside it.
func (h *handler) takeSeat(ctx context.Context, viewer *person, b *newBooking) error {
	note, err := json.Marshal(b)
	if err != nil {
		return err
	}
	claimed := "claims." + viewer.ID
	filter := bson.D{
		{Key: "_id", Value: b.BookableID},
		{Key: "state", Value: "PUBLISHED"},
		{Key: "startsAt", Value: bson.D{{Key: "$gt", Value: b.CreatedAt}}},
		{Key: "seatsLeft", Value: bson.D{{Key: "$gte", Value: 1}}},
		{Key: claimed, Value: bson.D{{Key: "$exists", Value: false}}},
		{Key: "hasQueue", Value: bson.D{{Key: "$ne", Value: true}}},
		{Key: "openTo", Value: bson.D{{Key: "$in", Value: viewer.openTo()}}},
	}
	update := bson.D{
		{Key: "$inc", Value: bson.D{{Key: "seatsLeft", Value: -1}, {Key: "seatsTaken", Value: 1}, {Key: "seatsVersion", Value: 1}}},
		{Key: "$set", Value: bson.D{{Key: claimed, Value: b.LastClaim}, {Key: noteOf(b), Value: bson.D{
			{Key: "kind", Value: "booking.claim"}, {Key: "args", Value: string(note)}, {Key: "clear", Value: []string{claimed}}, {Key: "for", Value: []string{"booking.bookings"}},
		}}}},
		{Key: "$push", Value: bson.D{{Key: "due", Value: b.LastClaim}}},
	}
	var taken struct {
		StartsAt     time.Time `bson:"startsAt"`
		StartVersion int       `bson:"startVersion"`
	}
	err = h.occurrences.FindOneAndUpdate(ctx, filter, update, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&taken)
	b.StartsAt, b.StartVersion = taken.StartsAt, taken.StartVersion
	return err
}

// noteOf is the field that says of a date what must follow.
func noteOf(b *newBooking) string { return "effects." + b.LastClaim + "_00" }

// dropNote takes the note away, and gives the seat back to which the viewer has a place already.
func (h *handler) dropNote(ctx context.Context, b *newBooking, hasPlace bool) error {
	filter := bson.D{
		{Key: "_id", Value: b.BookableID},
		{Key: "due", Value: bson.D{{Key: "$size", Value: 1}, {Key: "$all", Value: []string{b.LastClaim}}}},
		{Key: noteOf(b), Value: bson.D{{Key: "$exists", Value: true}}},
	}
	update := bson.D{{Key: "$unset", Value: bson.D{{Key: "due", Value: ""}, {Key: noteOf(b), Value: ""}, {Key: "claims." + b.PersonID, Value: ""}}}}
	if hasPlace {
		update = append(update, bson.E{Key: "$inc", Value: bson.D{{Key: "seatsLeft", Value: 1}, {Key: "seatsTaken", Value: -1}, {Key: "seatsVersion", Value: 1}}})
	}
	_, err := h.occurrences.UpdateOne(ctx, filter, update)
	return err
}

// signedUp reads the date, its event and the booking.
func (h *handler) signedUp(ctx context.Context, viewer *person, date string) (any, error) {
	dates, err := find[fullDate](ctx, h.occurrences, byIDs([]string{date}))
	if err != nil || len(dates) == 0 {
		return nil, errors.Join(err, mongo.ErrNoDocuments)
	}
	if _, err := find[event](ctx, h.events, byIDs([]string{dates[0].EventID})); err != nil {
		return nil, err
	}
	d := &dates[0]
	if err := h.place(ctx, viewer, d); err != nil || d.ViewerBooking == nil {
		return nil, errors.Join(err, mongo.ErrNoDocuments)
	}
	own := d.ViewerBooking
	var a signUpAnswer
	a.AttendEvent.Outcome.Kind = "BookingConfirmed"
	a.AttendEvent.Outcome.Booking = newPlace{own.ID, own.State, own.Guests, own.Position, own.OfferExpiresAt, own.ViewerCan}
	a.AttendEvent.Occurrence.ID, a.AttendEvent.Occurrence.SeatsLeft, a.AttendEvent.Occurrence.ViewerCan = d.ID, d.SeatsLeft, d.ViewerCan
	return &a, nil
}
