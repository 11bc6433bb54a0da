package event

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/clock"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/schedule/herald"
)

// datesOf are all dates of an event, without what grows with the people who come and go.
func (s store) datesOf(ctx context.Context, eventID string) ([]*Occurrence, error) {
	return mongodb.All[*Occurrence](ctx, "dates of an event", s.db.Collection(occurrences), bson.D{{Key: "eventId", Value: eventID}},
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetProjection(bson.D{{Key: "words", Value: 0}, {Key: "group", Value: 0},
			{Key: "facets", Value: 0}, {Key: "rollCalls", Value: 0}, {Key: "released", Value: 0}, {Key: "admitted", Value: 0}, {Key: "effects", Value: 0}}))
}

// write changes the dates of a series, each if it follows the version that it did, and is by itself as it was, and takes
// those out that are gone, if nobody has a seat or a claim there.
func (s store) write(ctx context.Context, e *Event, f following) error {
	var models []mongo.WriteModel
	for _, o := range f.changed {
		filter := bson.D{{Key: "_id", Value: o.ID}, {Key: "synced", Value: o.before.Synced}, mongodb.AtVersion("ownVersion", o.before.OwnVersion)}
		models = append(models, mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(bson.D{{Key: "$set", Value: o.set()}}))
	}
	for _, o := range f.gone {
		models = append(models, mongo.NewDeleteOneModel().SetFilter(append(bson.D{{Key: "_id", Value: o.ID}, {Key: "eventId", Value: e.ID}}, untouched()...)))
	}
	return s.bulk(ctx, "dates follow event", models)
}

// writtenAtOnce is how many dates one command changes, so that none takes long.
const writtenAtOnce = 50

// bulk writes to dates, in any order.
func (s store) bulk(ctx context.Context, what string, models []mongo.WriteModel) error {
	for part := range slices.Chunk(models, writtenAtOnce) {
		if _, err := s.db.Collection(occurrences).BulkWrite(ctx, part, options.BulkWrite().SetOrdered(false)); err != nil {
			return mongodb.Translate(what, err)
		}
	}
	return nil
}

// seat gives dates at which nobody has a seat and nobody waits the seats and the terms that their event has for them. A date
// that somebody has come to since it was read stays as it is.
func (s store) seat(ctx context.Context, e *Event, dates []*Occurrence) error {
	models := make([]mongo.WriteModel, len(dates))
	for i, o := range dates {
		seats := o.emptySeats(e)
		set := bson.D{{Key: "capacity", Value: seats.Capacity}, {Key: "seatsLeft", Value: seats.FreeSeats}, {Key: "capacityVersion", Value: e.Version},
			{Key: "settled", Value: o.Synced}}
		if seats.Terms != nil {
			set = append(set, bson.E{Key: "signUp", Value: seats.Terms}, bson.E{Key: "reserved", Value: seats.Reserved})
		}
		filter := append(bson.D{{Key: "_id", Value: o.ID}, {Key: "seatsVersion", Value: o.SeatsVersion}, {Key: "synced", Value: o.Synced},
			mongodb.AtVersion("ownVersion", o.OwnVersion), mongodb.AtVersion("capacityVersion", o.CapacityVersion),
			mongodb.AtVersion("startVersion", o.StartVersion)}, untouched()...)
		models[i] = mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(bson.D{{Key: "$set", Value: set}, {Key: "$inc", Value: bson.D{{Key: "seatsVersion", Value: 1}}}})
	}
	return s.bulk(ctx, "seats of dates", models)
}

// untouched is a date at which nobody has a seat or a claim, nobody waits, and nothing is under way.
func untouched() bson.D {
	return bson.D{{Key: "seatsTaken", Value: 0}, {Key: "hasQueue", Value: bson.D{{Key: "$ne", Value: true}}},
		{Key: "claims", Value: bson.D{{Key: "$in", Value: bson.A{nil, bson.D{}}}}}, {Key: "due", Value: bson.D{{Key: "$in", Value: bson.A{nil, bson.A{}}}}}}
}

// set are the fields of a date that are changed: those that follow its event, and what stands by itself if that has changed.
func (c *changed) set() bson.D {
	set := c.followed()
	if c.OwnVersion != c.before.OwnVersion {
		set = append(set, bson.E{Key: "own", Value: c.Own}, bson.E{Key: "ownVersion", Value: c.OwnVersion}, bson.E{Key: "ownSignUp", Value: c.OwnTerms})
	}
	return set
}

// followed are the fields of a date that follow its event.
func (o *Occurrence) followed() bson.D {
	set := bson.D{{Key: "state", Value: o.State}, {Key: "cancelReason", Value: o.CancelReason}, {Key: "title", Value: o.Title}, {Key: "place", Value: o.Place},
		{Key: "startsAt", Value: o.StartsAt}, {Key: "endsAt", Value: o.EndsAt}, {Key: "startsAtLocal", Value: o.StartsAtLocal},
		{Key: "endsAtLocal", Value: o.EndsAtLocal}, {Key: "timeZone", Value: o.TimeZone}, {Key: "isAllDay", Value: o.IsAllDay},
		{Key: "startVersion", Value: o.StartVersion}, {Key: "sequence", Value: o.Sequence}, {Key: "changedAt", Value: o.ChangedAt}, {Key: "synced", Value: o.Synced}}
	if o.Slot != "" {
		set = append(set, bson.E{Key: "slot", Value: o.Slot})
	}
	if o.Words != nil {
		set = append(set, bson.E{Key: "words", Value: o.Words})
	}
	set = append(set, bson.E{Key: "text", Value: o.Text})
	return append(set, herald.TellingFields(&o.Telling, o.Synced)...)
}

// insertDates writes the dates of slots. It returns those whose id another date has, which had the slot once.
func (s store) insertDates(ctx context.Context, e *Event, slots []clock.Local, round int) (left []clock.Local, err error) {
	dates := make([]*Occurrence, len(slots))
	for i, slot := range slots {
		dates[i] = e.newDate(slot, round)
	}
	taken, err := s.insertNew(ctx, dates)
	if err != nil || len(taken) == 0 {
		return nil, err
	}
	ids := make([]string, len(taken))
	for i, o := range taken {
		ids[i] = o.ID
	}
	found, err := s.occurrencesByIDs(ctx, ids)
	for _, o := range taken {
		if is := found[o.ID]; is != nil && (is.Slot != o.Slot || is.EventID != e.ID) {
			left = append(left, o.Slot)
		}
	}
	return left, err
}

// insertNew writes dates, and returns those whose ids exist.
func (s store) insertNew(ctx context.Context, dates []*Occurrence) (exist []*Occurrence, err error) {
	_, err = s.db.Collection(occurrences).InsertMany(ctx, dates, options.InsertMany().SetOrdered(false))
	again, ok := mongodb.Duplicates(err)
	if !ok {
		return nil, mongodb.Translate("insert dates", err)
	}
	for _, i := range again {
		exist = append(exist, dates[i])
	}
	return exist, nil
}

// look writes how the dates of a series are; ok is false if the event has changed since it was read, or somebody else has
// looked meanwhile.
func (s store) look(ctx context.Context, e *Event) (ok bool, err error) {
	n := e.Series
	set := append(dateFields(e), bson.D{{Key: "series.beginsAt", Value: n.BeginsAt}, {Key: "series.endsAt", Value: n.EndsAt},
		{Key: "series.firstIds", Value: n.FirstIDs}, {Key: "series.nextIds", Value: n.NextIDs},
		{Key: "series.looks", Value: n.Looks + 1}}...)
	unset := bson.D{{Key: "series.placed", Value: ""}, {Key: "series.ended", Value: ""}}
	if n.DueAt != nil {
		set = append(set, bson.E{Key: "series.dueAt", Value: n.DueAt})
	} else {
		unset = append(unset, bson.E{Key: "series.dueAt", Value: ""})
	}
	res, err := s.db.Collection(events).UpdateOne(ctx, bson.D{{Key: "_id", Value: e.ID}, {Key: "version", Value: e.Version}, {Key: "series.looks", Value: n.Looks}},
		bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: unset}})
	if err != nil {
		return false, mongodb.Translate("look at series", err)
	}
	return res.MatchedCount == 1, nil
}

// planFields are the fields of an event that say on which dates it happens. The rest of a series is noted by whoever looks.
func planFields(e *Event) bson.D {
	if e.Series == nil {
		return append(dateFields(e), bson.E{Key: "startVersion", Value: e.StartVersion}, bson.E{Key: "isAllDay", Value: e.IsAllDay})
	}
	n := e.Series
	set := bson.D{{Key: "isAllDay", Value: e.IsAllDay}, {Key: "series.rule", Value: n.Rule}, {Key: "series.extraDates", Value: n.ExtraDates},
		{Key: "series.exceptDates", Value: n.ExceptDates}, {Key: "series.first", Value: n.First}, {Key: "series.id", Value: n.ID},
		{Key: "series.placed", Value: n.Placed}, {Key: "series.ended", Value: n.Ended}, {Key: "series.looks", Value: n.Looks}}
	if n.Following != nil {
		set = append(set, bson.E{Key: "series.cutAt", Value: n.CutAt}, bson.E{Key: "series.following", Value: n.Following}, bson.E{Key: "continuedById", Value: e.ContinuedByID})
	}
	return set
}

// dateFields are the fields of a date by the clock, and of its instants.
func dateFields(e *Event) bson.D {
	return bson.D{{Key: "startsAt", Value: e.StartsAt}, {Key: "endsAt", Value: e.EndsAt}, {Key: "startsAtLocal", Value: e.StartsAtLocal},
		{Key: "endsAtLocal", Value: e.EndsAtLocal}, {Key: "timeZone", Value: e.TimeZone}}
}

// hold is how long an event is held for whoever looks at it, before others take it over.
const hold = 5 * time.Minute

// claimDue takes the series that has waited longest for somebody to look. Returns NotFound if none waits.
func (s store) claimDue(ctx context.Context, now time.Time) (*Event, error) {
	return mongodb.One[Event]("claim series", s.db.Collection(events).FindOneAndUpdate(ctx,
		bson.D{{Key: "series.dueAt", Value: bson.D{{Key: "$lte", Value: now}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "series.dueAt", Value: now.Add(hold)}}}},
		options.FindOneAndUpdate().SetReturnDocument(options.After).SetSort(mongodb.KeysetSort("series.dueAt", false))))
}

// settled notes that the bookings of a date follow its event as of a version.
func (s store) settled(ctx context.Context, dateID string, version int) error {
	_, err := s.db.Collection(occurrences).UpdateOne(ctx, bson.D{{Key: "_id", Value: dateID}}, bson.D{{Key: "$max", Value: bson.D{{Key: "settled", Value: version}}}})
	return mongodb.Translate("date is settled", err)
}

// setOff cancels a date by itself, or brings it back, as of a version of its event.
func (s store) setOff(ctx context.Context, e *Event, a dateArgs) error {
	set := bson.D{{Key: "ownVersion", Value: a.Version}, {Key: "changedAt", Value: s.db.Now()}}
	own := bson.D{{Key: "own", Value: OwnState}}
	update := bson.D{{Key: "$inc", Value: bson.D{{Key: "sequence", Value: 1}}}}
	if a.IsOff {
		set = append(set, bson.E{Key: "state", Value: StateCancelled}, bson.E{Key: "cancelReason", Value: a.Reason})
		update = append(update, bson.E{Key: "$addToSet", Value: own})
	} else {
		set = append(set, bson.E{Key: "state", Value: e.State}, bson.E{Key: "cancelReason", Value: e.CancelReason})
		update = append(update, bson.E{Key: "$pull", Value: own})
	}
	_, err := s.db.Collection(occurrences).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: a.OccurrenceID}, {Key: "ownVersion", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: a.Version}}}}}},
		append(update, bson.E{Key: "$set", Value: set}))
	return mongodb.Translate("cancel date or bring it back", err)
}
