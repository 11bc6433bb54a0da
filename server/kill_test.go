package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"testing"
	"time"

	"faellesskab/internal/community"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/config"
	"faellesskab/internal/delivery"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
)

// TestFaultServerIsKilledAgainAndAgain kills a real server process with SIGKILL again and
// again, at random points of one job. In the end every phone has the push, and each kill has
// repeated no more pushes than may be in flight. The last kill comes when the last phone has
// just got its push.
func TestFaultServerIsKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	// 20,000 phones of 5,000 people are as many as the embedded database can cope with.
	crowd := communitytest.Crowd{Name: "crowd", People: testkit.Size(killPhones, 5_000), PhonesEach: testkit.Size(1, 4)}
	phones, kills := crowd.Phones(), testkit.Size(killTimes, 50)
	ctx, cancel := context.WithTimeout(context.Background(), testkit.Size(3*time.Minute, 45*time.Minute))
	defer cancel()
	chance := testkit.Random(t)
	r := newRig(ctx, t, crowd, phones+kills*delivery.DefaultInFlight)

	var ends []int // how many pushes had come when a process was killed
	p := r.start()
	h := &harness{t: t, url: p.url, tokens: map[string]string{}}
	h.readTokens()
	h.publishTo(r.groupID, "Fest")
	for left := kills; left > 0; left-- {
		if left > 1 {
			r.waitForMoment(chance, left)
		} else {
			r.waitForAll() // does not wait for the last checkpoint
		}
		p.kill(t)
		r.waitForLate()
		ends = append(ends, r.sim.Received())
		if left > 1 {
			p = r.start()
		}
	}
	r.drain()
	r.checkRepeats(ends)
}

// rig has the things that outlive the killed processes: a job for a crowd, its database and its
// simulator.
type rig struct {
	ctx      context.Context
	t        testing.TB
	sim      *fcmsim.Simulator
	endpoint string // of the simulator
	args     []string
	environ  []string
	groupID  string
	phones   int
}

// newRig makes a crowd, and a simulator that remembers the last keep pushes.
func newRig(ctx context.Context, t testing.TB, crowd communitytest.Crowd, keep int) *rig {
	t.Helper()
	r := &rig{ctx: ctx, t: t, sim: fcmsim.New(fcmsim.Options{Keep: keep}), phones: crowd.Phones(), args: []string{"-addr", "127.0.0.1:0", "-data", t.TempDir()}}
	endpoint, stop, err := fcmsim.Start(ctx, r.sim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	r.endpoint = endpoint
	r.environ = []string{"FCM_ENDPOINT=" + endpoint, "LOG_LEVEL=warn"}
	if uri := os.Getenv("MONGODB_URI"); uri != "" {
		r.args = append(r.args, "-allow-unsafe-development")
		r.environ = append(r.environ, "MONGODB_URI="+uri, "MONGODB_DATABASE=test_kill_"+id.New("db")[3:])
	} else {
		r.environ = append(r.environ, "PATH="+os.Getenv("PATH"))
	}
	t.Cleanup(r.drop)
	r.open(func(c *community.Community) { r.groupID = addCrowd(ctx, t, c, crowd) })
	return r
}

// open works on the database while no server uses it.
func (r *rig) open(work func(c *community.Community)) {
	r.t.Helper()
	r.withDB(func(db *mongodb.DB, cfg config.Config) { r.withCommunity(db, cfg, work) })
}

// drop removes the database, which may be one of a server that other tests use.
func (r *rig) drop() {
	r.withDB(func(db *mongodb.DB, _ config.Config) {
		if err := db.Drop(context.Background()); err != nil {
			r.t.Error(err)
		}
	})
}

func (r *rig) withDB(work func(db *mongodb.DB, cfg config.Config)) {
	r.t.Helper()
	cfg, err := config.Load(r.args, r.environ)
	if err != nil {
		r.t.Fatal(err)
	}
	db, err := openDatabase(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() {
		if err := db.Close(context.Background()); err != nil {
			r.t.Error(err)
		}
	}()
	work(db.DB, cfg)
}

func (r *rig) withCommunity(db *mongodb.DB, cfg config.Config, work func(c *community.Community)) {
	r.t.Helper()
	sender, err := push.NewFCM(r.ctx, push.Options{ProjectID: "test", Endpoint: cfg.FCMEndpoint, InsecureEndpoint: true})
	if err != nil {
		r.t.Fatal(err)
	}
	defer sender.Close()
	c := community.New(community.Options{DB: db, Sender: sender, Log: slog.New(slog.DiscardHandler), Owner: "test"})
	if _, err := mongodb.SyncIndexes(r.ctx, db, c.Indexes()); err != nil {
		r.t.Fatal(err)
	}
	work(c)
}

func (r *rig) start() *process {
	r.t.Helper()
	return startProcess(r.ctx, r.t, r.args, r.environ)
}

// waitForMoment waits for the moment of a kill. Usually that is some pushes later, and now and
// then a while after the start. It leaves enough of the job for later kills.
func (r *rig) waitForMoment(chance *rand.Rand, killsLeft int) {
	r.t.Helper()
	if chance.IntN(4) == 0 {
		time.Sleep(time.Duration(chance.Int64N(int64(time.Second))))
		return
	}
	left := r.phones - r.sim.Devices()
	if left == 0 {
		return
	}
	if err := r.sim.WaitFor(r.ctx, r.sim.Received()+1+chance.IntN(left/killsLeft+1)); err != nil {
		r.t.Fatal(err)
	}
}

// waitForLate waits for the pushes that were still on their way when the process died. Otherwise
// they would be counted for the next one.
func (r *rig) waitForLate() {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.ctx, http.MethodGet, r.endpoint, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	// Connections are accepted in turn, so once this one is served, all earlier ones are.
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	_ = response.Body.Close()
	if err := r.sim.WaitAlone(r.ctx); err != nil {
		r.t.Fatal(err)
	}
}

// waitForAll waits until every phone has got a push.
func (r *rig) waitForAll() {
	r.t.Helper()
	for r.sim.Devices() < r.phones {
		if err := r.sim.WaitFor(r.ctx, r.sim.Received()+1); err != nil {
			r.t.Fatalf("%d of %d phones got the push: %v", r.sim.Devices(), r.phones, err)
		}
	}
}

// drain works until no part of the job is left, so that late repeats are counted too.
func (r *rig) drain() {
	r.t.Helper()
	queued := map[string]any{"state": "QUEUED"}
	r.open(func(c *community.Community) {
		for {
			if err := c.Notifier.Drain(r.ctx); err != nil {
				r.t.Fatal(err)
			}
			n, err := c.DB.Collection("notify_chunks").CountDocuments(r.ctx, queued)
			if err != nil {
				r.t.Fatal(err)
			}
			if n == 0 {
				return
			}
			time.Sleep(time.Second) // until the leases of the dead processes end
		}
	})
}

// checkRepeats checks, for each life of the server between two kills, how many of its pushes
// were sent again later, and that these had the same collapse id.
func (r *rig) checkRepeats(ends []int) {
	r.t.Helper()
	repeats, life := make([]int, len(ends)+1), 0 // the last life is the test's own
	last := map[string]int{}                     // for each phone the life in which it last got the push
	collapse := map[string]string{}
	for i, p := range r.sim.Pushes() {
		for life < len(ends) && i >= ends[life] {
			life++
		}
		if before, again := last[p.Device]; again {
			repeats[before]++
			if collapse[p.Device] != p.Tag || p.Tag == "" {
				r.t.Errorf("%s got pushes that do not collapse: %q and %q", p.Device, collapse[p.Device], p.Tag)
			}
		}
		last[p.Device], collapse[p.Device] = life, p.Tag
	}
	r.t.Logf("%d kills over %d phones repeated %d pushes; by kill: %v", len(ends), r.phones, r.sim.Received()-r.phones, repeats[:len(ends)])
	for i, n := range repeats {
		if n > delivery.DefaultInFlight || i == len(ends) && n > 0 {
			r.t.Errorf("%d pushes were repeated after kill %d, want at most %d, and none that the test sent itself", n, i+1, delivery.DefaultInFlight)
		}
	}
	if len(last) != r.phones || r.sim.Received()-r.phones > len(ends)*delivery.DefaultInFlight {
		r.t.Errorf("%d of %d phones got the push, %d pushes were repeated in %d kills", len(last), r.phones, r.sim.Received()-r.phones, len(ends))
	}
}
