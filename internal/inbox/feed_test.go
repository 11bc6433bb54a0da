package inbox

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A thing in demand is written many times a second. Those who have unread news of it do not count each time, and
// do not miss the last.
func TestWhatIsInDemandIsCountedNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &feed{listeners: map[string]map[*listener]struct{}{}, watched: map[string]map[*listener]struct{}{}}
		ctx, cancel := context.WithCancel(t.Context())
		l := f.join(ctx, "bo")
		f.watched["fest"] = map[*listener]struct{}{l: {}}
		var writes, looks, seen atomic.Int32
		l.start(func(context.Context) error {
			looks.Add(1)
			seen.Store(writes.Load())
			return nil
		}, func() {})
		synctest.Wait()
		for range 1000 {
			writes.Add(1)
			f.written([]string{"fest"})
			synctest.Wait()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Minute)
		if looks.Load() != 3 || seen.Load() != writes.Load() {
			t.Errorf("looked %d times, last after %d of %d writes; want the first look, one at once and one after the rest", looks.Load(), seen.Load(), writes.Load())
		}
		f.written([]string{"fest"})
		synctest.Wait()
		if looks.Load() != 4 {
			t.Error("whoever has rested is not woken at once")
		}
		cancel()
		time.Sleep(time.Minute)
	})
}
