package byhand

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"
)

const (
	eventsOfAGroup = 10
	newsOfAGroup   = 5
)

type fullGroup struct {
	ID          string     `bson:"_id"`
	Name        string     `bson:"name"`
	Description string     `bson:"description"`
	Kind        string     `bson:"kind"`
	AreaID      string     `bson:"areaId"`
	Visibility  string     `bson:"visibility"`
	JoinPolicy  string     `bson:"joinPolicy"`
	MemberCount int        `bson:"memberCount"`
	ArchivedAt  *time.Time `bson:"archivedAt"`
	DeletesAt   *time.Time `bson:"deletesAt"`
	Version     int        `bson:"version"`
}

type area struct {
	ID   string `bson:"_id"  json:"id"`
	Name string `bson:"name" json:"name"`
}

type membership struct {
	ID       string    `bson:"_id"`
	PersonID string    `bson:"personId"`
	State    string    `bson:"state"`
	Since    time.Time `bson:"since"`
	Roles    []struct {
		Key       string     `bson:"key"`
		ExpiresAt *time.Time `bson:"expiresAt"`
	} `bson:"roles"`
}

type groupEvent struct {
	ID       string    `bson:"_id"`
	Title    string    `bson:"title"`
	Place    *place    `bson:"place"`
	StartsAt time.Time `bson:"startsAt"`
}

type announcement struct {
	ID    string `bson:"_id"`
	Title []struct {
		Text string `bson:"text"`
	} `bson:"title"`
	Text []struct {
		Text string `bson:"text"`
	} `bson:"text"`
	AuthorID    string     `bson:"authorId"`
	ListedAt    time.Time  `bson:"listedAt"`
	SentAt      *time.Time `bson:"sentAt"`
	CorrectedAt *time.Time `bson:"correctedAt"`
}

// groupRead is everything that is read for the page of a group.
type groupRead struct {
	group   fullGroup
	areas   []area
	own     []membership
	members []membership
	events  []groupEvent
	news    []announcement
	dates   map[string]*nextDate
	people  map[string]named
}

// groupPage is a group with its members, events and news.
func (h *handler) groupPage(ctx context.Context, c call) (any, error) {
	var variables struct {
		Group string `json:"group"`
	}
	if err := json.Unmarshal(c.variables, &variables); err != nil {
		return nil, err
	}
	var r groupRead
	g, sharing := errgroup.WithContext(ctx)
	g.Go(func() error { return h.readGroup(sharing, c.viewer, variables.Group, &r) })
	g.Go(func() error { return h.readGroupEvents(sharing, c.viewer, variables.Group, &r) })
	g.Go(func() (err error) {
		r.news, err = find[announcement](sharing, h.announcements, bson.D{{Key: "listings", Value: bson.D{{Key: "$in", Value: []string{variables.Group + "/SENT"}}}}},
			options.Find().SetSort(bson.D{{Key: "listedAt", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(newsOfAGroup+1))
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := h.readPeople(ctx, &r); err != nil {
		return nil, err
	}
	return r.answer()
}

// readGroup reads a group, its area and its members.
func (h *handler) readGroup(ctx context.Context, viewer *person, group string, r *groupRead) error {
	if err := h.groups.FindOne(ctx, bson.D{{Key: "_id", Value: group}}).Decode(&r.group); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		r.areas, err = find[area](ctx, h.areas, byIDs([]string{r.group.AreaID}))
		return err
	})
	g.Go(func() (err error) {
		r.own, err = find[membership](ctx, h.memberships, append(bson.D{{Key: "groupId", Value: group}}, byIDs([]string{group + ":" + viewer.ID})...))
		return err
	})
	g.Go(func() (err error) {
		r.members, err = find[membership](ctx, h.memberships,
			bson.D{{Key: "groupId", Value: group}, {Key: "state", Value: "ACTIVE"}, {Key: "byContact", Value: bson.D{{Key: "$ne", Value: true}}}},
			options.Find().SetSort(bson.D{{Key: "since", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(pageSize+1))
		return err
	})
	return g.Wait()
}

// readGroupEvents reads the next events of a group, their dates, and the viewer's bookings.
func (h *handler) readGroupEvents(ctx context.Context, viewer *person, group string, r *groupRead) (err error) {
	now := h.o.Now()
	r.events, err = find[groupEvent](ctx, h.events, bson.D{
		{Key: "state", Value: "PUBLISHED"},
		{Key: "openTo", Value: bson.D{{Key: "$in", Value: viewer.openTo()}}},
		{Key: "startsAt", Value: bson.D{{Key: "$gt", Value: now.Add(-longest)}}},
		{Key: "endsAt", Value: bson.D{{Key: "$gt", Value: now}}},
		{Key: "groupId", Value: group},
	}, options.Find().SetSort(bson.D{{Key: "startsAt", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(eventsOfAGroup+1))
	if err != nil {
		return err
	}
	shown := r.events[:min(len(r.events), eventsOfAGroup)]
	dateIDs, bookingIDs := make([]string, len(shown)), make([]string, len(shown))
	for i := range shown {
		dateIDs[i] = dateOf(shown[i].ID)
		bookingIDs[i] = dateIDs[i] + ":" + viewer.ID
	}
	dates, err := find[nextDate](ctx, h.occurrences, byIDs(dateIDs))
	if err != nil {
		return err
	}
	r.dates = make(map[string]*nextDate, len(dates))
	for i := range dates {
		if dates[i].Capacity == nil {
			dates[i].SeatsLeft = nil
		}
		r.dates[dates[i].ID] = &dates[i]
	}
	own, err := find[booking](ctx, h.bookings, append(bson.D{{Key: "bookableId", Value: bson.D{{Key: "$in", Value: dateIDs}}}}, byIDs(bookingIDs)...))
	for i := range own {
		r.dates[own[i].BookableID].ViewerBooking = &shortBooking{own[i].ID, own[i].State}
	}
	return err
}

// readPeople reads the members and the authors together.
func (h *handler) readPeople(ctx context.Context, r *groupRead) error {
	ids := make([]string, 0, pageSize+newsOfAGroup)
	for i := range r.members[:min(len(r.members), pageSize)] {
		ids = append(ids, r.members[i].PersonID)
	}
	for i := range r.news[:min(len(r.news), newsOfAGroup)] {
		ids = append(ids, r.news[i].AuthorID)
	}
	slices.Sort(ids)
	people, err := find[named](ctx, h.persons, byIDs(slices.Compact(ids)))
	r.people = make(map[string]named, len(people))
	for _, p := range people {
		r.people[p.ID] = p
	}
	return err
}
