package device

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

const (
	collection = "devices"
	// days has a document "<person>:<day>" with the new devices that a person has
	// registered on a day.
	days = "device_days"
)

type store struct{ db *mongodb.DB }

// indexes are the collections' indexes. On a sharded cluster the shard key is
// {_id: hashed}: a device moves to another person, and a shard key should not
// change.
func indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: collection, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "lastSeenAt", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "lastSeenAt", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "refuses", Value: 1}}, Having: "refuses"},
		{Collection: days, Keys: bson.D{{Key: "day", Value: 1}}},
	}
}

// put stores a device as it reports itself. Its other fields stay: doubts, and fields that a
// newer version of the program may have written. Returns Conflict if the stored report is
// later.
func (s store) put(ctx context.Context, d *Device, b outbox.Batch) error {
	isNewer := bson.D{{Key: "$gt", Value: d.LastSeenAt}}
	filter := bson.D{{Key: "_id", Value: d.ID}, {Key: "lastSeenAt", Value: bson.D{{Key: "$not", Value: isNewer}}}}
	update := outbox.Stamp(d.reported(b), b)
	var err error
	for range 2 { // if two calls make the device at once, the second try finds out which report is newer
		_, err = s.db.Collection(collection).UpdateOne(ctx, filter, update, options.UpdateOne().SetUpsert(true))
		if !mongodb.IsDuplicate(err) {
			break
		}
	}
	return mongodb.Translate("put device", err)
}

// reported is the change of a device that reports itself, with a mark for each claim: the device that it replaces.
func (d *Device) reported(b outbox.Batch) bson.D {
	set := bson.D{{Key: "personId", Value: d.PersonID}, {Key: "kind", Value: d.Kind}, {Key: "value", Value: d.Value},
		{Key: "platform", Value: d.Platform}, {Key: "language", Value: d.Language}, {Key: "appVersion", Value: d.AppVersion},
		{Key: "lastSeenAt", Value: d.LastSeenAt}, {Key: "osVersion", Value: d.OSVersion}, {Key: "timeZone", Value: d.Zone}}
	for _, e := range b.Effects {
		for _, path := range e.Clear {
			set = append(set, bson.E{Key: path, Value: true})
		}
	}
	if len(d.Refuses) == 0 {
		return bson.D{{Key: "$unset", Value: bson.D{{Key: "refuses", Value: ""}}}, {Key: "$set", Value: set}}
	}
	return bson.D{{Key: "$set", Value: append(set, bson.E{Key: "refuses", Value: d.Refuses})}}
}

// newOnDay are the devices that were new to a person on a day: "<person>:<day>".
type newOnDay struct {
	ID  string   `bson:"_id"`
	New []string `bson:"new"`
}

// newOn are the devices that were new to a person on a day.
func (s store) newOn(ctx context.Context, personID, day string) ([]string, error) {
	d, err := mongodb.Get[newOnDay](ctx, "find new devices", s.db.Collection(days), personID+":"+day)
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return d.New, nil
}

// addNew notes that a device was new to a person on a day.
func (s store) addNew(ctx context.Context, personID, day, deviceID string) error {
	_, err := s.db.Collection(days).UpdateOne(ctx, bson.D{{Key: "_id", Value: personID + ":" + day}},
		bson.D{{Key: "$addToSet", Value: bson.D{{Key: "new", Value: deviceID}}}, {Key: "$set", Value: bson.D{{Key: "day", Value: day}}}},
		options.UpdateOne().SetUpsert(true))
	return mongodb.Translate("note new device", err)
}

// removeDays removes the counts of the days before one.
func (s store) removeDays(ctx context.Context, before string) error {
	return mongodb.RemoveAll(ctx, "forget days of devices", s.db.Collection(days), bson.D{{Key: "day", Value: bson.D{{Key: "$lt", Value: before}}}})
}

// removeUnseen removes devices that have not been seen since an instant.
func (s store) removeUnseen(ctx context.Context, since time.Time) error {
	return mongodb.RemoveAll(ctx, "prune devices", s.db.Collection(collection), bson.D{{Key: "lastSeenAt", Value: bson.D{{Key: "$lt", Value: since}}}})
}

// removeSeenBefore removes devices of a person that have not been seen since an
// instant.
func (s store) removeSeenBefore(ctx context.Context, personID string, since time.Time) error {
	_, err := s.db.Collection(collection).DeleteMany(ctx,
		bson.D{{Key: "personId", Value: personID}, {Key: "lastSeenAt", Value: bson.D{{Key: "$lt", Value: since}}}})
	return mongodb.Translate("remove devices not seen for longest", err)
}

// removeIfSeenAt removes a device, unless it has reported again or moved to somebody else.
func (s store) removeIfSeenAt(ctx context.Context, d *Device) error {
	_, err := s.db.Collection(collection).DeleteOne(ctx,
		bson.D{{Key: "_id", Value: d.ID}, {Key: "personId", Value: d.PersonID}, {Key: "lastSeenAt", Value: d.LastSeenAt}})
	return mongodb.Translate("remove device not seen for longest", err)
}

func (s store) putAll(ctx context.Context, devices []*Device) error {
	_, err := s.db.Collection(collection).InsertMany(ctx, devices, options.InsertMany().SetOrdered(false))
	if _, ok := mongodb.Duplicates(err); ok {
		return nil
	}
	return mongodb.Translate("put devices", err)
}

// seeLater moves the time of a device's last report, unless it has reported again or moved to
// somebody else.
func (s store) seeLater(ctx context.Context, d *Device, at time.Time) error {
	_, err := s.db.Collection(collection).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: d.ID}, {Key: "personId", Value: d.PersonID}, {Key: "lastSeenAt", Value: d.LastSeenAt}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "lastSeenAt", Value: at}}}})
	return mongodb.Translate("see device later", err)
}

// disown takes a device from its person, with its address. Returns NotFound if it is not
// theirs.
func (s store) disown(ctx context.Context, deviceID, personID string, b outbox.Batch) error {
	res, err := s.db.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: deviceID}, {Key: "personId", Value: personID}},
		outbox.Stamp(bson.D{{Key: "$set", Value: bson.D{{Key: "personId", Value: ""}, {Key: "value", Value: ""}}}}, b))
	if err == nil && res.MatchedCount == 0 {
		return fault.NotFound("device.not_found")
	}
	return mongodb.Translate("disown device", err)
}

// speak sets the language of all devices of a person.
func (s store) speak(ctx context.Context, personID string, l i18n.Language) error {
	_, err := s.db.Collection(collection).UpdateMany(ctx, bson.D{{Key: "personId", Value: personID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "language", Value: l}}}})
	return mongodb.Translate("follow the language of a profile", err)
}

// removeOwnerless removes a device that is nobody's, and in which one write at most has effects left.
func (s store) removeOwnerless(ctx context.Context, deviceID string) (gone bool, err error) {
	res, err := s.db.Collection(collection).DeleteOne(ctx, bson.D{{Key: "_id", Value: deviceID}, {Key: "personId", Value: ""},
		{Key: "due.1", Value: bson.D{{Key: "$exists", Value: false}}}})
	if err != nil {
		return false, mongodb.Translate("remove device", err)
	}
	return res.DeletedCount == 1, nil
}

func (s store) get(ctx context.Context, deviceID string) (*Device, error) {
	return mongodb.Get[Device](ctx, "get device", s.db.Collection(collection), deviceID)
}

func (s store) remove(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := s.db.Collection(collection).DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}},
		{Key: "due.0", Value: bson.D{{Key: "$exists", Value: false}}}})
	return mongodb.Translate("remove devices", err)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Device, error) {
	return mongodb.ByIDs(ctx, "find devices", s.db.Collection(collection), ids, func(d *Device) string { return d.ID })
}

func (s store) of(ctx context.Context, personIDs []string) (list []*Device, damaged, err error) {
	return mongodb.Salvage[Device](ctx, "find devices of people", s.db.Collection(collection),
		bson.D{{Key: "personId", Value: bson.D{{Key: "$in", Value: personIDs}}}})
}

// refusers are those of these people who have a device that does not show pushes of a family.
func (s store) refusers(ctx context.Context, f notify.Family, personIDs []string) ([]string, error) {
	found, err := mongodb.All[struct {
		PersonID string `bson:"personId"`
	}](ctx, "find devices that show nothing", s.db.Collection(collection), bson.D{{Key: "personId", Value: bson.D{{Key: "$in", Value: personIDs}}},
		{Key: "refuses", Value: bson.D{{Key: "$in", Value: bson.A{f, everything}}}}},
		options.Find().SetProjection(bson.D{{Key: "personId", Value: 1}}))
	ids := make([]string, len(found))
	for i, d := range found {
		ids[i] = d.PersonID
	}
	return ids, err
}

func (s store) ofOne(ctx context.Context, personID string) ([]*Device, error) {
	return mongodb.All[*Device](ctx, "find devices of a person", s.db.Collection(collection), bson.D{{Key: "personId", Value: personID}})
}

// doubt notes when devices were called bad, and for which news unless that is empty.
func (s store) doubt(ctx context.Context, ids []string, news string, at time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	update := bson.D{{Key: "$set", Value: bson.D{{Key: "doubtedAt", Value: at}}}}
	if news != "" {
		update = append(update, bson.E{Key: "$addToSet", Value: bson.D{{Key: "doubtedBy", Value: news}}})
	}
	_, err := s.db.Collection(collection).UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, update)
	return mongodb.Translate("doubt devices", err)
}

func (s store) trust(ctx context.Context, deviceID string) error {
	_, err := s.db.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: deviceID}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "doubtedBy", Value: ""}, {Key: "doubtedAt", Value: ""}}}})
	return mongodb.Translate("trust device", err)
}
