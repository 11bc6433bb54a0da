package mongodb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Index is one index as a store declares it.
type Index struct {
	Collection string
	Name       string // empty: made from the keys, "groupId_1_startsAt_-1"
	Keys       bson.D // field and direction, 1 or -1
	Unique     bool
	// Sparse leaves out documents that have none of the keys: for fields that few have.
	// Where the database cannot, the index holds all.
	Sparse bool
	// Having leaves out documents that lack this field: for a field that few have beside
	// others that all have. Where the database cannot, the index holds all.
	Having string
	// ExpireAfter lets the database remove documents this long after the time in
	// the only key. If the database cannot do so, the index is a plain one, and a
	// job removes them.
	ExpireAfter *time.Duration
}

func (i Index) name() string {
	if i.Name != "" {
		return i.Name
	}
	parts := make([]string, 0, len(i.Keys))
	for _, key := range i.Keys {
		parts = append(parts, fmt.Sprintf("%s_%v", key.Key, key.Value))
	}
	return strings.Join(parts, "_")
}

func (i Index) model(able Capabilities) mongo.IndexModel {
	o := options.Index().SetName(i.name())
	if i.Unique {
		o.SetUnique(true)
	}
	if i.Sparse {
		o.SetSparse(true)
	}
	if i.Having != "" && able.Partial {
		o.SetPartialFilterExpression(bson.D{{Key: i.Having, Value: bson.D{{Key: "$exists", Value: true}}}})
	}
	if i.ExpireAfter != nil && able.TTL {
		o.SetExpireAfterSeconds(int32(i.ExpireAfter.Seconds()))
	}
	return mongo.IndexModel{Keys: i.Keys, Options: o}
}

// Report says what SyncIndexes has found and done. It names indexes as
// "collection.index".
type Report struct {
	Created []string // indexes that were missing
	Unknown []string // indexes that exist and are not declared
}

// SyncIndexes makes the declared indexes that are missing and reports those that are
// not declared. It drops and changes no index, so one whose keys or options have
// changed needs a new name. Two servers may do it at once.
func SyncIndexes(ctx context.Context, db *DB, declared []Index) (Report, error) {
	var report Report
	able, err := db.Capabilities(ctx)
	if err != nil {
		return report, err
	}

	byCollection := map[string][]Index{}
	var names []string
	for _, i := range declared {
		if _, seen := byCollection[i.Collection]; !seen {
			names = append(names, i.Collection)
		}
		byCollection[i.Collection] = append(byCollection[i.Collection], i)
	}
	slices.Sort(names)

	for _, name := range names {
		if err := syncCollection(ctx, db.Collection(name), byCollection[name], able, &report); err != nil {
			return report, err
		}
	}
	return report, nil
}

func syncCollection(ctx context.Context, c *mongo.Collection, declared []Index, able Capabilities, report *Report) error {
	existing, err := existingIndexes(ctx, c)
	if err != nil {
		return err
	}
	known := map[string]bool{"_id_": true}
	var missing []mongo.IndexModel
	for _, i := range declared {
		name := i.name()
		if known[name] {
			return fmt.Errorf("index %s.%s is declared twice", c.Name(), name)
		}
		known[name] = true
		if !slices.Contains(existing, name) {
			missing = append(missing, i.model(able))
			report.Created = append(report.Created, c.Name()+"."+name)
		}
	}
	for _, name := range existing {
		if !known[name] {
			report.Unknown = append(report.Unknown, c.Name()+"."+name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	var quorum []options.Lister[options.CreateIndexesOptions]
	if able.ChangeStreams { // the database may have several members
		quorum = append(quorum, options.CreateIndexes().SetCommitQuorumMajority())
	}
	// Building an index on a large collection may take long, so the limit is the
	// caller's context and not the client's timeout.
	ctx, cancel := withoutTimeout(ctx)
	defer cancel()
	// This does not wait for a member that is down, which builds the indexes when it
	// is back.
	_, err = c.Indexes().CreateMany(ctx, missing, quorum...)
	return Translate("create indexes of "+c.Name(), err)
}

func existingIndexes(ctx context.Context, c *mongo.Collection) ([]string, error) {
	cursor, err := c.Indexes().List(ctx)
	if err != nil {
		return nil, Translate("list indexes of "+c.Name(), err)
	}
	specs, err := rest[struct {
		Name string `bson:"name"`
	}](ctx, "list indexes of "+c.Name(), cursor)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(specs))
	for _, s := range specs {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return names, nil
}

// indexBuildTime is the limit if the caller's context has none. A deadline is needed,
// since only that takes the place of the client's timeout.
const indexBuildTime = time.Hour

func withoutTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, indexBuildTime)
}
