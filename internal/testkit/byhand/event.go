package byhand

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"go.jetify.com/typeid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// fullEvent is what is read of an event for its own page.
type fullEvent struct {
	ID           string       `bson:"_id"`
	Title        string       `bson:"title"`
	Description  string       `bson:"description"`
	State        string       `bson:"state"`
	CancelReason *string      `bson:"cancelReason"`
	Place        *fullPlace   `bson:"place"`
	Group        visibleGroup `bson:"group"`
}

type fullPlace struct {
	Name      *string  `bson:"name"      json:"name"`
	Address   *string  `bson:"address"   json:"address"`
	Latitude  *float64 `bson:"latitude"  json:"latitude"`
	Longitude *float64 `bson:"longitude" json:"longitude"`
}

type visibleGroup struct {
	ID         string `bson:"id"         json:"id"`
	Name       string `bson:"name"       json:"name"`
	Kind       string `bson:"kind"       json:"kind"`
	Visibility string `bson:"visibility" json:"visibility"`
}

// fullDate is a date as it is read, and as it is answered.
type fullDate struct {
	EventID       string       `bson:"eventId" json:"-"`
	ID            string       `bson:"_id"           json:"id"`
	State         string       `bson:"state"         json:"state"`
	StartsAt      time.Time    `bson:"startsAt"      json:"startsAt"`
	EndsAt        time.Time    `bson:"endsAt"        json:"endsAt"`
	StartsAtLocal string       `bson:"startsAtLocal" json:"startsAtLocal"`
	EndsAtLocal   string       `bson:"endsAtLocal"   json:"endsAtLocal"`
	TimeZone      string       `bson:"timeZone"      json:"timeZone"`
	Capacity      *int         `bson:"capacity"      json:"capacity"`
	SeatsLeft     *int         `bson:"seatsLeft"     json:"seatsLeft"`
	ViewerBooking *fullBooking `bson:"-"             json:"viewerBooking"`
	ViewerCan     []string     `bson:"-"             json:"viewerCan"`
}

type fullBooking struct {
	ID             string     `bson:"_id"            json:"id"`
	State          string     `bson:"state"          json:"state"`
	Guests         int        `bson:"guests"         json:"guests"`
	Position       *int       `bson:"-"              json:"position"`
	OfferExpiresAt *time.Time `bson:"offerExpiresAt" json:"offerExpiresAt"`
	EndedBecause   *string    `bson:"endedBecause"   json:"endedBecause"`
	ViewerCan      []string   `bson:"-"              json:"viewerCan"`
}

type eventAnswer struct {
	Event struct {
		ID           string          `json:"id"`
		Title        string          `json:"title"`
		Description  string          `json:"description"`
		State        string          `json:"state"`
		CancelReason *string         `json:"cancelReason"`
		Place        *fullPlace      `json:"place"`
		Group        visibleGroup    `json:"group"`
		Next         id              `json:"next"`
		ViewerCan    []string        `json:"viewerCan"`
		Reminders    []string        `json:"reminders"`
		Occurrences  list[*fullDate] `json:"occurrences"`
	} `json:"event"`
}

// eventPage is an event with its date.
func (h *handler) eventPage(ctx context.Context, c call) (any, error) {
	var variables struct {
		Event string `json:"event"`
	}
	if err := json.Unmarshal(c.variables, &variables); err != nil {
		return nil, err
	}
	var e fullEvent
	if err := h.events.FindOne(ctx, bson.D{{Key: "_id", Value: variables.Event}}).Decode(&e); err != nil {
		return nil, err
	}
	dates, err := find[fullDate](ctx, h.occurrences, byIDs([]string{dateOf(e.ID)}))
	if err != nil || len(dates) == 0 {
		return nil, errors.Join(err, mongo.ErrNoDocuments)
	}
	d := &dates[0]
	if err := h.place(ctx, c.viewer, d); err != nil {
		return nil, err
	}
	var a eventAnswer
	a.Event.ID, a.Event.Title, a.Event.Description, a.Event.State, a.Event.CancelReason = e.ID, e.Title, e.Description, e.State, e.CancelReason
	a.Event.Place, a.Event.Group, a.Event.Next = e.Place, e.Group, id{d.ID}
	a.Event.ViewerCan, a.Event.Reminders = []string{}, []string{"DAY_BEFORE", "TWO_HOURS_BEFORE"}
	a.Event.Occurrences.add(d)
	err = a.Event.Occurrences.end(false, "occurrences", d.StartsAt, d.ID)
	return &a, err
}

// place adds the viewer's own booking to a date, and what the viewer can do.
func (h *handler) place(ctx context.Context, viewer *person, d *fullDate) error {
	own, err := find[fullBooking](ctx, h.bookings, append(bson.D{{Key: "bookableId", Value: d.ID}}, byIDs([]string{d.ID + ":" + viewer.ID})...))
	d.ViewerCan = []string{"ATTEND"}
	if d.Capacity == nil {
		d.SeatsLeft = nil
	}
	if len(own) > 0 {
		own[0].ViewerCan = []string{"CANCEL"}
		d.ViewerBooking, d.ViewerCan = &own[0], []string{"UPDATE_ATTENDANCE"}
	}
	return err
}

// dateOf is the id of an event's only date, which is made from the event's.
func dateOf(event string) string { return derive("occ", event+"\x000") }

// derive is the id that is made from a name.
func derive(prefix, name string) string {
	sum := sha256.Sum256([]byte(name))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return typeid.Must(typeid.FromUUIDBytesWithPrefix(prefix, b)).String()
}

// list is a page of a list.
type list[T any] struct {
	Edges    []edge[T] `json:"edges"`
	PageInfo pageInfo  `json:"pageInfo"`
}

type edge[T any] struct {
	Node T `json:"node"`
}

func (l *list[T]) add(node T) { l.Edges = append(l.Edges, edge[T]{node}) }

// end says where the page ends, and whether more follows.
func (l *list[T]) end(hasMore bool, name string, at time.Time, id string) (err error) {
	l.PageInfo.HasNextPage = hasMore
	l.PageInfo.EndCursor, err = cursorAt(name, at, id)
	return err
}
