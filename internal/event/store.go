package event

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/group"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

const (
	events      = "events"
	occurrences = "occurrences"
)

type store struct{ db *mongodb.DB }

// indexes are the collections' indexes.
func indexes() []mongodb.Index {
	byStart := func(collection string, first ...string) mongodb.Index {
		var keys bson.D
		for _, k := range append(first, "startsAt", "_id") {
			keys = append(keys, bson.E{Key: k, Value: 1})
		}
		return mongodb.Index{Collection: collection, Keys: keys}
	}
	listed := func(collection string, first ...string) mongodb.Index {
		i := byStart(collection, append(first, "state", "openTo")...)
		i.Keys = append(i.Keys, bson.E{Key: "endsAt", Value: 1})
		return i
	}
	return append([]mongodb.Index{
		listed(events), listed(events, "areaId"), listed(events, "groupId"), listed(events, "category"),
		listed(occurrences), listed(occurrences, "facets"), listed(occurrences, "words"),
		{Collection: events, Keys: bson.D{{Key: "groupId", Value: 1}, {Key: "group.version", Value: 1}}},
		{Collection: events, Keys: bson.D{{Key: "organiserId", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: events, Keys: bson.D{{Key: "coOrganiserIds", Value: 1}, {Key: "_id", Value: 1}}, Having: "coOrganiserIds"},
		{Collection: events, Keys: bson.D{{Key: "series.dueAt", Value: 1}, {Key: "_id", Value: 1}}, Having: "series.dueAt"},
		{Collection: occurrences, Keys: bson.D{{Key: "state", Value: 1}, {Key: "startsAt", Value: 1}, {Key: "_id", Value: 1}, {Key: "endsAt", Value: 1}}},
		byStart(occurrences, "eventId"),
		byStart(occurrences, "groupId"),
		{Collection: occurrences, Keys: bson.D{{Key: "state", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}},
	}, hostIndexes()...)
}

func (s store) get(ctx context.Context, eventID string) (*Event, error) {
	return mongodb.Get[Event](ctx, "get event", s.db.Collection(events), eventID)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Event, error) {
	return mongodb.ByIDs(ctx, "find events", s.db.Collection(events), ids, func(e *Event) string { return e.ID })
}

// seenBy says which events a viewer sees.
type seenBy struct {
	circles     []string
	unpublished bool // events that were never published are included
}

func (s store) list(ctx context.Context, f Filter, seen seenBy, k page.Keyset) ([]*Event, error) {
	// An event that has not ended by From may have started before, but not long before.
	// The next date of a series may lie before From, and others behind.
	start := bson.D{{Key: "$gt", Value: f.listedFrom(s.db.Now()).Add(-longest)}}
	if f.To != nil {
		start = append(start, bson.E{Key: "$lt", Value: *f.To})
	}
	filter := append(bson.D{{Key: "state", Value: *f.State}, {Key: "startsAt", Value: start}, {Key: "endsAt", Value: bson.D{{Key: "$gt", Value: *f.From}}}},
		seenIn(seen.circles)...)
	if !seen.unpublished && *f.State != StatePublished {
		filter = append(filter, bson.E{Key: "publishedAt", Value: bson.D{{Key: "$ne", Value: nil}}})
	}
	if f.Category != nil {
		filter = append(filter, ofCategory(*f.Category, f.GroupID != nil || f.AreaID != nil))
	}
	if !k.IsStart() {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("startsAt", false, k.Time(), k.ID)}})
	}
	switch { // of a group and an area, the group narrows the list enough: see listOf
	case f.GroupID != nil:
		filter = hostedBy(filter, "groupId", "coGroupIds", *f.GroupID)
	case f.AreaID != nil:
		filter = hostedBy(filter, "areaId", "coAreaIds", *f.AreaID)
	}
	return mongodb.All[*Event](ctx, "list events", s.db.Collection(events), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(int64(k.Limit)))
}

// ofCategory is the condition that an event is of a category. A group or an area narrows a list enough for it to be a
// mere check, which asks no more of the index.
func ofCategory(c Category, isNarrow bool) bson.E {
	if isNarrow {
		return bson.E{Key: "category", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$nin", Value: bson.A{c}}}}}}
	}
	return bson.E{Key: "category", Value: c}
}

func (s store) insert(ctx context.Context, e *Event) error {
	_, err := s.db.Collection(events).InsertOne(ctx, e)
	return mongodb.Translate("insert event", err)
}

// update writes the fields that organisers can change, if the stored version is the one
// before.
func (s store) update(ctx context.Context, e *Event, b outbox.Batch) error {
	set := append(planFields(e), bson.D{
		{Key: "title", Value: e.Title}, {Key: "description", Value: e.Description}, {Key: "state", Value: e.State},
		{Key: "place", Value: e.Place}, {Key: "category", Value: e.Category}, {Key: "capacity", Value: e.Capacity}, {Key: "signUp", Value: e.Terms}, {Key: "cancelReason", Value: e.CancelReason},
		{Key: "cancelledAt", Value: e.CancelledAt}, {Key: "publishedAt", Value: e.PublishedAt},
		{Key: "offsets", Value: e.Offsets}, {Key: "version", Value: e.Version},
	}...)
	hosts, others := e.hosting()
	update := append(bson.D{{Key: "$set", Value: append(set, hosts...)}}, append(e.naming(), others...)...)
	return mongodb.UpdateVersion(ctx, s.db.Collection(events), e.ID, e.Version-1, outbox.Stamp(update, b))
}

// groupFields are the fields of an event that are copies of its group.
func groupFields(g *group.Group) bson.D {
	return bson.D{{Key: "$set", Value: bson.D{{Key: "group", Value: g.Card()}, {Key: "openTo", Value: g.OpenTo()}, {Key: "areaId", Value: g.AreaID}}}}
}

// followInto makes one event and its dates follow a newer version of their group. It is not followed if it is newer, or of
// several groups.
func (s store) followInto(ctx context.Context, eventID string, g *group.Group) (isFollowed bool, err error) {
	res, err := s.db.Collection(events).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: eventID}, {Key: "group.version", Value: bson.D{{Key: "$lt", Value: g.Version}}}, oneGroup()}, groupFields(g))
	if err != nil || res.MatchedCount == 0 {
		return false, mongodb.Translate("event follows group", err)
	}
	return true, s.openTo(ctx, []string{eventID}, g.OpenTo(), g.Card())
}

// followGroup makes all events of a group, and their dates, follow a newer version
// of it.
func (s store) followGroup(ctx context.Context, g *group.Group) error {
	_, err := s.db.Collection(events).UpdateMany(ctx,
		bson.D{{Key: "groupId", Value: g.ID}, {Key: "group.version", Value: bson.D{{Key: "$lt", Value: g.Version}}}, oneGroup()}, groupFields(g))
	if err != nil {
		return mongodb.Translate("follow group", err)
	}
	list, err := mongodb.All[Event](ctx, "events of group", s.db.Collection(events), bson.D{{Key: "groupId", Value: g.ID}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return err
	}
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	return s.openTo(ctx, ids, g.OpenTo(), g.Card())
}

// openTo sets who may see the dates of events, and what they show of their group, as of its version. It
// leaves dates alone that follow a newer version, so that a late process does not open them again.
// Dates without a version are older than any.
func (s store) openTo(ctx context.Context, eventIDs []string, circle string, c group.Card) error {
	_, err := s.db.Collection(occurrences).UpdateMany(ctx,
		bson.D{{Key: "eventId", Value: bson.D{{Key: "$in", Value: eventIDs}}},
			{Key: "groupVersion", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: c.Version}}}}}, oneGroup()},
		bson.D{{Key: "$set", Value: groupFieldsOfDate(circle, c)}})
	return mongodb.Translate("dates follow group", err)
}

// followEvent writes what the only date of an event has from it, and how far people have been told. ok is false if the date
// has changed since it was read.
func (s store) followEvent(ctx context.Context, c *changed) (ok bool, err error) {
	res, err := s.db.Collection(occurrences).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: c.ID}, {Key: "synced", Value: c.before.Synced}, mongodb.AtVersion("ownVersion", c.before.OwnVersion)},
		bson.D{{Key: "$set", Value: c.followed()}})
	if err != nil {
		return false, mongodb.Translate("follow event", err)
	}
	return res.MatchedCount == 1, nil
}

func (s store) occurrence(ctx context.Context, occurrenceID string) (*Occurrence, error) {
	return mongodb.Get[Occurrence](ctx, "get occurrence", s.db.Collection(occurrences), occurrenceID)
}

func (s store) occurrencesByIDs(ctx context.Context, ids []string) (map[string]*Occurrence, error) {
	return mongodb.ByIDs(ctx, "find occurrences", s.db.Collection(occurrences), ids, func(o *Occurrence) string { return o.ID })
}

func (s store) occurrencesOf(ctx context.Context, eventID string, k page.Keyset) ([]*Occurrence, error) {
	filter := bson.D{{Key: "eventId", Value: eventID}}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("startsAt", false, k.Time(), k.ID)...)
	}
	return mongodb.All[*Occurrence](ctx, "list occurrences", s.db.Collection(occurrences), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(int64(k.Limit)))
}

// orphanPage is how many dates one query reads.
const orphanPage = 200

// removeOrphans goes through the dates of drafts written before an instant and
// removes those that have no event.
func (s store) removeOrphans(ctx context.Context, before time.Time) error {
	var last *Occurrence
	for {
		filter := bson.D{{Key: "state", Value: StateDraft}, {Key: "createdAt", Value: bson.D{{Key: "$lt", Value: before}}}}
		if last != nil {
			filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("createdAt", false, last.CreatedAt, last.ID)}})
		}
		list, err := mongodb.All[*Occurrence](ctx, "find dates of drafts", s.db.Collection(occurrences), filter,
			options.Find().SetSort(mongodb.KeysetSort("createdAt", false)).SetLimit(orphanPage))
		if err != nil || len(list) == 0 {
			return err
		}
		ids := make([]string, len(list))
		for i, o := range list {
			ids[i] = o.EventID
		}
		found, err := s.byIDs(ctx, ids)
		if err != nil {
			return err
		}
		for _, o := range list {
			if found[o.EventID] != nil {
				continue
			}
			if _, err := s.db.Collection(occurrences).DeleteOne(ctx, bson.D{{Key: "_id", Value: o.ID}}); err != nil {
				return mongodb.Translate("remove orphaned date", err)
			}
		}
		last = list[len(list)-1]
	}
}
