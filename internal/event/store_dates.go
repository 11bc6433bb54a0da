package event

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/group"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/page"
)

// dates are the published dates with all terms that are wanted, in the order of their starts.
func (s store) dates(ctx context.Context, f OccurrenceFilter, w wanted, o page.Order, k page.Keyset) ([]*Occurrence, error) {
	// A date that has not ended by From may have started before, but not long before.
	start := bson.D{{Key: "$gt", Value: f.From.Add(-longest)}}
	if f.To != nil {
		start = append(start, bson.E{Key: "$lt", Value: *f.To})
	}
	filter := append(bson.D{{Key: "state", Value: StatePublished}, {Key: "startsAt", Value: start}, {Key: "endsAt", Value: bson.D{{Key: "$gt", Value: *f.From}}}},
		seenIn(w.circles)...)
	if len(w.words) > 0 {
		filter = append(filter, bson.E{Key: "words", Value: bson.D{{Key: "$all", Value: w.words}}})
	}
	var all bson.A
	for _, either := range w.facets {
		hasOne := bson.D{{Key: "$in", Value: either}}
		if len(w.words) > 0 {
			// No index has two lists. Words narrow more, so that this is only a check.
			hasOne = bson.D{{Key: "$not", Value: bson.D{{Key: "$nin", Value: either}}}}
		}
		all = append(all, bson.D{{Key: "facets", Value: hasOne}})
	}
	if f.HasRoom != nil {
		all = append(all, hasRoom(*f.HasRoom))
	}
	if !k.IsStart() {
		all = append(all, mongodb.After("startsAt", o.IsBackwards(), k.Time(), k.ID))
	}
	if len(all) > 0 {
		filter = append(filter, bson.E{Key: "$and", Value: all})
	}
	return mongodb.All[*Occurrence](ctx, "list dates", s.db.Collection(occurrences), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", o.IsBackwards())).SetLimit(int64(k.Limit)))
}

// lastDate is the last date of an event that has begun by an instant and was not cancelled; empty if there is none
// among the last ones.
func (s store) lastDate(ctx context.Context, eventID string, by time.Time) (string, error) {
	list, err := mongodb.All[*Occurrence](ctx, "last dates", s.db.Collection(occurrences),
		bson.D{{Key: "eventId", Value: eventID}, {Key: "startsAt", Value: bson.D{{Key: "$lte", Value: by}}}},
		options.Find().SetSort(mongodb.KeysetSort("startsAt", true)).SetLimit(lastDates).SetProjection(bson.D{{Key: "state", Value: 1}}))
	for _, o := range list {
		if o.State == StatePublished {
			return o.ID, nil
		}
	}
	return "", err
}

// feed are the dates in a state with a facet that is wanted, which have not ended by an instant, in
// the order of their starts, without what calendars do not show.
func (s store) feed(ctx context.Context, w wanted, state State, from time.Time, limit int) ([]*Occurrence, error) {
	filter := append(bson.D{{Key: "facets", Value: bson.D{{Key: "$in", Value: w.facets[0]}}}, {Key: "state", Value: state},
		{Key: "startsAt", Value: bson.D{{Key: "$gt", Value: from.Add(-longest)}}}, {Key: "endsAt", Value: bson.D{{Key: "$gt", Value: from}}}}, seenIn(w.circles)...)
	return mongodb.All[*Occurrence](ctx, "list dates for calendars", s.db.Collection(occurrences), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(int64(limit)).SetProjection(bson.D{{Key: "words", Value: 0}, {Key: "group", Value: 0},
			{Key: "facets", Value: 0}, {Key: "rollCalls", Value: 0}, {Key: "released", Value: 0}, {Key: "admitted", Value: 0}, {Key: "claims", Value: 0}, {Key: "effects", Value: 0}}))
}

// countBetween counts the published dates with a facet that is wanted, which lie between two instants, without those of one
// event.
func (s store) countBetween(ctx context.Context, w wanted, but string, from, to time.Time) (int, error) {
	filter := append(bson.D{{Key: "facets", Value: bson.D{{Key: "$in", Value: w.facets[0]}}}, {Key: "state", Value: StatePublished},
		{Key: "startsAt", Value: bson.D{{Key: "$gt", Value: from.Add(-longest)}, {Key: "$lt", Value: to}}}, {Key: "endsAt", Value: bson.D{{Key: "$gt", Value: from}}},
		{Key: "eventId", Value: bson.D{{Key: "$ne", Value: but}}}}, seenIn(w.circles)...)
	list, err := mongodb.All[struct{}](ctx, "count dates", s.db.Collection(occurrences), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(mostCounted).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	return len(list), err
}

// mostCounted is up to how many dates are counted.
const mostCounted = 1000

// lastDates is how many dates are looked at for one that took place.
const lastDates = 20

// hasRoom asks for dates at which a newcomer gets a seat, or for the others. Free seats go to people in
// line first. No index has the seats, which change with each booking, so that these conditions are
// only checks of the dates which the others find.
func hasRoom(wanted bool) bson.D {
	room := bson.D{{Key: "seatsLeft", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$lte", Value: 0}}}}}, {Key: "hasQueue", Value: bson.D{{Key: "$ne", Value: true}}}}
	if wanted {
		return room
	}
	return bson.D{{Key: "$nor", Value: bson.A{room}}}
}

// groupFieldsOfDate are the fields of a date that are copies of its group, and who may see it.
func groupFieldsOfDate(openTo string, c group.Card) bson.D {
	return bson.D{{Key: "openTo", Value: openTo}, {Key: "groupVersion", Value: c.Version}, {Key: "group", Value: c}, {Key: "facets", Value: facetsOf(c)}}
}

// endedMeanwhile is how many dates of an event may have ended that started not long ago: there is one a day.
const endedMeanwhile = 20

// comingOf are the dates of an event that have not ended by an instant, in the order of their starts.
func (s store) comingOf(ctx context.Context, eventID string, from time.Time, limit int) ([]*Occurrence, error) {
	filter := bson.D{{Key: "eventId", Value: eventID}, {Key: "startsAt", Value: bson.D{{Key: "$gt", Value: from.Add(-longest)}}}}
	list, err := mongodb.All[*Occurrence](ctx, "dates to come of an event", s.db.Collection(occurrences), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(int64(limit+endedMeanwhile)))
	list = slices.DeleteFunc(list, func(o *Occurrence) bool { return o.IsOver(from) })
	return list[:min(len(list), limit)], err
}
