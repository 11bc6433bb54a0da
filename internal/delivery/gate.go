package delivery

import (
	"context"
	"sync"
	"time"

	"faellesskab/internal/push"
)

const (
	// quotaAMinute is 80 % of what Firebase allows a project each minute, for all
	// replicas together. https://firebase.google.com/docs/cloud-messaging/throttling-and-quotas
	quotaAMinute = 480_000
	// quotaBlock is how many pushes of the minute a worker takes at a time.
	quotaBlock = 500
	// platformPause is how long a platform rests after its service has refused
	// Firebase.
	platformPause = 5 * time.Minute
	// restAtMost is how long a push waits for a platform that rests. After a day it
	// is too old to be sent.
	restAtMost = 24 * time.Hour
	// lookEvery is how long a worker trusts its last look at the pauses.
	lookEvery = time.Second
)

// everything names the gate that all pushes pass.
const everything push.Platform = "ALL"

// gates say what may be sent now. They are kept in the database, so that what Firebase
// tells one replica holds for all.
type gates struct {
	store  store
	mu     sync.Mutex
	looked time.Time
	until  map[push.Platform]time.Time
	minute time.Time // the minute whose quota pushes were taken from
	left   int       // how many of the pushes taken are left
}

// closed is the instant until which nothing may be sent to a platform; zero if there is
// no pause.
func (g *gates) closed(ctx context.Context, p push.Platform) (time.Time, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.store.db.Now()
	if age := now.Sub(g.looked); g.until == nil || age < 0 || age >= lookEvery {
		until, err := g.store.pauses(ctx)
		if err != nil {
			return time.Time{}, err
		}
		g.until, g.looked = until, now
	}
	if until := g.until[p]; until.After(now) {
		return until, nil
	}
	return time.Time{}, nil
}

// close stops all replicas from sending to a platform for a while.
func (g *gates) close(ctx context.Context, p push.Platform, wait time.Duration) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = nil
	return g.store.pause(ctx, p, g.store.db.Now().Add(wait))
}

// spend takes n pushes of the quota; false if the minute has none left.
func (g *gates) spend(ctx context.Context, n int) (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	minute := g.store.db.Now().Truncate(time.Minute)
	if !g.minute.Equal(minute) {
		g.minute, g.left = minute, 0
	}
	for g.left < n {
		used, err := g.store.takeQuota(ctx, minute, quotaBlock)
		if err != nil {
			return false, err
		}
		if used > quotaAMinute {
			return false, nil
		}
		g.left += quotaBlock
	}
	g.left -= n
	return true, nil
}
