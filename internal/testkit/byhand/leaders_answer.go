package byhand

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

type storedMessage struct {
	ID       string `bson:"_id"`
	Title    texts  `bson:"title"`
	State    string `bson:"state"`
	Bookable struct {
		ID     string   `bson:"id"`
		States []string `bson:"states"`
	} `bson:"bookable"`
	PublishAt   *time.Time `bson:"publishAt"`
	SentAt      *time.Time `bson:"sentAt"`
	CorrectedAt *time.Time `bson:"correctedAt"`
	Version     int        `bson:"version"`
}

// readMessages reads the messages to those who come to a date; then the date, its event and the viewer's
// own booking, which say whether the viewer may see them.
func (h *handler) readMessages(ctx context.Context, viewer *person, date string, a *leadersAnswer) error {
	messages, err := find[storedMessage](ctx, h.announcements,
		bson.D{{Key: "listings", Value: bson.D{{Key: "$in", Value: []string{date + "/DRAFT", date + "/SCHEDULED", date + "/SENT"}}}}},
		options.Find().SetSort(bson.D{{Key: "listedAt", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(messagesOfADate+1))
	if err != nil {
		return err
	}
	dates, err := find[occurrence](ctx, h.occurrences, byIDs([]string{date}))
	if err != nil || len(dates) == 0 {
		return err
	}
	events, err := find[ledEvent](ctx, h.events, byIDs([]string{dates[0].EventID}))
	if err != nil || len(events) == 0 {
		return err
	}
	if _, err := find[seat](ctx, h.bookings, append(bson.D{{Key: "bookableId", Value: date}}, byIDs([]string{date + ":" + viewer.ID})...)); err != nil {
		return err
	}
	if events[0].OrganiserID != viewer.ID && !slices.Contains(events[0].CoOrganiserIDs, viewer.ID) {
		return nil
	}
	shown := messages[:min(len(messages), messagesOfADate)]
	a.Announcements.Edges = make([]edge[message], len(shown))
	for i := range shown {
		m := &shown[i]
		a.Announcements.Edges[i].Node = message{ID: m.ID, Title: m.Title.danish(), State: m.State, BookingStates: m.Bookable.States,
			PublishAt: m.PublishAt, SentAt: m.SentAt, CorrectedAt: m.CorrectedAt, ViewerCan: whatLeadersCan(m.State), Version: m.Version}
	}
	return nil
}

// whatLeadersCan is what those who lead can do with what they have written.
func whatLeadersCan(state string) []string {
	switch state {
	case "DRAFT":
		return []string{"EDIT", "PUBLISH", "REJECT"}
	case "SCHEDULED":
		return []string{"EDIT", "REJECT"}
	case "PENDING_APPROVAL":
		return []string{"EDIT", "APPROVE", "REJECT"}
	case "SENT":
		return []string{"CORRECT", "VIEW_REPORT"}
	default:
		return []string{}
	}
}

// peopleByID are the names of people.
func (h *handler) peopleByID(ctx context.Context, ids []string) (map[string]named, error) {
	slices.Sort(ids)
	people, err := find[named](ctx, h.persons, byIDs(slices.Compact(ids)))
	byID := make(map[string]named, len(people))
	for _, p := range people {
		byID[p.ID] = p
	}
	return byID, err
}

// readWhoComes reads the people who come, who wait, and who ask to join, together.
func (h *handler) readWhoComes(ctx context.Context, a *leadersAnswer) error {
	var ids []string
	d := a.Event.Occurrences.Edges[0].Node
	for _, seats := range [][]edge[*seat]{d.Confirmed.Edges, d.Waiting.Edges} {
		for _, s := range seats {
			ids = append(ids, s.Node.PersonID)
		}
	}
	for _, r := range a.Group.Requests.Edges {
		ids = append(ids, r.Node.PersonID)
	}
	people, err := h.peopleByID(ctx, ids)
	for _, seats := range [][]edge[*seat]{d.Confirmed.Edges, d.Waiting.Edges} {
		for _, s := range seats {
			s.Node.Person = people[s.Node.PersonID]
		}
	}
	for _, r := range a.Group.Requests.Edges {
		r.Node.Person = people[r.Node.PersonID]
	}
	return err
}
