package byhand

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"
)

const (
	pageSize = 20
	longest  = 15 * 24 * time.Hour // of an event
)

type occurrence struct {
	ID        string    `bson:"_id"`
	EventID   string    `bson:"eventId"`
	Title     string    `bson:"title"`
	State     string    `bson:"state"`
	StartsAt  time.Time `bson:"startsAt"`
	EndsAt    time.Time `bson:"endsAt"`
	TimeZone  string    `bson:"timeZone"`
	Capacity  *int      `bson:"capacity"`
	SeatsLeft int       `bson:"seatsLeft"`
	Place     *place    `bson:"place"`
	Group     group     `bson:"group"`
}

type place struct {
	Name *string `bson:"name" json:"name"`
}

type group struct {
	ID   string `bson:"id"   json:"id"`
	Name string `bson:"name" json:"name"`
	Kind string `bson:"kind" json:"kind"`
}

type event struct {
	ID          string `bson:"_id"`
	OrganiserID string `bson:"organiserId"`
}

type named struct {
	ID          string `bson:"_id"         json:"id"`
	DisplayName string `bson:"displayName" json:"displayName"`
}

type booking struct {
	ID             string     `bson:"_id"            json:"id"`
	BookableID     string     `bson:"bookableId"     json:"-"`
	State          string     `bson:"state"          json:"state"`
	Guests         int        `bson:"guests"         json:"guests"`
	OfferExpiresAt *time.Time `bson:"offerExpiresAt" json:"offerExpiresAt"`
	ViewerCan      []string   `bson:"-"              json:"viewerCan"`
}

// feedEntry is an entry as it is answered.
type feedEntry struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	State     string    `json:"state"`
	StartsAt  time.Time `json:"startsAt"`
	EndsAt    time.Time `json:"endsAt"`
	TimeZone  string    `json:"timeZone"`
	Capacity  *int      `json:"capacity"`
	SeatsLeft *int      `json:"seatsLeft"`
	Place     *place    `json:"place"`
	Group     group     `json:"group"`
	Event     struct {
		ID        string `json:"id"`
		Organiser named  `json:"organiser"`
	} `json:"event"`
	ViewerBooking *booking `json:"viewerBooking"`
	ViewerCan     []string `json:"viewerCan"`
}

type pageInfo struct {
	HasNextPage bool    `json:"hasNextPage"`
	EndCursor   *string `json:"endCursor"`
}

type feedEdge struct {
	Node feedEntry `json:"node"`
}

type feedAnswer struct {
	Occurrences struct {
		Edges    []feedEdge `json:"edges"`
		PageInfo pageInfo   `json:"pageInfo"`
	} `json:"occurrences"`
}

// feed are the next dates of the viewer's groups and home.
func (h *handler) feed(ctx context.Context, c call) (any, error) {
	dates, err := find[occurrence](ctx, h.occurrences, h.feedFilter(c.viewer),
		options.Find().SetSort(bson.D{{Key: "startsAt", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(pageSize+1))
	if err != nil {
		return nil, err
	}
	hasMore := len(dates) > pageSize
	dates = dates[:min(len(dates), pageSize)]
	own, organisers, err := h.besides(ctx, c.viewer, dates)
	if err != nil {
		return nil, err
	}
	var a feedAnswer
	a.Occurrences.Edges = make([]feedEdge, len(dates))
	for i := range dates {
		a.Occurrences.Edges[i].Node = entry(&dates[i], own[dates[i].ID], organisers[dates[i].EventID])
	}
	a.Occurrences.PageInfo.HasNextPage = hasMore
	if len(dates) > 0 {
		a.Occurrences.PageInfo.EndCursor, err = cursorAt("dates", dates[len(dates)-1].StartsAt, dates[len(dates)-1].ID)
	}
	return &a, err
}

// openTo is whose dates and events a person sees: those of all, and those of the own groups.
func (p *person) openTo() []string {
	open := make([]string, 1, len(p.Groups)+1)
	open[0] = "*"
	for g, in := range p.Groups {
		if in.Active {
			open = append(open, g)
		}
	}
	slices.Sort(open[1:])
	return open
}

func (h *handler) feedFilter(viewer *person) bson.D {
	now := h.o.Now()
	open := viewer.openTo()
	facets := make([]string, 0, len(open))
	for _, g := range open[1:] {
		facets = append(facets, "group:"+g)
	}
	if viewer.HomeAreaID != "" {
		facets = append(facets, "area:"+viewer.HomeAreaID)
	}
	return bson.D{
		{Key: "state", Value: "PUBLISHED"},
		{Key: "openTo", Value: bson.D{{Key: "$in", Value: open}}},
		{Key: "startsAt", Value: bson.D{{Key: "$gt", Value: now.Add(-longest)}}},
		{Key: "endsAt", Value: bson.D{{Key: "$gt", Value: now}}},
		{Key: "$and", Value: bson.A{bson.D{{Key: "facets", Value: bson.D{{Key: "$in", Value: facets}}}}}},
	}
}

// besides are the viewer's own bookings by date, and the organisers by event. The bookings and the
// events are asked for at once.
func (h *handler) besides(ctx context.Context, viewer *person, dates []occurrence) (map[string]*booking, map[string]named, error) {
	dateIDs, bookingIDs, eventIDs := make([]string, len(dates)), make([]string, len(dates)), make([]string, 0, len(dates))
	for i := range dates {
		dateIDs[i], bookingIDs[i] = dates[i].ID, dates[i].ID+":"+viewer.ID
		eventIDs = append(eventIDs, dates[i].EventID)
	}
	slices.Sort(eventIDs)
	eventIDs = slices.Compact(eventIDs)
	own, organisers := make(map[string]*booking, len(dates)), make(map[string]named, len(dates))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		list, err := find[booking](ctx, h.bookings, append(bson.D{{Key: "bookableId", Value: bson.D{{Key: "$in", Value: dateIDs}}}}, byIDs(bookingIDs)...))
		for i := range list {
			own[list[i].BookableID] = &list[i]
		}
		return err
	})
	g.Go(func() error {
		events, err := find[event](ctx, h.events, byIDs(eventIDs))
		if err != nil {
			return err
		}
		ids := make([]string, len(events))
		for i := range events {
			ids[i] = events[i].OrganiserID
		}
		slices.Sort(ids)
		people, err := find[named](ctx, h.persons, byIDs(slices.Compact(ids)))
		if err != nil {
			return err
		}
		byID := make(map[string]named, len(people))
		for _, p := range people {
			byID[p.ID] = p
		}
		for i := range events {
			organisers[events[i].ID] = byID[events[i].OrganiserID]
		}
		return nil
	})
	return own, organisers, g.Wait()
}

func entry(d *occurrence, own *booking, organiser named) feedEntry {
	e := feedEntry{ID: d.ID, Title: d.Title, State: d.State, StartsAt: d.StartsAt, EndsAt: d.EndsAt, TimeZone: d.TimeZone, Capacity: d.Capacity,
		Place: d.Place, Group: d.Group, ViewerCan: []string{"ATTEND"}}
	if d.Capacity != nil {
		e.SeatsLeft = &d.SeatsLeft
	}
	e.Event.ID, e.Event.Organiser = d.EventID, organiser
	if own != nil {
		own.ViewerCan = []string{"CANCEL"}
		e.ViewerBooking, e.ViewerCan = own, []string{"UPDATE_ATTENDANCE"}
	}
	return e
}

// cursorAt says where the next page begins.
func cursorAt(list string, at time.Time, id string) (*string, error) {
	return cursorBehind(list, strconv.FormatInt(at.UnixMilli(), 10), id)
}

// cursorBehind says that the next page begins behind what sorts by a key.
func cursorBehind(list, key, id string) (*string, error) {
	raw, err := json.Marshal(struct {
		V int    `json:"v"`
		L string `json:"l"`
		K string `json:"k"`
		I string `json:"i"`
	}{1, list, key, id})
	text := base64.RawURLEncoding.EncodeToString(raw)
	return &text, err
}
