package event

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// hostIndexes are the indexes by the other groups that host an event, which few events have.
func hostIndexes() []mongodb.Index {
	by := func(collection, first string, rest ...string) mongodb.Index {
		keys := bson.D{{Key: first, Value: 1}}
		for _, k := range rest {
			keys = append(keys, bson.E{Key: k, Value: 1})
		}
		return mongodb.Index{Collection: collection, Keys: keys, Having: first}
	}
	return []mongodb.Index{
		by(events, "coGroupIds", "state", "openTo", "startsAt", "_id", "endsAt"),
		by(events, "coAreaIds", "state", "openTo", "startsAt", "_id", "endsAt"),
		by(occurrences, "coGroupIds", "startsAt", "_id"),
	}
}

// oneGroup is an event, or a date, that no other group was ever asked to host.
func oneGroup() bson.E {
	return bson.E{Key: "hostsVersion", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gt", Value: 0}}}}}
}

// seenIn is the condition that a viewer of these circles sees something.
func seenIn(circles []string) bson.D {
	if len(circles) < 2 { // they are in no group
		return bson.D{{Key: "openTo", Value: bson.D{{Key: "$in", Value: circles}}}}
	}
	either := bson.A{nil} // what one circle sees has no others
	for _, c := range circles {
		either = append(either, c)
	}
	open := append(append(make([]string, 0, len(circles)+1), circles...), several)
	return bson.D{{Key: "openTo", Value: bson.D{{Key: "$in", Value: open}}}, {Key: "circles", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$nin", Value: either}}}}}}
}

// hostedBy are the conditions of a list with events of a group or of an area, which may be that of another group that hosts them.
func hostedBy(filter bson.D, own, other, value string) bson.D {
	with := func(key string) bson.D {
		return append(bson.D{{Key: key, Value: value}}, filter...)
	}
	return bson.D{{Key: "$or", Value: bson.A{with(own), with(other)}}}
}

// hosting is the part of an update that asks a group to host the event, notes that it does, or takes it out. It says
// the change alone, since copies of other groups change meanwhile.
func (e *Event) hosting() (set, others bson.D) {
	if e.rehosted == "" {
		return nil, nil
	}
	others = bson.D{{Key: "$inc", Value: bson.D{{Key: "hostsVersion", Value: 1}}}}
	path := "coHosts." + e.rehosted
	if c, isHost := e.CoHosts[e.rehosted]; isHost {
		return bson.D{{Key: path, Value: c}}, others
	}
	return nil, append(others, bson.E{Key: "$unset", Value: bson.D{{Key: path, Value: ""}}})
}

// rehost writes what follows for an event from its groups; ok is false if they have changed since it was read.
func (s store) rehost(ctx context.Context, e *Event) (ok bool, err error) {
	set := bson.D{{Key: "group", Value: e.Card}, {Key: "areaId", Value: e.AreaID}, {Key: "openTo", Value: e.OpenTo}}
	for groupID, c := range e.CoHosts {
		set = append(set, bson.E{Key: "coHosts." + groupID + ".group", Value: c.Card})
	}
	res, err := s.db.Collection(events).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: e.ID}, mongodb.AtVersion("hostsVersion", e.HostsVersion)}, e.hostingUpdate(set, e.HostsVersion+1))
	if err != nil {
		return false, mongodb.Translate("event follows its groups", err)
	}
	e.HostsVersion++
	return res.MatchedCount == 1, nil
}

// rehostDates makes the dates of an event follow the groups that host it, unless they follow a newer version.
func (s store) rehostDates(ctx context.Context, e *Event) error {
	_, err := s.db.Collection(occurrences).UpdateMany(ctx,
		bson.D{{Key: "eventId", Value: e.ID}, {Key: "hostsVersion", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: e.HostsVersion}}}}}},
		e.hostingUpdate(bson.D{{Key: "group", Value: e.Card}, {Key: "openTo", Value: e.OpenTo}, {Key: "groupVersion", Value: e.Card.Version},
			{Key: "facets", Value: e.facets()}}, e.HostsVersion))
	return mongodb.Translate("dates follow groups", err)
}

// followGroups makes the dates of an event follow its groups as the event knows them, unless they follow a newer version.
func (s store) followGroups(ctx context.Context, e *Event) error {
	if e.HostsVersion > 0 {
		return s.rehostDates(ctx, e)
	}
	return s.openTo(ctx, []string{e.ID}, e.OpenTo, e.Card)
}

// hostingUpdate sets these fields and those of Hosting. A list without items is taken out, so that no index has it.
func (e *Event) hostingUpdate(set bson.D, version int) bson.D {
	set = append(set, bson.E{Key: "hostsVersion", Value: version})
	var unset bson.D
	for _, f := range []struct {
		key  string
		list []string
	}{{"coGroupIds", e.CoGroupIDs}, {"coAreaIds", e.CoAreaIDs}, {"circles", e.Circles}} {
		if len(f.list) > 0 {
			set = append(set, bson.E{Key: f.key, Value: f.list})
		} else {
			unset = append(unset, bson.E{Key: f.key, Value: ""})
		}
	}
	if len(unset) == 0 {
		return bson.D{{Key: "$set", Value: set}}
	}
	return bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: unset}}
}

// shared are the events that a group hosts with others, or has asked others to host.
func (s store) shared(ctx context.Context, groupID string) ([]string, error) {
	list, err := mongodb.All[Event](ctx, "events of several groups", s.db.Collection(events), hostedBy(nil, "groupId", "coGroupIds", groupID),
		options.Find().SetProjection(bson.D{{Key: "hostsVersion", Value: 1}}))
	var ids []string
	for _, e := range list {
		if e.HostsVersion > 0 {
			ids = append(ids, e.ID)
		}
	}
	return ids, err
}
