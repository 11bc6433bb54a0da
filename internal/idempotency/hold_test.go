package idempotency_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/testkit"
)

// untilAnotherMay is longer than a call may take before another may take its place.
const untilAnotherMay = 16 * time.Second

func retryAfter(err error) time.Duration {
	f, _ := errors.AsType[*fault.Error](err)
	if f == nil {
		return 0
	}
	return f.RetryAfter
}

// A call sleeps until another has taken its place, and then is refused. The other is still under way, so a third
// has to wait for it.
func TestARefusedCallLeavesTheHoldOfAnotherAlone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.Stranger("anna")
	call := idempotency.Call{Operation: "test", Key: ptr(key1), Input: "x"}
	inside, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	_, err := idempotency.Do(ctx, w.Keys, call, func(context.Context, idempotency.Token) (int64, error) {
		w.Clock.Advance(untilAnotherMay)
		go func() {
			defer close(ended)
			n, err := idempotency.Do(ctx, w.Keys, call, func(context.Context, idempotency.Token) (int64, error) {
				close(inside)
				<-goOn
				return 2, nil
			})
			if n != 2 || err != nil {
				t.Errorf("the second: %d, %v", n, err)
			}
		}()
		<-inside
		return 0, fault.Conflict("group.exists")
	})
	ct.WantKey(t, err, "group.exists")
	var ran atomic.Int64
	short, cancel := context.WithTimeout(ctx, 1200*time.Millisecond)
	defer cancel()
	_, err = do(short, w, key1, "x", &ran, nil)
	ct.WantKey(t, err, "mutation_id.in_flight")
	close(goOn)
	<-ended
	if n, err := do(ctx, w, key1, "x", &ran, nil); n != 2 || err != nil || ran.Load() != 0 {
		t.Errorf("the third: %d, %v, and ran %d times", n, err, ran.Load())
	}
}

// Two processes carry out one call. Whoever comes second is refused by what the first has done, and gets its answer:
// B has taken the place of A, which slept.
func TestWhoComesSecondGetsTheAnswerOfTheFirst(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{"A is first": "A", "B is first": "B"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			ctx := w.Stranger("anna")
			doc := outbox.Ref{Collection: "groups", ID: "grp_none"}
			call := idempotency.Call{Operation: "test", Key: ptr(key1), Input: "x", On: []outbox.Ref{doc}}
			decide := func(token idempotency.Token) (string, error) {
				return first, w.Outbox.Commit(ctx, doc, token.Outcome(first), func(outbox.Batch) error { return nil })
			}
			refused := fault.Conflict("group.exists")
			a, err := idempotency.Do(ctx, w.Keys, call, func(_ context.Context, ofA idempotency.Token) (string, error) {
				w.Clock.Advance(untilAnotherMay)
				b, err := idempotency.Do(ctx, w.Keys, call, func(_ context.Context, ofB idempotency.Token) (string, error) {
					if first == "B" {
						return decide(ofB)
					}
					if _, err := decide(ofA); err != nil {
						return "", err
					}
					return "", refused
				})
				if b != first || err != nil {
					t.Errorf("B: %q, %v", b, err)
				}
				if first == "B" {
					return "", refused
				}
				return first, nil
			})
			if a != first || err != nil {
				t.Errorf("A: %q, %v", a, err)
			}
			again, err := idempotency.Do(ctx, w.Keys, call, func(context.Context, idempotency.Token) (string, error) { return "again", nil })
			if again != first || err != nil {
				t.Errorf("a repeat: %q, %v", again, err)
			}
		})
	}
}

// Two outcomes of one call may come to be stored. The one that may have been told already stays.
func TestTheFirstOutcomeStays(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.Stranger("anna")
	doc := outbox.Ref{Collection: "groups", ID: "grp_none"}
	call := idempotency.Call{Operation: "test", Key: ptr(key1), Input: "x"}
	_, err := idempotency.Do(ctx, w.Keys, call, func(_ context.Context, token idempotency.Token) (int, error) {
		for n := range 2 {
			if err := w.Outbox.Commit(ctx, doc, token.Outcome(n+1), func(outbox.Batch) error { return nil }); err != nil {
				return 0, err
			}
		}
		return 1, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var ran atomic.Int64
	if n, err := do(ctx, w, key1, "x", &ran, nil); n != 1 || err != nil {
		t.Errorf("a repeat: %d, %v", n, err)
	}
}

// As long as a repeat would be told to wait, the number of seconds says how long.
func TestRetryAfterIsWhenARepeatMayGoOn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.Stranger("anna")
	call := idempotency.Call{Operation: "test", Key: ptr(key1), Input: "x"}
	crasher := testkit.NewCrasher()
	dying := w.Again(testkit.WithCrasher(crasher))
	_, err := idempotency.Do(ctx, dying.Keys, call, func(context.Context, idempotency.Token) (int64, error) {
		w.Clock.Advance(4 * time.Second)
		crasher.After(0)
		return 0, fault.Unavailable("database.unavailable", nil)
	})
	if got := retryAfter(err); got != 11*time.Second {
		t.Errorf("the call that could not let go: %v, %v", got, err)
	}
	w.Clock.Advance(5 * time.Second)
	short, cancel := context.WithTimeout(ctx, 1200*time.Millisecond)
	defer cancel()
	var ran atomic.Int64
	_, err = do(short, w, key1, "x", &ran, nil)
	ct.WantKey(t, err, "mutation_id.in_flight")
	if got := retryAfter(err); got != 6*time.Second {
		t.Errorf("a repeat meanwhile: %v, %v", got, err)
	}
	w.Clock.Advance(6*time.Second + time.Millisecond)
	if n, err := do(ctx, w, key1, "x", &ran, nil); n != 1 || err != nil {
		t.Errorf("a repeat then: %d, %v", n, err)
	}
}

// A call ends a moment before its caller's time does, so that the caller hears how it ended.
func TestACallEndsBeforeItsCallersTime(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx, cancel := context.WithTimeout(w.Stranger("anna"), 3*time.Second)
	defer cancel()
	call := idempotency.Call{Operation: "test", Key: ptr(key1), Input: "x"}
	_, err := idempotency.Do(ctx, w.Keys, call, func(inner context.Context, _ idempotency.Token) (int64, error) {
		theirs, ours := deadline(ctx, t), deadline(inner, t)
		if left := theirs.Sub(ours); left != time.Second {
			t.Errorf("%v are left for the answer", left)
		}
		return 0, nil
	})
	if err != nil {
		t.Error(err)
	}
	late, cancel := context.WithTimeout(w.Stranger("anna"), time.Second)
	defer cancel()
	var ran atomic.Int64
	_, err = do(late, w, key2, "x", &ran, nil)
	ct.WantKey(t, err, "request.timeout")
	if ran.Load() != 0 || w.Count("idempotency_keys") != 1 {
		t.Errorf("ran %d times, %d records", ran.Load(), w.Count("idempotency_keys"))
	}
}

func deadline(ctx context.Context, t *testing.T) time.Time {
	t.Helper()
	at, ok := ctx.Deadline()
	if !ok {
		t.Fatal("no deadline")
	}
	return at
}

// A UUID is the same in upper and lower case.
func TestKeysAreTheSameInUpperCase(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.Stranger("anna")
	type input struct{ ClientMutationID *string }
	lower := "abcdefab-1111-4111-8111-111111111111"
	for i, key := range []string{lower, strings.ToUpper(lower), "ABCDEFAB" + lower[8:]} {
		if w.Keys.NewID(ctx, &lower, "grp") != w.Keys.NewID(ctx, &key, "grp") {
			t.Errorf("%s makes another id", key)
		}
		call := idempotency.Call{Operation: "test", Key: &key, Input: input{&key}}
		n, err := idempotency.Do(ctx, w.Keys, call, func(context.Context, idempotency.Token) (int, error) { return i, nil })
		if n != 0 || err != nil {
			t.Errorf("%s: %d, %v", key, n, err)
		}
	}
}

// B takes the place of A, whose write comes late, and is refused by it. Whether that was the cause
// cannot be found out at the moment, so B does not say that nothing was done, and the outcome stays.
func TestWhoCannotLookWhyTheyAreRefusedForgetsNothing(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	ctx := w.As("anna")
	doc := outbox.Ref{Collection: "groups", ID: g}
	call := idempotency.Call{Operation: "test", Key: ptr(key1), Input: "x", On: []outbox.Ref{doc}}
	var ofA idempotency.Token
	_, err := idempotency.Do(ctx, w.Keys, call, func(_ context.Context, token idempotency.Token) (string, error) {
		ofA = token
		return "", fault.Unavailable("database.unavailable", nil)
	})
	ct.WantKey(t, err, "database.unavailable")
	var batch outbox.Batch
	_, err = idempotency.Do(ctx, w.Keys, call, func(context.Context, idempotency.Token) (string, error) {
		batch = w.Outbox.Batch(ofA.Outcome("done")...)
		ct.Must(w.DB.Collection("groups").UpdateOne(ctx, map[string]any{"_id": g}, outbox.Stamp(nil, batch)))(t)
		w.Set(ctx, "groups", g, map[string]any{"due": "cannot be read"})
		return "", fault.Conflict("group.exists")
	})
	ct.WantKind(t, err, fault.KindUnavailable)
	w.Set(ctx, "groups", g, map[string]any{"due": []string{batch.ID}})
	got, err := idempotency.Do(ctx, w.Keys, call, func(context.Context, idempotency.Token) (string, error) { return "again", nil })
	if got != "done" || err != nil {
		t.Errorf("a repeat: %q, %v", got, err)
	}
}
