package dead

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
)

const letters = "dead_letters"

// Keep is how long letters are kept. An operator who has not looked by then will not look.
const Keep = 90 * 24 * time.Hour

// Store keeps the letters of sources that have no place of their own for them.
type Store struct{ db *mongodb.DB }

// NewStore makes a store of letters.
func NewStore(db *mongodb.DB) Store { return Store{db} }

// Indexes are the collection's indexes.
func Indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: letters, Keys: bson.D{{Key: "at", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: letters, Keys: bson.D{{Key: "people", Value: 1}}},
	}
}

// Put stores a letter, and replaces one with the same id. The people it names are written beside
// it, so that it is found when somebody is erased.
func (s Store) Put(ctx context.Context, l Letter) error {
	_, err := s.db.Collection(letters).UpdateOne(ctx, bson.D{{Key: "_id", Value: l.ID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "kind", Value: l.Kind}, {Key: "about", Value: l.About}, {Key: "tries", Value: l.Tries},
			{Key: "error", Value: l.Error}, {Key: "at", Value: l.At}, {Key: "body", Value: l.Body},
			{Key: "people", Value: id.PeopleIn(l.ID, l.About, l.Body, l.Error)}}}},
		options.UpdateOne().SetUpsert(true))
	return mongodb.Translate("put aside", err)
}

// List are the letters of a source, the latest first, up to limit.
func (s Store) List(ctx context.Context, source string, limit int) ([]Letter, error) {
	ofSource := bson.Regex{Pattern: "^" + regexp.QuoteMeta(source) + "/"}
	return mongodb.All[Letter](ctx, "list dead letters", s.db.Collection(letters), bson.D{{Key: "_id", Value: ofSource}},
		options.Find().SetSort(mongodb.KeysetSort("at", true)).SetLimit(int64(limit)))
}

// Naming are all letters of a source that name a person. They are few.
func (s Store) Naming(ctx context.Context, source, personID string) ([]Letter, error) {
	list, err := mongodb.All[Letter](ctx, "find dead letters of a person", s.db.Collection(letters), bson.D{{Key: "people", Value: personID}})
	return slices.DeleteFunc(list, func(l Letter) bool { return !strings.HasPrefix(l.ID, source+"/") }), err
}

// Get is one letter. Returns NotFound if there is none.
func (s Store) Get(ctx context.Context, id string) (*Letter, error) {
	return mongodb.Get[Letter](ctx, "get dead letter", s.db.Collection(letters), id)
}

// Has reports whether there is a letter of that id.
func (s Store) Has(ctx context.Context, id string) (bool, error) {
	_, err := s.Get(ctx, id)
	if fault.Is(err, fault.KindNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Remove forgets a letter.
func (s Store) Remove(ctx context.Context, id string) error {
	_, err := s.db.Collection(letters).DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
	return mongodb.Translate("remove dead letter", err)
}

// Purge removes letters that are older than Keep.
func (s Store) Purge(ctx context.Context) error {
	return mongodb.RemoveAll(ctx, "purge dead letters", s.db.Collection(letters),
		bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: s.db.Now().Add(-Keep)}}}})
}

// Shelf has the letters of one source in the store. It implements Source without Retry, which the
// source adds.
type Shelf struct {
	Store
	Of string // the source's name
}

// Name is the part before the slash of the letters' ids.
func (s Shelf) Name() string { return s.Of }

// List are the letters, the latest first, up to limit.
func (s Shelf) List(ctx context.Context, limit int) ([]Letter, error) {
	return s.Store.List(ctx, s.Of, limit)
}

// Open reads what a letter holds into v. Returns NotFound if there is none.
func (s Shelf) Open(ctx context.Context, id string, v any) error {
	found, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(found.Body), v); err != nil {
		return fmt.Errorf("read dead letter %s: %w", id, err)
	}
	return nil
}
