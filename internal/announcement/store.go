package announcement

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

const collection = "announcements"

type store struct{ db *mongodb.DB }

// indexes are the collection's indexes.
func indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: collection, Keys: bson.D{{Key: "listings", Value: 1}, {Key: "listedAt", Value: -1}, {Key: "_id", Value: -1}}},
		{Collection: collection, Keys: bson.D{{Key: "createdAt", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "names", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "slot", Value: 1}}, Unique: true},
	}
}

func (s store) get(ctx context.Context, announcementID string) (*Announcement, error) {
	return mongodb.Get[Announcement](ctx, "get announcement", s.db.Collection(collection), announcementID)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Announcement, error) {
	return mongodb.ByIDs(ctx, "find announcements", s.db.Collection(collection), ids, func(a *Announcement) string { return a.ID })
}

// find is the announcement with that id; nil if there is none.
func (s store) find(ctx context.Context, announcementID string) (*Announcement, error) {
	found, err := s.byIDs(ctx, []string{announcementID})
	return found[announcementID], err
}

// bySlots are the announcements that have taken these slots, by slot.
func (s store) bySlots(ctx context.Context, slots []string) (map[string]*Announcement, error) {
	list, err := mongodb.All[*Announcement](ctx, "find announcements by slots", s.db.Collection(collection),
		bson.D{{Key: "slot", Value: bson.D{{Key: "$in", Value: slots}}}})
	taken := make(map[string]*Announcement, len(list))
	for _, a := range list {
		taken[a.Slot] = a
	}
	return taken, err
}

// list are the announcements of some lists together, the one that was listed last first.
func (s store) list(ctx context.Context, names []string, k page.Keyset) ([]*Announcement, error) {
	filter := bson.D{{Key: "listings", Value: bson.D{{Key: "$in", Value: names}}}}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("listedAt", true, k.Time(), k.ID)...)
	}
	return mongodb.All[*Announcement](ctx, "list announcements", s.db.Collection(collection), filter,
		options.Find().SetSort(mongodb.KeysetSort("listedAt", true)).SetLimit(int64(k.Limit)))
}

func (s store) insert(ctx context.Context, a *Announcement) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, a)
	return mongodb.Translate("insert announcement", err)
}

// update writes what can change, if the stored version is the one before.
func (s store) update(ctx context.Context, a *Announcement, b outbox.Batch) error {
	set := bson.D{{Key: "title", Value: a.Titles}, {Key: "text", Value: a.Texts}, {Key: "authorId", Value: a.AuthorID}, {Key: "formerAuthorIds", Value: a.FormerAuthorIDs}, {Key: "slot", Value: a.Slot},
		{Key: "publishAt", Value: a.PublishAt}, {Key: "correction", Value: a.Proposed}, {Key: "correctedAt", Value: a.CorrectedAt},
		{Key: "corrections", Value: a.Corrections}, {Key: "asked", Value: a.Asked}, {Key: "state", Value: a.State}, {Key: "decided", Value: a.Decided}, {Key: "reason", Value: a.Reason},
		{Key: "listings", Value: a.Listings}, {Key: "listedAt", Value: a.ListedAt}, {Key: "sentAt", Value: a.SentAt}, {Key: "names", Value: a.people()},
		{Key: "version", Value: a.Version}}
	return mongodb.UpdateVersion(ctx, s.db.Collection(collection), a.ID, a.Version-1,
		outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

func (s store) keep(ctx context.Context, announcementID string, r notify.Report) error {
	_, err := s.db.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: announcementID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "kept", Value: r}}}})
	return mongodb.Translate("keep report", err)
}

// openOf are the announcements of a person that are drafts or wait for their time. It reads all at once: nobody
// writes more than some a day.
func (s store) openOf(ctx context.Context, personID string) ([]*Announcement, error) {
	list, err := mongodb.All[*Announcement](ctx, "find open announcements of a person", s.db.Collection(collection), bson.D{{Key: "names", Value: personID}})
	return slices.DeleteFunc(list, func(a *Announcement) bool { return a.AuthorID != personID || !a.isOpen() }), err
}

// removeOld removes announcements that were written before an instant.
func (s store) removeOld(ctx context.Context, before time.Time) error {
	return mongodb.RemoveAll(ctx, "remove old announcements", s.db.Collection(collection),
		bson.D{{Key: "createdAt", Value: bson.D{{Key: "$lt", Value: before}}}})
}
