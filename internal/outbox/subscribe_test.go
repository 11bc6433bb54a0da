package outbox_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"faellesskab/internal/outbox"
)

// follow subscribes to a kind under several names. Each subscriber notes its name, or
// fails if the test says so.
func (b *box) follow(kind string, names ...string) {
	for _, name := range names {
		outbox.On(b.Outbox, kind, name, func(_ context.Context, call outbox.Call, what string) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.ran = append(b.ran, name+" "+what)
			return b.fails[name]
		})
	}
}

// later is another process on the same data, of another version of the program.
func (b *box) later() *box {
	next := &box{db: b.db, clock: b.clock, fails: map[string]error{}}
	next.Outbox = outbox.NewOutbox(b.db, slog.New(slog.DiscardHandler))
	next.Watch("things", "others")
	return next
}

func ended() []outbox.Effect { return []outbox.Effect{outbox.New("ended", "access")} }

func TestEachSubscriberIsRepeatedAlone(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.follow("ended", "seats", "feeds", "links")
	b.fails["feeds"] = errors.New("not now")
	batch := b.Batch(append(ended(), notes("after")...)...)
	b.insert(t, "things", "1", batch)
	_ = b.Follow(t.Context(), outbox.Ref{Collection: "things", ID: "1"}, batch)
	b.want(t, "seats access", "feeds access", "links access", "after")
	b.clock.Advance(time.Minute)
	if err := b.sweep(t); !errors.Is(err, b.fails["feeds"]) {
		t.Errorf("got %v", err)
	}
	b.want(t, "feeds access")
	delete(b.fails, "feeds")
	b.clock.Advance(time.Minute)
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "feeds access")
	b.clean(t, "things", "1")
}

// An effect outlives the version of the program that wrote it: its subscribers of
// today are called, and it does not wait for ever for one that no longer exists.
func TestAnEffectEndsWhoeverFollowsItNow(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.follow("ended", "seats", "gone")
	b.fails["gone"] = errors.New("never again")
	batch := b.Batch(ended()...)
	b.insert(t, "things", "1", batch)
	_ = b.Follow(t.Context(), outbox.Ref{Collection: "things", ID: "1"}, batch)
	b.want(t, "seats access", "gone access")
	next := b.later()
	next.follow("ended", "seats", "new")
	b.clock.Advance(time.Minute)
	if err := next.sweep(t); err != nil {
		t.Error(err)
	}
	next.want(t, "new access")
	if len(b.pending(t, "things", "1").Effects) != 1 {
		t.Error("a newer version may have the subscriber that is not here")
	}
	b.clock.Advance(24 * time.Hour)
	if err := next.sweep(t); err != nil {
		t.Error(err)
	}
	next.want(t)
	b.clean(t, "things", "1")
}

// An older version calls the subscribers that it knows, and leaves the others to the
// newer version.
func TestASubscriberOfANewerVersionIsWaitedFor(t *testing.T) {
	t.Parallel()
	older := newBox(t)
	older.follow("ended", "seats")
	newer := older.later()
	newer.follow("ended", "seats", "feeds")
	older.insert(t, "things", "1", newer.Batch(ended()...))
	if err := older.sweep(t); err != nil {
		t.Error(err)
	}
	older.want(t, "seats access")
	if err := newer.sweep(t); err != nil {
		t.Error(err)
	}
	newer.want(t, "feeds access")
	older.clean(t, "things", "1")
}

// A claim that fails holds back the effects after it in its batch; the document's
// other batches run.
func TestAClaimHoldsTheRestOfItsBatch(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fails["claim"] = errors.New("not now")
	claim := notes("claim")[0]
	claim.Clear = []string{"claim"}
	b.insert(t, "things", "1", b.Batch(claim, notes("told")[0]))
	b.setClaim(t, "1", "mine")
	b.clock.Advance(time.Second)
	b.stamp(t, "things", "1", b.Batch(notes("other")...))
	if err := b.sweep(t); !errors.Is(err, b.fails["claim"]) {
		t.Errorf("got %v", err)
	}
	b.want(t, "claim", "other")
	if got := b.claim(t, "1"); got != "mine" {
		t.Errorf("claim %q", got)
	}
	delete(b.fails, "claim")
	b.clock.Advance(time.Minute)
	if err := b.sweep(t); err != nil {
		t.Error(err)
	}
	b.want(t, "claim", "told")
	if got := b.claim(t, "1"); got != "" {
		t.Errorf("claim %q is left", got)
	}
	b.clean(t, "things", "1")
}

func TestSubscribersHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	follow := func(context.Context, outbox.Call, string) error { return nil }
	for name, wrong := range map[string]func(o *outbox.Outbox){
		"no name":  func(o *outbox.Outbox) { outbox.On(o, "k", "", follow) },
		"the same": func(o *outbox.Outbox) { outbox.On(o, "k", "a", follow); outbox.On(o, "k", "a", follow) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			wrong(outbox.NewOutbox(nil, nil))
		}()
	}
}
