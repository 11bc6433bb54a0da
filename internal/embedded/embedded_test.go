package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/goleak"

	"faellesskab/internal/embedded"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		writeUntilKilled(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

func TestTemporaryDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	a, b := connect(t, open(t, ""), true), connect(t, open(t, ""), true)
	if _, err := a.Collection("c").InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}}); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Collection("c").CountDocuments(t.Context(), bson.D{}); err != nil || n != 0 {
		t.Errorf("the other one has %d documents, %v", n, err)
	}
}

func TestDataOutlivesTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/new folder"
	first := open(t, dir)
	if _, err := connect(t, first, true).Collection("c").InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}}); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	c := connect(t, open(t, dir), true).Collection("c")
	if n, err := c.CountDocuments(t.Context(), bson.D{}); err != nil || n != 1 {
		t.Errorf("after a restart there are %d documents, %v", n, err)
	}
}

func TestFolderInUseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, dir)
	_, err := embedded.Open(t.Context(), embedded.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second server on the folder: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestFolderThatIsAFileIsRefused(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/file"
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Open(t.Context(), embedded.Options{Dir: path}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a file as data folder: %v", err)
	}
}

// A cursor that is read slowly must not keep others out.
func TestOpenCursorDoesNotBlockWrites(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		c := connect(t, open(t, dir), true).Collection("c")
		var docs []any
		for i := range 100 {
			docs = append(docs, bson.D{{Key: "_id", Value: i}})
		}
		if _, err := c.InsertMany(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
		cursor, err := c.Find(t.Context(), bson.D{}, options.Find().SetBatchSize(10))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for cursor.Next(t.Context()) {
			if n == 50 {
				if _, err := c.UpdateMany(t.Context(), bson.D{}, bson.D{{Key: "$set", Value: bson.D{{Key: "seen", Value: true}}}}); err != nil {
					t.Fatalf("temporary %t: update while a cursor is open: %v", dir == "", err)
				}
			}
			n++
		}
		if cursor.Err() != nil || n != 100 {
			t.Errorf("temporary %t: the cursor gave %d documents, %v", dir == "", n, cursor.Err())
		}
	}
}

// winners lets many people try to take the last seat of each of several things at once, through as
// many connections. most is the largest number of people who got the same seat.
func winners(t *testing.T, db *mongo.Database, seats, people int) (most int) {
	t.Helper()
	c := db.Collection("seats")
	for seat := range seats {
		if _, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: seat}, {Key: "left", Value: 1}}); err != nil {
			t.Fatal(err)
		}
		var won atomic.Int64
		var ready, all sync.WaitGroup
		ready.Add(people)
		for range people {
			all.Go(func() {
				ready.Done()
				ready.Wait()
				r, err := c.UpdateOne(t.Context(),
					bson.D{{Key: "_id", Value: seat}, {Key: "left", Value: bson.D{{Key: "$gt", Value: 0}}}},
					bson.D{{Key: "$inc", Value: bson.D{{Key: "left", Value: -1}}}})
				if err != nil {
					return // SQLite may be busy, and that person has not got the seat
				}
				won.Add(r.ModifiedCount)
			})
		}
		all.Wait()
		most = max(most, int(won.Load()))
		if won.Load() == 0 {
			t.Errorf("nobody got seat %d", seat)
		}
	}
	return most
}

func TestOneWinsTheLastSeat(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		if most := winners(t, connect(t, open(t, dir), true), 20, 50); most != 1 {
			t.Errorf("temporary %t: %d people got one seat", dir == "", most)
		}
	}
}

// This is the reason for the dialer. If it ever fails because only one person gets the seat, the
// database has become better, and the dialer may go.
func TestWithoutTurnsSeveralWinTheLastSeat(t *testing.T) {
	t.Parallel()
	db := connect(t, open(t, ""), false)
	for range 20 {
		if winners(t, db.Client().Database("x"+bson.NewObjectID().Hex()), 10, 50) > 1 {
			return
		}
	}
	t.Error("only one ever won, also through plain connections")
}

const writerDir = "EMBEDDED_TEST_WRITER_DIR"

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), writerDir+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if acknowledged++; acknowledged == 100 {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait()
	if acknowledged < 100 {
		t.Fatalf("the writer stopped after %d writes", acknowledged)
	}
	c := connect(t, open(t, dir), true).Collection("c")
	n, err := c.CountDocuments(t.Context(), bson.D{})
	if err != nil || int(n) < acknowledged {
		t.Errorf("of %d acknowledged documents %d are there, %v", acknowledged, n, err)
	}
}

func writeUntilKilled(dir string) {
	ctx := context.Background()
	s, err := embedded.Open(ctx, embedded.Options{Dir: dir})
	if err != nil {
		panic(err)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI()).SetDialer(s.Dialer()))
	if err != nil {
		panic(err)
	}
	for i := 0; ; i++ {
		if _, err := client.Database("test").Collection("c").InsertOne(ctx, bson.D{{Key: "_id", Value: i}}); err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}

func open(t testing.TB, dir string) *embedded.Server {
	t.Helper()
	s, err := embedded.Open(t.Context(), embedded.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func connect(t testing.TB, s *embedded.Server, turns bool) *mongo.Database {
	t.Helper()
	o := options.Client().ApplyURI(s.URI()).SetMaxPoolSize(50).SetTimeout(20 * time.Second)
	if turns {
		o.SetDialer(s.Dialer())
	}
	client, err := mongo.Connect(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = client.Disconnect(ctx)
	})
	return client.Database("test")
}
