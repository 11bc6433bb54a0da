package byhand

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"
)

// unreadCounted is how many unread notices are looked at to count them.
const unreadCounted = 200

type notice struct {
	ID        string     `bson:"_id"`
	Kind      string     `bson:"kind"`
	Subject   string     `bson:"subject"`
	CreatedAt time.Time  `bson:"createdAt"`
	ReadAt    *time.Time `bson:"readAt"`
	Snoozed   *struct {
		Until time.Time `bson:"until"`
	} `bson:"snoozed"`
	Reasons []struct {
		Kind    string `bson:"kind"`
		Subject string `bson:"subject"`
	} `bson:"reasons"`
	Data struct {
		Group    string `bson:"Group"`
		Title    string `bson:"Title"`
		Place    string `bson:"Place"`
		StartsAt string `bson:"StartsAt"`
	} `bson:"data"`
}

// unreadNotice is what is needed of a notice to count it.
type unreadNotice struct {
	Kind    string `bson:"kind"`
	Subject string `bson:"subject"`
	Snoozed *struct {
		Until time.Time `bson:"until"`
	} `bson:"snoozed"`
}

type noticeNode struct {
	ID           string         `json:"id"`
	Kind         string         `json:"kind"`
	Title        string         `json:"title"`
	Body         string         `json:"body"`
	CreatedAt    time.Time      `json:"createdAt"`
	ReadAt       *time.Time     `json:"readAt"`
	SnoozedUntil *time.Time     `json:"snoozedUntil"`
	Why          []why          `json:"why"`
	Items        []id           `json:"items"`
	Subject      *noticeSubject `json:"subject"`
}

type why struct {
	Key      string `json:"key"`
	Text     string `json:"text"`
	StopText string `json:"stopText"`
}

// noticeSubject is an event that a notice is about.
type noticeSubject struct {
	Kind     string     `bson:"-"        json:"__typename"`
	ID       string     `bson:"_id"      json:"id"`
	Title    string     `bson:"title"    json:"title"`
	State    string     `bson:"state"    json:"eventState"`
	StartsAt time.Time  `bson:"startsAt" json:"startsAt"`
	Group    namedGroup `bson:"group"    json:"group"`
}

type namedGroup struct {
	ID   string `bson:"id"   json:"id"`
	Name string `bson:"name" json:"name"`
}

type inboxAnswer struct {
	Viewer struct {
		Unread   int                  `json:"unreadNoticeCount"`
		Notices  list[noticeNode]     `json:"notices"`
		Settings notificationSettings `json:"notificationSettings"`
	} `json:"viewer"`
}

// inbox is a page of notices, how many are unread, and the settings.
func (h *handler) inbox(ctx context.Context, c call) (any, error) {
	var a inboxAnswer
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.readNotices(ctx, c.viewer, &a.Viewer.Notices) })
	g.Go(func() (err error) {
		a.Viewer.Unread, err = h.countUnread(ctx, c.viewer)
		return err
	})
	g.Go(func() error { return h.readSettings(ctx, c.viewer, &a.Viewer.Settings) })
	return &a, g.Wait()
}

// newestFirst is how notices and bookings are listed.
var newestFirst = bson.D{{Key: "createdAt", Value: -1}, {Key: "_id", Value: -1}}

// noticesOf filters the notices of a person that are shown.
func noticesOf(viewer *person, unread any) bson.D {
	return bson.D{{Key: "personId", Value: viewer.ID}, {Key: "hidden", Value: false}, {Key: "unread", Value: unread}, {Key: "kind", Value: knownKinds}}
}

// readNotices reads the notices, and the events that they are about twice: once to see whether they may
// still be shown, as the server does, and once for what is shown of them.
func (h *handler) readNotices(ctx context.Context, viewer *person, to *list[noticeNode]) error {
	notices, err := find[notice](ctx, h.notices, noticesOf(viewer, bson.D{{Key: "$in", Value: []bool{false, true}}}),
		options.Find().SetSort(newestFirst).SetLimit(pageSize+1))
	if err != nil || len(notices) == 0 {
		return err
	}
	ids := make([]string, len(notices))
	for i := range notices {
		ids[i] = notices[i].Subject
	}
	open, err := h.eventsByID(ctx, ids)
	if err != nil {
		return err
	}
	shown := notices[:min(len(notices), pageSize)]
	subjects, err := h.eventsByID(ctx, ids[:len(shown)])
	if err != nil {
		return err
	}
	to.Edges = make([]edge[noticeNode], 0, len(shown))
	for i := range shown {
		if open[shown[i].Subject] == nil {
			continue
		}
		node, err := shown[i].node()
		if err != nil {
			return err
		}
		node.Subject = subjects[shown[i].Subject]
		to.add(node)
	}
	last := &shown[len(shown)-1]
	return to.end(len(notices) > pageSize, "notices", last.CreatedAt, last.ID)
}

func (h *handler) eventsByID(ctx context.Context, ids []string) (map[string]*noticeSubject, error) {
	events, err := find[noticeSubject](ctx, h.events, byIDs(ids))
	byID := make(map[string]*noticeSubject, len(events))
	for i := range events {
		events[i].Kind = "Event"
		byID[events[i].ID] = &events[i]
	}
	return byID, err
}

// node is a notice of a new event with its texts.
func (n *notice) node() (noticeNode, error) {
	written, _, _ := strings.Cut(n.Data.StartsAt, "[")
	at, err := time.Parse(time.RFC3339, written)
	node := noticeNode{ID: n.ID, Kind: n.Kind, CreatedAt: n.CreatedAt, ReadAt: n.ReadAt, Items: []id{}, Why: make([]why, len(n.Reasons)),
		Title: n.Data.Group + ": " + n.Data.Title, Body: dayInDanish(at) + " · " + n.Data.Place}
	for i, r := range n.Reasons {
		node.Why[i] = why{r.Kind + "/" + r.Subject, "Fordi du er medlem af " + n.Data.Group, "Ingen notifikationer fra " + n.Data.Group}
	}
	if n.Snoozed != nil {
		node.SnoozedUntil = &n.Snoozed.Until
	}
	return node, err
}

var (
	weekdays = []string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"}
	months   = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}
)

func dayInDanish(at time.Time) string {
	return fmt.Sprintf("%s den %d. %s kl. %d.%02d", weekdays[at.Weekday()], at.Day(), months[at.Month()-1], at.Hour(), at.Minute())
}

// countUnread counts the unread notices whose subjects are still there, and still wait if they waited.
func (h *handler) countUnread(ctx context.Context, viewer *person) (int, error) {
	unread, err := find[unreadNotice](ctx, h.notices, noticesOf(viewer, true),
		options.Find().SetSort(newestFirst).SetLimit(unreadCounted).SetBatchSize(unreadCounted).SetProjection(bson.D{{Key: "data", Value: 0}}))
	if err != nil {
		return 0, err
	}
	var events, courses, announcements []string
	unread = slices.DeleteFunc(unread, func(n unreadNotice) bool { return n.Snoozed != nil })
	for _, n := range unread {
		switch n.Subject[:3] {
		case "evt":
			events = append(events, n.Subject)
		case "crs":
			courses = append(courses, n.Subject)
		case "ann":
			announcements = append(announcements, n.Subject)
		}
	}
	there := [3]map[string]string{}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { there[0], err = states(ctx, h.events, events); return err })
	g.Go(func() (err error) { there[1], err = states(ctx, h.courses, courses); return err })
	g.Go(func() (err error) { there[2], err = states(ctx, h.announcements, announcements); return err })
	if err := g.Wait(); err != nil {
		return 0, err
	}
	count := 0
	for _, n := range unread {
		for _, of := range there {
			if state, isThere := of[n.Subject]; isThere && (n.Kind != "ANNOUNCEMENT_WAITS" || state == "PENDING_APPROVAL") {
				count++
			}
		}
	}
	return count, nil
}
