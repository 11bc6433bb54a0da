package inbox

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
)

const notices = "notices"

// byPerson is the field of notices, and of lines of the ledger, with whose they are. Their ids
// begin with it.
const byPerson = "personId"

func (s store) notices() mongodb.Owned { return s.db.Owned(notices, byPerson) }

type store struct {
	db    *mongodb.DB
	kinds *notify.Kinds
}

// indexes are the collections' indexes.
func indexes() []mongodb.Index {
	by := func(keys bson.D) mongodb.Index { return mongodb.Index{Collection: notices, Keys: keys} }
	// Few notices are about somebody, opened, answered, dismissed or for a summary, and the others cost these
	// indexes nothing.
	ofFew := func(keys bson.D) mongodb.Index { return mongodb.Index{Collection: notices, Keys: keys, Sparse: true} }
	return append(ledgerIndexes(),
		by(bson.D{{Key: "personId", Value: 1}, {Key: "hidden", Value: 1}, {Key: "unread", Value: 1}, {Key: "createdAt", Value: -1}, {Key: "_id", Value: -1}}),
		by(bson.D{{Key: "hidden", Value: 1}, {Key: "createdAt", Value: 1}}),
		ofFew(bson.D{{Key: "about", Value: 1}}),
		ofFew(bson.D{{Key: "opened", Value: 1}}),
		ofFew(bson.D{{Key: "acted", Value: 1}}),
		ofFew(bson.D{{Key: "dismissed", Value: 1}}),
		ofFew(bson.D{{Key: "summaryIn", Value: 1}, {Key: "summaryFor", Value: 1}, {Key: "summaryAt", Value: 1}}),
	)
}

// either is a condition that any value of a field fits that is true or false. An index
// that has the field before the time serves a query by time only with it.
func either(field string) bson.E {
	return bson.E{Key: field, Value: bson.D{{Key: "$in", Value: bson.A{false, true}}}}
}

// shown fits the notices in people's inboxes.
func shown(personID any) bson.D {
	return bson.D{{Key: "personId", Value: personID}, {Key: "hidden", Value: false}, either("unread")}
}

// knownKinds leaves out notices of a kind that only a newer version knows. They are
// shown by that version.
func (s store) knownKinds() bson.E { return mongodb.KnownOnly("kind", s.kinds.Names()) }

// addNotices stores notices. Those that exist already stay as they are and are
// returned.
func (s store) addNotices(ctx context.Context, list []*Notice) (map[string]*Notice, error) {
	if len(list) == 0 {
		return nil, nil
	}
	_, err := s.db.Collection(notices).InsertMany(ctx, list, options.InsertMany().SetOrdered(false))
	if err == nil {
		return nil, nil
	}
	indexes, ok := mongodb.Duplicates(err)
	if !ok {
		return nil, mongodb.Translate("add notices", err)
	}
	ids := make([]string, len(indexes))
	for i, at := range indexes {
		ids[i] = list[at].ID
	}
	return s.ByIDs(ctx, ids)
}

// AddReasons adds to a notice the reasons that it does not have yet.
func (s store) AddReasons(ctx context.Context, noticeID string, reasons []notify.Reason) error {
	if len(reasons) == 0 {
		return nil
	}
	_, err := s.notices().UpdateOne(ctx, s.notices().One(noticeID),
		bson.D{{Key: "$addToSet", Value: bson.D{{Key: "reasons", Value: bson.D{{Key: "$each", Value: reasons}}}}}})
	return mongodb.Translate("add reasons", err)
}

// ByIDs are the notices with those ids, by id.
func (s store) ByIDs(ctx context.Context, ids []string) (map[string]*Notice, error) {
	return mongodb.OwnedByIDs(ctx, "find notices", s.notices(), ids, func(n *Notice) string { return n.ID })
}

// list are notices of a person, the newest first. If the filter wants unread ones, those that somebody has read
// are left out; of the others only present knows.
func (s store) list(ctx context.Context, personID string, f *Filter, k page.Keyset) ([]*Notice, error) {
	filter := bson.D{{Key: "personId", Value: personID}, {Key: "hidden", Value: false}, either("unread"), s.knownKinds()}
	if f.IsUnread != nil && *f.IsUnread {
		filter[2] = bson.E{Key: "unread", Value: true}
	}
	if len(f.Kinds) > 0 {
		filter[3] = mongodb.KnownOnly("kind", f.Kinds)
	}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("createdAt", true, k.Time(), k.ID)...)
	}
	return mongodb.All[*Notice](ctx, "list notices", s.db.Collection(notices), filter,
		options.Find().SetSort(mongodb.KeysetSort("createdAt", true)).SetLimit(int64(k.Limit)))
}

func (s store) markRead(ctx context.Context, personID string, ids []string) error {
	_, err := s.db.Collection(notices).UpdateMany(ctx,
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "personId", Value: personID}, {Key: "unread", Value: true}}, s.read())
	return mongodb.Translate("mark notices read", err)
}

// read is the change that makes notices read.
func (s store) read() bson.D {
	return bson.D{{Key: "$set", Value: bson.D{{Key: "unread", Value: false}, {Key: "readAt", Value: s.db.Now()}}}}
}

// removeNotices removes notices older than an instant.
func (s store) removeNotices(ctx context.Context, hidden bool, before time.Time) error {
	return s.notices().RemoveAll(ctx, "purge notices",
		bson.D{{Key: "hidden", Value: hidden}, {Key: "createdAt", Value: bson.D{{Key: "$lt", Value: before}}}})
}

// SaveWords gives notices other words and another expiry.
func (s store) SaveWords(ctx context.Context, ids []string, words map[string]string, expiresAt *time.Time) error {
	set := bson.D{{Key: "data", Value: words}}
	if expiresAt != nil {
		set = append(set, bson.E{Key: "expiresAt", Value: expiresAt})
	}
	_, err := s.notices().UpdateMany(ctx, s.notices().Any(ids),
		bson.D{{Key: "$set", Value: set}})
	return mongodb.Translate("reword notices", err)
}
