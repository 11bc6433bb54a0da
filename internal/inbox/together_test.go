package inbox

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"faellesskab/internal/auth"
)

// Whoever asks while a read is under way is answered by the next one, which is for all of them: never by the one that
// began before they asked.
func TestWhatIsAskedTogetherIsReadOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var reads [][]int
		goOn := make(chan struct{})
		x := newTogether(func(ctx context.Context, asked []int) (map[int]int, error) {
			if !auth.FromContext(ctx).IsAnonymous() {
				t.Error("it reads with the rights of one of those who ask")
			}
			reads = append(reads, asked)
			<-goOn
			return map[int]int{1: len(reads), 2: len(reads)}, ctx.Err()
		})
		ctx, leave := context.WithCancel(auth.WithViewer(t.Context(), auth.Viewer{PersonID: "p"}))
		var wg sync.WaitGroup
		asks := func(ctx context.Context, q, want int) {
			wg.Go(func() {
				if got, err := x.ask(ctx, q); got != want || err != nil && ctx.Err() == nil {
					t.Errorf("the answer to %d is of read %d (%v), want %d", q, got, err, want)
				}
			})
			synctest.Wait()
		}
		asks(t.Context(), 1, 1)
		wg.Go(func() { _, _ = x.ask(ctx, 1) }) // leads the next read, and leaves before it
		synctest.Wait()
		for range 50 {
			asks(t.Context(), 1, 2)
			asks(t.Context(), 2, 2)
		}
		leave()
		close(goOn)
		wg.Wait()
		if len(reads) != 2 || len(reads[1]) != 2 {
			t.Errorf("it read %v", reads)
		}
	})
}

// What fails for one of those who ask together does not fail for the others, and nobody waits for ever after a panic.
func TestAFailureIsOfWhoAsks(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("bad") }, "panic": func() error { panic("bad") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				goOn := make(chan struct{})
				x := newTogether(func(_ context.Context, asked []int) (map[int]int, error) {
					<-goOn
					for _, q := range asked {
						if q == 13 && len(asked) > 1 {
							return nil, fail()
						}
						if q == 13 {
							return nil, errors.New("bad")
						}
					}
					return map[int]int{1: 1, 2: 2}, nil
				})
				var wg sync.WaitGroup
				for _, q := range []int{1, 13, 2} {
					wg.Go(func() {
						got, err := x.ask(t.Context(), q)
						if (err != nil) != (q == 13) || q != 13 && got != q {
							t.Errorf("the answer to %d is %d (%v)", q, got, err)
						}
					})
					synctest.Wait()
				}
				close(goOn)
				wg.Wait()
			})
		})
	}
}
