package idempotency_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/testkit"
)

const (
	key1 = "11111111-1111-4111-8111-111111111111"
	key2 = "22222222-2222-4222-8222-222222222222"
)

// do is a mutation that writes nothing and returns how often it has run.
func do(ctx context.Context, w *ct.World, key string, input any, ran *atomic.Int64, err error) (int64, error) {
	call := idempotency.Call{Operation: "test", Key: &key, Input: input}
	return idempotency.Do(ctx, w.Keys, call, func(context.Context, idempotency.Token) (int64, error) {
		return ran.Add(1), err
	})
}

func TestSameKeySameAnswer(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	var ran atomic.Int64
	anna, bo := w.Stranger("anna"), w.Stranger("bo")
	for range 3 {
		if n, err := do(anna, w, key1, "x", &ran, nil); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	_, err := do(anna, w, key1, "y", &ran, nil)
	if !fault.HasCode(err, fault.CodeIdempotencyKeyReused) {
		t.Errorf("another input: %v", err)
	}
	call := idempotency.Call{Operation: "other", Key: ptr(key1), Input: "x"}
	_, err = idempotency.Do(anna, w.Keys, call, func(context.Context, idempotency.Token) (int64, error) { return 0, nil })
	if !fault.HasCode(err, fault.CodeIdempotencyKeyReused) {
		t.Errorf("another operation: %v", err)
	}
	if n, err := do(bo, w, key1, "y", &ran, nil); n != 2 || err != nil {
		t.Errorf("another person's key: %d, %v", n, err)
	}
	if n, err := do(anna, w, key2, "x", &ran, nil); n != 3 || err != nil {
		t.Errorf("another key: %d, %v", n, err)
	}
	if n, err := do(anna, w, "", "x", &ran, nil); n != 4 || err != nil {
		t.Errorf("no key: %d, %v", n, err)
	}
}

func ptr(s string) *string { return &s }

func TestMalformedKeysAreRefused(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	var ran atomic.Int64
	for _, key := range []string{"x", "11111111-1111-4111-8111-11111111111", "{11111111-1111-4111-8111-111111111111}",
		"urn:uuid:11111111-1111-4111-8111-111111111111", "11111111111141118111111111111111", "$where.a"} {
		_, err := do(w.Stranger("anna"), w, key, "x", &ran, nil)
		ct.WantKey(t, err, "mutation_id.bad")
	}
	if ran.Load() != 0 {
		t.Error("carried out")
	}
}

// Fifty calls at once under one key make one group, and all get the same answer.
func TestFiftyAtOnceAreOne(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.As("anna")
	var wg sync.WaitGroup
	answers := make([]string, 50)
	for i := range answers {
		wg.Go(func() {
			in := group.CreateInput{ClientMutationID: ptr(key1), Name: "Haven", Kind: group.KindAssociation,
				Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen}
			g, err := w.Groups.Create(ctx, in)
			if err != nil {
				t.Error(err)
				return
			}
			answers[i] = fmt.Sprint(g.ID, g.Name, g.Version, g.CreatedAt, g.LeaderIDs)
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a != answers[0] {
			t.Errorf("answers %s and %s", answers[0], a)
		}
	}
	if n := w.Count("groups"); n != 1 {
		t.Errorf("%d groups", n)
	}
}

func TestRefusalGivesTheKeyBackAndTroubleKeepsIt(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.Stranger("anna")
	var ran atomic.Int64
	_, err := do(ctx, w, key1, "x", &ran, fault.Conflict("group.exists"))
	ct.WantKey(t, err, "group.exists")
	if n, err := do(ctx, w, key1, "corrected", &ran, nil); n != 2 || err != nil {
		t.Errorf("after a refusal: %d, %v", n, err)
	}
	// If it is not known whether the write was made, a repeat finds out at once.
	_, err = do(ctx, w, key2, "x", &ran, fault.Unavailable("database.unavailable", nil))
	ct.WantKind(t, err, fault.KindUnavailable)
	if n, err := do(ctx, w, key2, "x", &ran, nil); n != 4 || err != nil {
		t.Errorf("after trouble: %d, %v", n, err)
	}
}

func TestKeysEndAfterADay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.Stranger("anna")
	var ran atomic.Int64
	must := func(want int64) {
		t.Helper()
		if n, err := do(ctx, w, key1, "x", &ran, nil); n != want || err != nil {
			t.Errorf("%d, %v, want %d", n, err, want)
		}
	}
	must(1)
	w.Clock.Advance(idempotency.Retention)
	must(1)
	w.Clock.Advance(time.Second)
	must(2) // the record has expired, and no purge has removed it
	must(2)
	w.Clock.Advance(idempotency.Retention + time.Second)
	if err := w.Keys.Purge(t.Context()); err != nil || w.Count("idempotency_keys") != 0 {
		t.Errorf("after the purge: %d keys, %v", w.Count("idempotency_keys"), err)
	}
	must(3)
}

// The process dies after its n-th write, for every n. The phone tries again
// under the same key, at once or after the lease, and gets the one answer.
func TestCrashAndTryAgain(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna", func(in *group.CreateInput) { in.JoinPolicy = group.JoinAsk })
			ctx := w.As("bo")
			in := group.JoinInput{GroupID: g.ID, ClientMutationID: ptr(key1)}
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(n)
			dying.Groups.Join(ctx, in)

			w.Clock.Advance(16 * time.Second)
			m, err := w.Groups.Join(ctx, in)
			if err != nil || m.State != group.StateRequested || m.Version != 1 {
				t.Fatalf("the second try: %+v, %v", m, err)
			}
			w.RunPending()
			if again := ct.Must(w.Groups.Join(ctx, in))(t); again.Version != 1 || len(again.History) != 1 {
				t.Errorf("the third try: %+v", again)
			}
			if w.Count("notify_jobs") != 1 || w.Count("group_memberships") != 2 {
				t.Errorf("%d causes, %d memberships", w.Count("notify_jobs"), w.Count("group_memberships"))
			}
			if _, p := w.Person("bo"); p.Groups[g.ID].Version != 1 {
				t.Errorf("bo's copy: %+v", p.Groups)
			}
		})
	}
}
