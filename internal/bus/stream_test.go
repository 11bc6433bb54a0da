package bus_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/bus"
	"faellesskab/internal/testkit"
)

// A real change stream reports what another process writes, even if nothing was written for
// longer than one command may take.
func TestAChangeStreamOutlivesSilence(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	testkit.NeedsReplicaSet(t, db)
	log := &warnings{}
	b := bus.New(db, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn})))
	heard := make(chan []string, 10)
	b.Listen("notices", func(ids []string) { heard <- ids })
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { b.Run(ctx) })
	defer running.Wait()
	defer stop()
	wait := func(patience time.Duration) []string {
		t.Helper()
		select {
		case ids := <-heard:
			return ids
		case <-time.After(patience):
			t.Fatalf("nothing was told within %v; %s", patience, log)
			return nil
		}
	}
	if ids := wait(30 * time.Second); len(ids) != 0 {
		t.Fatalf("a stream that begins tells of %v", ids)
	}
	other := testkit.Reopen(t, db)
	for _, silence := range []time.Duration{0, 7 * time.Second} {
		time.Sleep(silence)
		id := "n" + silence.String()
		if _, err := other.Collection("notices").InsertOne(t.Context(), map[string]string{"_id": id}); err != nil {
			t.Fatal(err)
		}
		if ids := wait(2 * time.Second); len(ids) != 1 || ids[0] != id {
			t.Errorf("after %v the stream tells of %v, want %s", silence, ids, id)
		}
	}
	if said := log.String(); said != "" {
		t.Errorf("the stream broke: %s", said)
	}
}

// warnings collects what is logged.
type warnings struct {
	mu   sync.Mutex
	said []byte
}

func (w *warnings) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, p...)
	return len(p), nil
}

func (w *warnings) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.said)
}
