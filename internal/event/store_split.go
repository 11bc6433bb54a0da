package event

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// insertNext writes the event that continues a series, if it is not there yet. Who organises the series, and which groups
// host it, may have changed meanwhile.
func (s store) insertNext(ctx context.Context, e *Event) error {
	next := *e.Series.Following
	next.OrganiserID, next.CoOrganiserIDs, next.CoHosts, next.Hosting = e.OrganiserID, e.CoOrganiserIDs, e.CoHosts, e.Hosting
	next.GroupID, next.Card, next.AreaID, next.OpenTo = e.GroupID, e.Card, e.AreaID, e.OpenTo
	_, err := s.db.Collection(events).InsertOne(ctx, &next)
	if err != nil && !mongodb.IsDuplicate(err) {
		return mongodb.Translate("insert event", err)
	}
	now, err := s.get(ctx, e.ID)
	if err != nil {
		return err
	}
	if _, err := s.db.Collection(events).UpdateOne(ctx, bson.D{{Key: "_id", Value: next.ID}, {Key: "version", Value: next.Version}}, now.runBy()); err != nil {
		return mongodb.Translate("event continues another", err)
	}
	if next.ContinuedByID == "" {
		return nil
	}
	_, err = s.db.Collection(events).UpdateOne(ctx, bson.D{{Key: "_id", Value: next.ContinuedByID}}, bson.D{{Key: "$set", Value: bson.D{{Key: "continuesId", Value: next.ID}}}})
	return mongodb.Translate("event continues another", err)
}

// runBy is the update that gives another event the organisers and the groups of this one.
func (e *Event) runBy() bson.D {
	set := bson.D{{Key: "organiserId", Value: e.OrganiserID}, {Key: "group", Value: e.Card}, {Key: "openTo", Value: e.OpenTo}}
	var unset bson.D
	put := func(key string, value any, isEmpty bool) {
		if isEmpty {
			unset = append(unset, bson.E{Key: key, Value: ""})
		} else {
			set = append(set, bson.E{Key: key, Value: value})
		}
	}
	put("areaId", e.AreaID, e.AreaID == "")
	put("coOrganiserIds", e.CoOrganiserIDs, len(e.CoOrganiserIDs) == 0)
	put("coHosts", e.CoHosts, len(e.CoHosts) == 0)
	put("coGroupIds", e.CoGroupIDs, len(e.CoGroupIDs) == 0)
	put("coAreaIds", e.CoAreaIDs, len(e.CoAreaIDs) == 0)
	put("circles", e.Circles, len(e.Circles) == 0)
	put("hostsVersion", e.HostsVersion, e.HostsVersion == 0)
	update := bson.D{{Key: "$set", Value: set}}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	return update
}

// handDates gives the dates from the cut on to the event that continues a series. Dates that follow a later change of the
// series stay.
func (s store) handDates(ctx context.Context, e *Event) error {
	next := e.Series.Following
	dates, err := s.datesOf(ctx, e.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, o := range dates {
		if o.Slot >= e.Series.CutAt {
			ids = append(ids, o.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = s.db.Collection(occurrences).UpdateMany(ctx,
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "eventId", Value: e.ID}, {Key: "synced", Value: bson.D{{Key: "$lt", Value: next.Version}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "eventId", Value: next.ID}, {Key: "thread", Value: next.Series.ID}}}})
	return mongodb.Translate("hand over dates", err)
}

// endSplit notes that the event which continues a series has its dates.
func (s store) endSplit(ctx context.Context, e *Event) error {
	_, err := s.db.Collection(events).UpdateOne(ctx, bson.D{{Key: "_id", Value: e.ID}, {Key: "series.following._id", Value: e.Series.Following.ID}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "series.following", Value: ""}, {Key: "series.cutAt", Value: ""}}}})
	return mongodb.Translate("series is split", err)
}
