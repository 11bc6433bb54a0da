package mongodb_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

func TestEmptyMeansNoDocuments(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	indexes := []mongodb.Index{{Collection: "c", Keys: bson.D{{Key: "a", Value: 1}}}}
	db := testkit.DB(t, testkit.WithIndexes(indexes))
	isEmpty := func(want bool) {
		t.Helper()
		if got, err := db.IsEmpty(ctx); err != nil || got != want {
			t.Errorf("empty: %t, %v; want %t", got, err, want)
		}
	}
	isEmpty(true)
	if _, err := db.Collection("c").InsertOne(ctx, bson.D{{Key: "a", Value: 1}}); err != nil {
		t.Fatal(err)
	}
	isEmpty(false)
	if err := db.DropAll(ctx); err != nil {
		t.Fatal(err)
	}
	isEmpty(true)
	report, err := mongodb.SyncIndexes(ctx, db, indexes)
	if diff := cmp.Diff(mongodb.Report{}, report); err != nil || diff != "" {
		t.Errorf("after emptying, indexes differ: %s, %v", diff, err)
	}
}

// What the database keeps for itself is nobody's, and neither is what a process leaves
// that dies while it finds out what the database can do.
func TestCollectionsAreThePrograms(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := testkit.DB(t)
	for _, name := range []string{"b", "a", "scratch_1"} {
		if err := db.Collection(name).Database().CreateCollection(ctx, name); err != nil {
			t.Fatal(err)
		}
	}
	wantCollections := func(want ...string) {
		t.Helper()
		got, err := db.Collections(ctx)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("collections: %v (-want +got):\n%s", err, diff)
		}
	}
	wantCollections("a", "b")
	if err := db.DropCollection(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	wantCollections("b")
}

func TestIndexSyncMakesWhatIsMissingAndDropsNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := testkit.DB(t)
	day := 24 * time.Hour
	declared := []mongodb.Index{
		{Collection: "b", Keys: bson.D{{Key: "x", Value: 1}, {Key: "y", Value: -1}}},
		{Collection: "b", Name: "slug", Keys: bson.D{{Key: "slug", Value: 1}}, Unique: true},
		{Collection: "a", Keys: bson.D{{Key: "expiresAt", Value: 1}}, ExpireAfter: &day},
	}
	old := mongo.IndexModel{Keys: bson.D{{Key: "old", Value: 1}}}
	if _, err := db.Collection("b").Indexes().CreateOne(ctx, old); err != nil {
		t.Fatal(err)
	}
	for i, want := range []mongodb.Report{
		{Created: []string{"a.expiresAt_1", "b.x_1_y_-1", "b.slug"}, Unknown: []string{"b.old_1"}},
		{Unknown: []string{"b.old_1"}},
	} {
		got, err := mongodb.SyncIndexes(ctx, db, declared)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("sync %d: %s, %v", i+1, diff, err)
		}
	}
	c := db.Collection("b")
	for i, want := range []bool{false, true} {
		_, err := c.InsertOne(ctx, bson.D{{Key: "_id", Value: i}, {Key: "slug", Value: "same"}})
		if got := mongodb.IsDuplicate(err); got != want {
			t.Errorf("insert %d: duplicate %t, %v", i+1, got, err)
		}
	}
	if _, err := mongodb.SyncIndexes(ctx, db, append(declared, declared[1])); err == nil {
		t.Error("an index declared twice was taken")
	}
}

func TestUpdateThatMeetsAUniqueIndexIsADuplicate(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := testkit.DB(t, testkit.WithIndexes([]mongodb.Index{
		{Collection: "c", Keys: bson.D{{Key: "slug", Value: 1}}, Unique: true},
	})).Collection("c")
	for _, slug := range []string{"a", "b"} {
		if _, err := c.InsertOne(ctx, bson.D{{Key: "_id", Value: slug}, {Key: "slug", Value: slug}}); err != nil {
			t.Fatal(err)
		}
	}
	byID, take := bson.D{{Key: "_id", Value: "a"}}, bson.D{{Key: "$set", Value: bson.D{{Key: "slug", Value: "b"}}}}
	if _, err := c.UpdateOne(ctx, byID, take); !fault.Is(mongodb.Translate("update", err), fault.KindConflict) {
		t.Errorf("update: %v", err)
	}
	if err := c.FindOneAndUpdate(ctx, byID, take).Err(); !fault.Is(mongodb.Translate("update", err), fault.KindConflict) {
		t.Errorf("find and update: %v", err)
	}
}

func TestCapabilitiesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := testkit.DB(t)
	able, err := db.Capabilities(ctx)
	if err != nil || able.Server == "" {
		t.Fatalf("capabilities: %+v, %v", able, err)
	}
	names, err := db.Collection("x").Database().ListCollectionNames(ctx, bson.D{})
	if err != nil || len(names) > 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
	var counter testkit.Counter
	again := testkit.Reopen(t, db, testkit.WithCounter(&counter))
	for range 2 {
		if got, err := again.Capabilities(ctx); err != nil || got != able {
			t.Errorf("asked again: %+v, %v; want %+v", got, err, able)
		}
		counter.Reset()
	}
	if counter.Count() != 0 {
		t.Errorf("the second question sent %v", counter.Commands())
	}
}

func TestTimesComeBackInUTCAndNilStaysNil(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := testkit.DB(t).Collection("c")
	type thing struct {
		ID   string `bson:"_id"`
		At   time.Time
		List []string
	}
	at := time.Date(2026, 3, 29, 2, 30, 0, 0, time.FixedZone("x", 7200))
	if _, err := c.InsertOne(ctx, thing{ID: "1", At: at}); err != nil {
		t.Fatal(err)
	}
	var got thing
	if err := c.FindOne(ctx, bson.D{{Key: "_id", Value: "1"}}).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(thing{ID: "1", At: at.UTC()}, got, cmp.Comparer(func(a, b time.Time) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsOfTheDatabaseBecomeFaults(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := testkit.DB(t).Collection("c")
	var docs []any
	for _, id := range []int{1, 2, 3} {
		docs = append(docs, bson.D{{Key: "_id", Value: id}})
	}
	if _, err := c.InsertOne(ctx, docs[1]); err != nil {
		t.Fatal(err)
	}
	_, err := c.InsertOne(ctx, docs[1])
	if err := mongodb.Translate("insert", err); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a duplicate is %v", err)
	}
	_, err = c.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	if got, ok := mongodb.Duplicates(err); !ok || !cmp.Equal(got, []int{1}) {
		t.Errorf("duplicates: %v, %t, %v", got, ok, err)
	}
	if n, err := c.CountDocuments(mongodb.AllowScan(ctx), bson.D{}); err != nil || n != 3 {
		t.Errorf("after the unordered insert there are %d, %v", n, err)
	}
	err = c.FindOne(ctx, bson.D{{Key: "_id", Value: 9}}).Err()
	if err := mongodb.Translate("find", err); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("nothing found is %v", err)
	}
	late, cancel := context.WithDeadline(ctx, time.Now().Add(-time.Second))
	defer cancel()
	err = c.FindOne(late, bson.D{{Key: "_id", Value: 9}}).Err()
	if err := mongodb.Translate("find", err); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("a deadline that passed is %v", err)
	}
}

func TestDatabaseThatIsNotThereIsUnavailable(t *testing.T) {
	t.Parallel()
	start := time.Now()
	_, err := mongodb.Connect(t.Context(), mongodb.Options{
		URI: "mongodb://127.0.0.1:1", Database: "x", SmallPool: true, ServerSelectionTimeout: 100 * time.Millisecond,
	})
	if !fault.Is(err, fault.KindUnavailable) || time.Since(start) > 3*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

func TestClockIsTheDatabases(t *testing.T) {
	t.Parallel()
	var _ clock.Clock = (*mongodb.DB)(nil)
	db := testkit.DB(t)
	if testkitIsLocal := time.Since(db.Now()).Abs() < time.Minute; !testkitIsLocal {
		t.Errorf("the database says %v", db.Now())
	}
	then := clock.NewManual(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	db.SetClock(then)
	if got := db.Now(); !got.Equal(then.Now()) {
		t.Errorf("with a clock of our own: %v", got)
	}
	db.SetClock(nil)
	if db.Now().Year() == 2030 {
		t.Error("the database's clock is not restored")
	}
}

func TestKeysetWalksEveryDocumentOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	type row struct {
		ID   string `bson:"_id"`
		Rank int
	}
	for _, descending := range []bool{false, true} {
		for _, key := range []string{"rank", "_id"} {
			sort := mongodb.KeysetSort(key, descending)
			var opts []testkit.Option
			if key != "_id" {
				opts = append(opts, testkit.WithIndexes([]mongodb.Index{{Collection: "c", Keys: sort}}))
			}
			c := testkit.DB(t, opts...).Collection("c")
			for _, id := range []string{"a", "b", "c", "d", "e"} {
				if _, err := c.InsertOne(ctx, row{ID: id, Rank: int(id[0]) / 2}); err != nil {
					t.Fatal(err)
				}
			}
			want := "abcde"
			if descending {
				want = "edcba"
			}
			filter, got := bson.D{}, ""
			for {
				var r row
				err := c.FindOne(ctx, filter, options.FindOne().SetSort(sort)).Decode(&r)
				if err == mongo.ErrNoDocuments {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got += r.ID
				filter = mongodb.After(key, descending, r.Rank, r.ID)
			}
			if got != want {
				t.Errorf("by %s, descending %t: %s", key, descending, got)
			}
		}
	}
}
