package timer

import (
	"context"
	"encoding/json"
	"fmt"
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
func (s *Timers) Letters() dead.Source {
	return letters{dead.Shelf{Store: s.letters, Of: letterSource}, s}
}

type letters struct {
	dead.Shelf
	*Timers
}

// Retry sets the timer again, due at once. Returns NotFound if no such timer was put
// aside.
func (l letters) Retry(ctx context.Context, id string) error {
	var p parcel
	if err := l.Open(ctx, id, &p); err != nil {
		return err
	}
	if err := l.Set(ctx, Timer{Key: p.Key, Kind: p.Kind, Args: p.Args, At: l.store.db.Now()}); err != nil {
		return err
	}
	return l.Remove(ctx, id)
}
