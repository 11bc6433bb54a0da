package byhand

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"
)

const (
	seatsOfADate    = 50
	messagesOfADate = 5
)

type ledEvent struct {
	ID             string   `bson:"_id"`
	Title          string   `bson:"title"`
	State          string   `bson:"state"`
	Version        int      `bson:"version"`
	OrganiserID    string   `bson:"organiserId"`
	CoOrganiserIDs []string `bson:"coOrganiserIds"`
}

type seat struct {
	ID             string     `bson:"_id"            json:"id"`
	PersonID       string     `bson:"personId"       json:"-"`
	Guests         int        `bson:"guests"         json:"guests"`
	GuestName      *string    `bson:"guestName"      json:"guestName"`
	State          string     `bson:"state"          json:"state"`
	CreatedAt      time.Time  `bson:"createdAt"      json:"createdAt"`
	OfferExpiresAt *time.Time `bson:"offerExpiresAt" json:"offerExpiresAt"`
	Person         named      `bson:"-"              json:"person"`
}

type ledDate struct {
	ID            string      `bson:"_id"       json:"id"`
	State         string      `bson:"state"     json:"state"`
	StartsAt      time.Time   `bson:"startsAt"  json:"startsAt"`
	Capacity      *int        `bson:"capacity"  json:"capacity"`
	SeatsLeft     *int        `bson:"seatsLeft" json:"seatsLeft"`
	WaitlistCount int         `bson:"-"         json:"waitlistCount"`
	ViewerCan     []string    `bson:"-"         json:"viewerCan"`
	Confirmed     list[*seat] `bson:"-"         json:"confirmed"`
	Waiting       list[*seat] `bson:"-"         json:"waiting"`
}

type request struct {
	ID       string    `bson:"_id"      json:"id"`
	PersonID string    `bson:"personId" json:"-"`
	Since    time.Time `bson:"since"    json:"since"`
	Person   named     `bson:"-"        json:"person"`
}

type message struct {
	ID            string     `json:"id"`
	Title         string     `json:"title"`
	State         string     `json:"state"`
	BookingStates []string   `json:"bookingStates"`
	PublishAt     *time.Time `json:"publishAt"`
	SentAt        *time.Time `json:"sentAt"`
	CorrectedAt   *time.Time `json:"correctedAt"`
	ViewerCan     []string   `json:"viewerCan"`
	Version       int        `json:"version"`
}

type leadersAnswer struct {
	Event struct {
		ID           string   `json:"id"`
		Title        string   `json:"title"`
		State        string   `json:"state"`
		Version      int      `json:"version"`
		ViewerCan    []string `json:"viewerCan"`
		Reminders    []string `json:"reminders"`
		Organiser    named    `json:"organiser"`
		CoOrganisers []named  `json:"coOrganisers"`
		Occurrences  struct {
			Edges []edge[*ledDate] `json:"edges"`
		} `json:"occurrences"`
	} `json:"event"`
	Group struct {
		ID        string         `json:"id"`
		Name      string         `json:"name"`
		ViewerCan []string       `json:"viewerCan"`
		Requests  list[*request] `json:"requests"`
	} `json:"group"`
	Announcements struct {
		Edges []edge[message] `json:"edges"`
	} `json:"announcements"`
}

type leadersVariables struct {
	Event string `json:"event"`
	Date  string `json:"date"`
	Group string `json:"group"`
}

// leadersEvent is an event as those who lead it see it, with who comes and who asks to join.
func (h *handler) leadersEvent(ctx context.Context, c call) (any, error) {
	var v leadersVariables
	if err := json.Unmarshal(c.variables, &v); err != nil {
		return nil, err
	}
	var a leadersAnswer
	g, sharing := errgroup.WithContext(ctx)
	g.Go(func() error { return h.readLedEvent(sharing, c.viewer, v.Event, &a) })
	g.Go(func() error { return h.readLedGroup(sharing, c.viewer, v.Group, &a) })
	g.Go(func() error { return h.readMessages(sharing, c.viewer, v.Date, &a) })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return &a, h.readWhoComes(ctx, &a)
}

func (h *handler) readLedEvent(ctx context.Context, viewer *person, eventID string, a *leadersAnswer) error {
	var e ledEvent
	if err := h.events.FindOne(ctx, bson.D{{Key: "_id", Value: eventID}}).Decode(&e); err != nil {
		return err
	}
	to := &a.Event
	to.ID, to.Title, to.State, to.Version = e.ID, e.Title, e.State, e.Version
	to.ViewerCan, to.Reminders = []string{"CANCEL", "EDIT", "INVITE_CO_HOST", "NAME_CO_ORGANISERS"}, []string{"DAY_BEFORE", "TWO_HOURS_BEFORE"}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		people, err := h.peopleByID(ctx, append([]string{e.OrganiserID}, e.CoOrganiserIDs...))
		to.Organiser, to.CoOrganisers = people[e.OrganiserID], make([]named, len(e.CoOrganiserIDs))
		for i, id := range e.CoOrganiserIDs {
			to.CoOrganisers[i] = people[id]
		}
		return err
	})
	g.Go(func() error {
		d, err := h.readLedDate(ctx, viewer, dateOf(e.ID))
		to.Occurrences.Edges = []edge[*ledDate]{{d}}
		return err
	})
	return g.Wait()
}

// readLedDate reads a date with its seats and with who waits for one.
func (h *handler) readLedDate(ctx context.Context, viewer *person, date string) (*ledDate, error) {
	var dates []ledDate
	var own []seat
	var confirmed, waiting list[*seat]
	var waits int
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { dates, err = find[ledDate](ctx, h.occurrences, byIDs([]string{date})); return err })
	g.Go(func() (err error) {
		own, err = find[seat](ctx, h.bookings, append(bson.D{{Key: "bookableId", Value: date}}, byIDs([]string{date + ":" + viewer.ID})...))
		return err
	})
	g.Go(func() (err error) { confirmed, err = h.readSeats(ctx, date, "CONFIRMED"); return err })
	g.Go(func() (err error) { waiting, err = h.readSeats(ctx, date, "WAITLISTED"); return err })
	g.Go(func() (err error) { waits, err = h.countWaiting(ctx, date); return err })
	if err := g.Wait(); err != nil || len(dates) == 0 {
		return nil, errors.Join(err, mongo.ErrNoDocuments)
	}
	d := &dates[0]
	d.Confirmed, d.Waiting, d.WaitlistCount = confirmed, waiting, waits
	d.ViewerCan = []string{"ATTEND", "VIEW_ATTENDANCES", "MESSAGE", "CANCEL"}
	if len(own) > 0 {
		d.ViewerCan[0] = "UPDATE_ATTENDANCE"
	}
	if d.Capacity == nil {
		d.SeatsLeft = nil
	}
	return d, nil
}

func (h *handler) readSeats(ctx context.Context, date, state string) (list[*seat], error) {
	var page list[*seat]
	seats, err := find[seat](ctx, h.bookings, bson.D{{Key: "bookableId", Value: date}, {Key: "state", Value: state}},
		options.Find().SetSort(bson.D{{Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(seatsOfADate+1))
	if err != nil {
		return page, err
	}
	shown := seats[:min(len(seats), seatsOfADate)]
	page.Edges = make([]edge[*seat], len(shown))
	for i := range shown {
		page.Edges[i].Node = &shown[i]
	}
	if len(shown) == 0 {
		return page, nil
	}
	last := &shown[len(shown)-1]
	return page, page.end(len(seats) > seatsOfADate, "bookings", last.CreatedAt, last.ID)
}

func (h *handler) countWaiting(ctx context.Context, date string) (int, error) {
	cursor, err := h.bookings.Aggregate(ctx, bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "bookableId", Value: bson.D{{Key: "$in", Value: []string{date}}}}, {Key: "state", Value: "WAITLISTED"}}}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$bookableId"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	if err != nil {
		return 0, err
	}
	var counted []struct {
		N int `bson:"n"`
	}
	err = cursor.All(ctx, &counted)
	if len(counted) == 0 {
		return 0, err
	}
	return counted[0].N, err
}

// readLedGroup reads the group, the viewer's own place in it, and who asks to join.
func (h *handler) readLedGroup(ctx context.Context, viewer *person, groupID string, a *leadersAnswer) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		var group struct {
			ID   string `bson:"_id"`
			Name string `bson:"name"`
		}
		err := h.groups.FindOne(ctx, bson.D{{Key: "_id", Value: groupID}}).Decode(&group)
		a.Group.ID, a.Group.Name = group.ID, group.Name
		return err
	})
	g.Go(func() error {
		own, err := find[membership](ctx, h.memberships, append(bson.D{{Key: "groupId", Value: groupID}}, byIDs([]string{groupID + ":" + viewer.ID})...))
		if len(own) > 0 {
			a.Group.ViewerCan = []string{"LEAVE", "MUTE", "EDIT", "POST_EVENTS", "ANNOUNCE", "APPROVE_MEMBERS", "INVITE", "MANAGE_MEMBERS", "VIEW_MEMBERS", "FIND_BY_SKILL", "ARCHIVE", "DELETE"}
		}
		return err
	})
	g.Go(func() error {
		requests, err := find[request](ctx, h.memberships,
			bson.D{{Key: "groupId", Value: groupID}, {Key: "state", Value: "REQUESTED"}, {Key: "byContact", Value: bson.D{{Key: "$ne", Value: true}}}},
			options.Find().SetSort(bson.D{{Key: "since", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(pageSize+1))
		if err != nil || len(requests) == 0 {
			return err
		}
		shown := requests[:min(len(requests), pageSize)]
		for i := range shown {
			a.Group.Requests.add(&shown[i])
		}
		last := &shown[len(shown)-1]
		return a.Group.Requests.end(len(requests) > pageSize, "memberships", last.Since, last.ID)
	})
	return g.Wait()
}
