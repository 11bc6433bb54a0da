package replay_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
	"faellesskab/internal/testkit/replay"
)

const things = "things"

var noon = time.Date(2030, time.May, 1, 12, 0, 0, 0, time.UTC)

func by(key string, value any) bson.D { return bson.D{{Key: key, Value: value}} }

func in(ids ...string) bson.D { return by("_id", by("$in", ids)) }

// find is the ids of what a find returns.
func find(t *testing.T, c *mongo.Collection, filter bson.D, opts ...options.Lister[options.FindOptions]) ([]string, error) {
	t.Helper()
	cursor, err := c.Find(mongodb.AllowScan(t.Context()), filter, opts...)
	if err != nil {
		return nil, err
	}
	var found []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(t.Context(), &found); err != nil {
		return nil, err
	}
	ids := []string{}
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	return ids, nil
}

// replayed is a collection of which a database has recorded what do asked, on a server that replays it.
func replayed(t *testing.T, do func(c *mongo.Collection)) *mongo.Collection {
	t.Helper()
	var recorder replay.Recorder
	db := testkit.DB(t, testkit.WithDialer(recorder.Dialer), testkit.WithoutGuard(things))
	do(db.Collection(things))
	s, err := replay.Listen(t.Context(), recorder.Said())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve() }()
	again, err := mongodb.Connect(t.Context(), mongodb.Options{URI: s.URI(), Database: db.Name(), SmallPool: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(again.Close(context.Background()), s.Close(), <-ended); err != nil {
			t.Error(err)
		}
	})
	return again.Collection(things)
}

func insert(t *testing.T, c *mongo.Collection, docs ...any) {
	t.Helper()
	if _, err := c.InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, c *mongo.Collection, filter bson.D, ids []string, opts ...options.Lister[options.FindOptions]) {
	t.Helper()
	got, err := find(t, c, filter, opts...)
	if diff := cmp.Diff(ids, got); err != nil || diff != "" {
		t.Errorf("%v: %v, and other documents (-want +got):\n%s", filter, err, diff)
	}
}

// wantUnknown fails unless the answer is an error that names these.
func wantUnknown(t *testing.T, c *mongo.Collection, filter bson.D, names ...string) {
	t.Helper()
	got, err := find(t, c, filter)
	if err == nil {
		t.Fatalf("%v is answered with %v", filter, got)
	}
	for _, name := range names {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v: the error does not name %s: %v", filter, name, err)
		}
	}
}

func TestDocumentsAreFoundByTheirIDsHoweverTheyWereAskedFor(t *testing.T) {
	t.Parallel()
	c := replayed(t, func(c *mongo.Collection) {
		insert(t, c, by("_id", "a"), by("_id", "b"), by("_id", "c"))
		want(t, c, in("a", "b", "none"), []string{"a", "b"})
		want(t, c, by("_id", "c"), []string{"c"})
		insert(t, c, append(by("_id", "d"), bson.E{Key: "of", Value: "x"}), append(by("_id", "e"), bson.E{Key: "of", Value: "y"}))
		want(t, c, append(by("of", by("$in", []string{"x", "y"})), in("d", "e")...), []string{"d", "e"})
	})
	want(t, c, in("b"), []string{"b"})
	want(t, c, in("a", "c"), []string{"a", "c"})
	want(t, c, by("_id", "a"), []string{"a"})
	want(t, c, in("none"), []string{})
	want(t, c, append(by("of", by("$in", []string{"y"})), in("e")...), []string{"e"}) // the lists go together
	wantUnknown(t, c, append(by("of", by("$in", []string{"y"})), in("e", "d", "a")...), "_id of", "a")
	wantUnknown(t, c, in("a", "never"), "_id", things, "never")
}

func TestACommandFindsItsReplyByItsShapeAndItsValues(t *testing.T) {
	t.Parallel()
	after := func(at time.Time, of string) bson.D {
		return bson.D{{Key: "of", Value: of}, {Key: "at", Value: by("$gt", at)}}
	}
	c := replayed(t, func(c *mongo.Collection) {
		insert(t, c, append(by("_id", "a"), bson.E{Key: "of", Value: "x"}, bson.E{Key: "at", Value: noon}),
			append(by("_id", "b"), bson.E{Key: "of", Value: "y"}, bson.E{Key: "at", Value: noon}))
		want(t, c, after(noon.Add(-time.Hour), "x"), []string{"a"})
		want(t, c, after(noon.Add(-time.Hour), "y"), []string{"b"})
		want(t, c, by("of", by("$in", []string{"x", "y"})), []string{"a", "b"})
	})
	want(t, c, after(noon.Add(-time.Minute), "x"), []string{"a"}) // a time is no part of the question
	want(t, c, after(noon.Add(-time.Minute), "y"), []string{"b"})
	want(t, c, by("of", by("$in", []string{"y", "x"})), []string{"a", "b"}) // nor is an order that says nothing
	wantUnknown(t, c, after(noon, "z"), "find", things, "of", "z")
	wantUnknown(t, c, by("size", 3), "find", things, "size")
	wantUnknown(t, c, by("of", by("$gt", "x")), "$gt")
	if _, err := find(t, c, after(noon, "x"), options.Find().SetLimit(1)); err == nil {
		t.Error("a limit that was never recorded is answered")
	}
	if _, err := c.Distinct(t.Context(), "of", bson.D{}).Raw(); err == nil || !strings.Contains(err.Error(), "distinct") {
		t.Errorf("a command that was never recorded: %v", err)
	}
}

func TestWritesAreAnsweredAndChangeNothing(t *testing.T) {
	t.Parallel()
	set := func(to int) bson.D { return by("$set", by("n", to)) }
	c := replayed(t, func(c *mongo.Collection) {
		insert(t, c, append(by("_id", "a"), bson.E{Key: "n", Value: 1}))
		want(t, c, by("n", 1), []string{"a"})
		if _, err := c.UpdateOne(t.Context(), by("_id", "a"), set(2)); err != nil {
			t.Fatal(err)
		}
		want(t, c, by("n", 1), []string{})
	})
	for n := range 3 {
		r, err := c.UpdateOne(t.Context(), by("_id", "another"), set(n))
		if err != nil || r.MatchedCount != 1 {
			t.Errorf("the write is answered with %+v, %v", r, err)
		}
	}
	want(t, c, by("n", 1), []string{"a"})
}

// An effect has a new id each time, also in the names of fields.
func TestAnEffectIsTheSameUnderAnotherID(t *testing.T) {
	t.Parallel()
	done := func(c *mongo.Collection, effect string) error {
		_, err := c.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "a"}, {Key: "effects." + effect + "_00", Value: by("$exists", true)}}, by("$unset", by("effects."+effect+"_00", "")))
		return err
	}
	c := replayed(t, func(c *mongo.Collection) {
		insert(t, c, by("_id", "a"))
		if err := done(c, "eff_01m8rqkqg0emjtmgjdwwkdc6dc"); err != nil {
			t.Fatal(err)
		}
	})
	if err := done(c, "eff_01m8rqkqg0fm99da8vh8c5j3m5"); err != nil {
		t.Error(err)
	}
}

// A recorder hears what comes in pieces, and each reply belongs to its request.
func TestARecorderHearsWhatComesInPieces(t *testing.T) {
	t.Parallel()
	var recorder replay.Recorder
	db := testkit.DB(t, testkit.WithoutGuard(things), testkit.WithDialer(func(d testkit.Dialer) testkit.Dialer {
		return crumbling{recorder.Dialer(crumbling{d})}
	}))
	insert(t, db.Collection(things), by("_id", "a"))
	want(t, db.Collection(things), by("_id", "a"), []string{"a"})
	heard := map[string]int{}
	for _, s := range recorder.Said() {
		first, err := s.Command.IndexErr(0)
		if err != nil {
			t.Fatal(err)
		}
		field, isSaid := map[string]string{"insert": "n", "find": "cursor"}[first.Key()]
		if _, err := s.Reply.LookupErr(field); isSaid && err != nil {
			t.Errorf("%s is answered with %s", s.Command, s.Reply)
		}
		heard[first.Key()]++
	}
	if heard["insert"] != 1 || heard["find"] != 1 {
		t.Errorf("heard %v", heard)
	}
}

// crumbling makes connections on which little is read and written at a time.
type crumbling struct{ testkit.Dialer }

func (d crumbling) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.Dialer.DialContext(ctx, network, address)
	return crumbs{conn}, err
}

type crumbs struct{ net.Conn }

func (c crumbs) Read(p []byte) (int, error) { return c.Conn.Read(p[:min(len(p), 3)]) }

func (c crumbs) Write(p []byte) (int, error) {
	for i := range p {
		if _, err := c.Conn.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}
