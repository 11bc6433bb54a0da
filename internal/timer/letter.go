package timer

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"faellesskab/internal/dead"
)

// letterSource is the part before the slash of the ids of timers put aside.
const letterSource = "timer"

// parcel is a timer that is put aside.
type parcel struct{ Key, Kind, Args string }

func (t *Timer) letter(now time.Time) dead.Letter {
	body, err := json.Marshal(parcel{t.Key, t.Kind, t.Args})
	if err != nil {
		panic(fmt.Sprintf("timer: %q does not marshal: %v", t.Key, err))
	}
	return dead.Letter{ID: letterSource + "/" + t.Key, Kind: t.Kind, About: t.Key, Tries: t.Failures, Error: t.Error, At: now, Body: string(body)}
}

// Letters are the timers that were put aside.
func (s *Timers) Letters() dead.Source { return letters{s} }

type letters struct{ *Timers }

// Name is the part before the slash of the letters' ids.
func (letters) Name() string { return letterSource }

// List are the letters, the latest first, up to limit.
func (l letters) List(ctx context.Context, limit int) ([]dead.Letter, error) {
	return l.letters.List(ctx, letterSource, limit)
}

// Get is one letter. Returns NotFound if there is none.
func (l letters) Get(ctx context.Context, id string) (*dead.Letter, error) {
	return l.letters.Get(ctx, id)
}

// Retry sets the timer again, due at once. Returns NotFound if there is none.
func (l letters) Retry(ctx context.Context, id string) error {
	found, err := l.letters.Get(ctx, id)
	if err != nil {
		return err
	}
	var p parcel
	if err := json.Unmarshal([]byte(found.Body), &p); err != nil {
		return fmt.Errorf("read dead letter %s: %w", strings.TrimPrefix(id, letterSource+"/"), err)
	}
	if err := l.Set(ctx, Timer{Key: p.Key, Kind: p.Kind, Args: p.Args, At: l.store.db.Now()}); err != nil {
		return err
	}
	return l.letters.Remove(ctx, id)
}
