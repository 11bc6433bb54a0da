package delivery_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/delivery"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
)

// runs lets a world's worker run until the test ends, or stop is called.
func runs(w *ct.World) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Notifier.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			w.T.Errorf("the worker ended: %v", err)
		}
	})
	w.T.Cleanup(stop)
	return stop
}

// goesOn lets a world's clock run with the machine's until the test ends. Tests in which
// workers run need that, since leases must end by themselves.
func goesOn(w *ct.World) {
	const tick = 50 * time.Millisecond
	ticker := time.NewTicker(tick)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				w.Clock.Advance(tick)
			case <-done:
				return
			}
		}
	}()
	w.T.Cleanup(func() { ticker.Stop(); close(done) })
}

// wantAll waits until n phones have their push and no chunk has work left.
func wantAll(w *ct.World, n int, patience time.Duration) {
	w.T.Helper()
	ctx, cancel := context.WithTimeout(w.T.Context(), patience)
	defer cancel()
	for w.Phones.Devices() < n {
		if err := w.Phones.WaitFor(ctx, w.Phones.Received()+1); err != nil {
			w.T.Fatalf("%d of %d phones got the push: %v", w.Phones.Devices(), n, err)
		}
	}
	for slices.ContainsFunc(w.Chunks(), func(c ct.Chunk) bool { return c.State != "DONE" }) {
		if ctx.Err() != nil {
			w.T.Fatalf("every phone has the push, and work is left: %+v", w.Chunks())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// wantRepeats checks the pushes that came more than once: there are at most so many, and
// each came under the same collapse id.
func wantRepeats(w *ct.World, most int) {
	w.T.Helper()
	keys := map[string]string{}
	repeats := 0
	for _, p := range w.Phones.Pushes() {
		key, again := keys[p.Device]
		if again {
			repeats++
		}
		if p.Tag == "" || again && key != p.Tag {
			w.T.Errorf("%s got pushes that do not collapse: %q and %q", p.Device, key, p.Tag)
		}
		keys[p.Device] = p.Tag
	}
	w.T.Logf("%d pushes to %d phones: %d repeated, at most %d allowed", w.Phones.Received(), len(keys), repeats, most)
	if repeats > most || w.Phones.Received() > len(keys)+most {
		w.T.Errorf("%d pushes were repeated, want at most %d", repeats, most)
	}
}

// Two workers share one job: every device is served, none twice, and both work. On a
// machine that is so busy that a call to the database or a lease runs out, a chunk is
// taken up anew, and the pushes that were on their way may come once more.
func TestFaultTwoWorkersServeNobodyTwice(t *testing.T) {
	t.Parallel()
	phones := testkit.Size(1_500, 5_000)
	var first, second testkit.Counter
	w := ct.New(t, testkit.WithCounter(&first))
	other := w.Again(testkit.WithCounter(&second))
	g, _ := w.Crowd(phones)
	w.Phones.ScriptAll(fcmsim.Slow(20 * time.Millisecond)) // slow enough to leave work for the second worker
	w.PublishedEvent("anna", g.ID, nil)
	first.Reset()
	goesOn(w)
	runs(w)
	runs(other)
	wantAll(w, phones, testkit.Size(3*time.Minute, 10*time.Minute))
	again := 0
	for _, c := range w.Chunks() {
		again += c.Fence - 1
	}
	wantRepeats(w, again*delivery.DefaultInFlight)
	if again > 0 {
		t.Logf("%d times a chunk was taken up anew", again)
	}
	for name, c := range map[string]*testkit.Counter{"first": &first, "second": &second} {
		if !slices.Contains(c.Commands(), "insert") {
			t.Errorf("the %s worker did nothing", name)
		}
	}
}

// The database goes away in the middle of a job and comes back. The same worker goes on
// by itself, and nothing is lost.
func TestFaultDatabaseGoesAndComesBack(t *testing.T) {
	t.Parallel()
	phones, gone := testkit.Size(1_500, 5_000), testkit.Size(2*time.Second, 10*time.Second)
	w := ct.New(t)
	g, _ := w.Crowd(phones)
	w.PublishedEvent("anna", g.ID, nil)
	crasher := testkit.NewCrasher()
	worker := w.Again(testkit.WithCrasher(crasher))
	goesOn(w)
	runs(worker)
	if err := w.Phones.WaitFor(t.Context(), phones/3); err != nil {
		t.Fatal(err)
	}
	crasher.After(0)
	time.Sleep(gone)
	before := w.Phones.Received()
	if before >= phones {
		t.Fatal("the database went too late")
	}
	crasher.Revive()
	back := time.Now()
	if err := w.Phones.WaitFor(t.Context(), before+1); err != nil {
		t.Fatal(err)
	}
	t.Logf("gone for %v after %d pushes; the next push came %v after its return", gone, before, time.Since(back).Round(time.Millisecond))
	wantAll(w, phones, testkit.Size(3*time.Minute, 10*time.Minute))
	times := 1 // repeats are allowed if the machine is too busy to answer in time
	for _, c := range w.Chunks() {
		times = max(times, c.Fence-1)
	}
	wantRepeats(w, times*delivery.DefaultInFlight)
}

// A worker that sleeps past its lease while it sends is refused when it wakes. The other
// worker's checkpoint stands, and the first one sends nothing more.
func TestFaultWorkerSleepsPastItsLease(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w, g := crowd(t, 30, m.Option())
	other := w.Again()
	w.PublishedEvent("anna", g.ID, nil)
	var atWork ct.Chunk
	m.Before("insert", "notice_ledger", func() { // the first pushes are sent, and in no checkpoint yet
		w.Clock.Advance(16 * time.Second)
		other.Drain()
		atWork = w.Chunks()[0]
	})
	w.Drain()
	c := w.Chunks()[0]
	if atWork.State != "DONE" || atWork.Sent != 30 || atWork.Fence != 2 {
		t.Errorf("the second worker left %+v", atWork)
	}
	if c.State != atWork.State || c.Sent != atWork.Sent || c.Fence != atWork.Fence {
		t.Errorf("the first wrote after it woke: %+v", c)
	}
	if w.Phones.Devices() != 30 {
		t.Errorf("%d phones", w.Phones.Devices())
	}
	wantRepeats(w, 10) // as many as a worker begins with
}

// A sender whose lease runs out while it is still reading its people notices that before
// it sends, so that nobody is told twice.
func TestFaultSenderIsSlowToBegin(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w, g := crowd(t, 30, m.Option())
	other := w.Again()
	w.PublishedEvent("anna", g.ID, nil)
	m.Before("find", "devices", func() {
		w.Clock.Advance(16 * time.Second)
		other.Drain()
	})
	w.Drain()
	if w.Phones.Devices() != 30 {
		t.Errorf("%d phones", w.Phones.Devices())
	}
	wantRepeats(w, 0)
}

// The primary steps down in the middle of a job. The same worker goes on with the next
// primary, and nothing is lost.
func TestFaultPrimaryStepsDown(t *testing.T) {
	w := ct.New(t) // not parallel: the other tests would feel it
	testkit.NeedsReplicaSet(t, w.DB)
	phones, times := testkit.Size(1_500, 5_000), testkit.Size(1, 5)
	// Slow enough that the job outlasts the primary, and slower while the primary waits for a member
	// that can be elected.
	usual, meanwhile := fcmsim.Slow(5*time.Millisecond), fcmsim.Slow(800*time.Millisecond)
	w.Phones.ScriptAll(usual)
	g, _ := w.Crowd(phones)
	w.PublishedEvent("anna", g.ID, nil)
	goesOn(w)
	runs(w.Again())
	for n := 1; n <= times; n++ {
		if err := w.Phones.WaitFor(t.Context(), n*phones/(times+1)); err != nil {
			t.Fatal(err)
		}
		w.Phones.ScriptAll(meanwhile)
		testkit.StepDown(t, w.DB)
		w.Phones.ScriptAll(usual)
		down, before := time.Now(), w.Phones.Received()
		if before >= phones {
			t.Fatal("the primary stepped down too late")
		}
		time.Sleep(time.Second) // until pushes that were on their way have come
		if err := w.Phones.WaitFor(t.Context(), w.Phones.Received()+1); err != nil {
			t.Fatal(err)
		}
		t.Logf("the next push came %v after the primary stepped down", time.Since(down).Round(time.Millisecond))
	}
	wantAll(w, phones, testkit.Size(time.Minute, 10*time.Minute))
	wantRepeats(w, times*delivery.DefaultInFlight)
}

// A worker that is told to stop finishes the pushes it has begun and lets go of the
// rest. The next worker goes on at once, and nothing is repeated.
func TestFaultWorkerIsToldToStop(t *testing.T) {
	t.Parallel()
	const phones = 200
	w := ct.New(t)
	g, _ := w.Crowd(phones)
	w.PublishedEvent("anna", g.ID, nil)
	w.Phones.ScriptAll(fcmsim.Slow(50 * time.Millisecond))
	goesOn(w)
	stop := runs(w.Again())
	if err := w.Phones.WaitFor(t.Context(), phones/4); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Millisecond) // until more pushes have begun
	stop()
	if w.Phones.Devices() >= phones {
		t.Fatal("it was told too late")
	}
	w.Phones.ScriptAll(fcmsim.OK())
	w.Drain() // goes on at once, since no lease is held
	if n := w.Phones.Devices(); n != phones {
		t.Errorf("%d of %d phones got the push", n, phones)
	}
	wantRepeats(w, 0)
}
