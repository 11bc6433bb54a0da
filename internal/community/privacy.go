package community

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/privacy"
	"faellesskab/internal/timer"
)

const (
	// eraseBatches is how many batches one step of an erasure erases: well below what a
	// timer has time for.
	eraseBatches = 20
	// eraseFirst is when the timer takes up an erasure. Whoever has asked for it waits
	// for it to be done, and is gone by then or has finished.
	eraseFirst = time.Minute
	// eraseAgain is when everything is looked at once more: what was under way may have
	// written something about the person, and what failed has been put aside. Nothing
	// is tried for as long as that.
	eraseAgain = time.Hour
	// eraseSteps is after how many steps an erasure has gone wrong.
	eraseSteps = 10_000
)

// erasure is a step of erasing a person.
type erasure struct {
	PersonID string
	Step     int
	Again    bool // it is the second look
}

func (e erasure) timer(at time.Time) timer.Timer {
	return timer.New("erase:"+e.PersonID+":"+strconv.Itoa(e.Step), privacy.TimerKind, at, e)
}

// registerErasure has an erasure carried out to its end, whichever process has begun it.
func (c *Community) registerErasure() {
	outbox.On(c.Outbox, person.EffectErased, "privacy.erasures", func(ctx context.Context, _ outbox.Call, a person.Erased) error {
		return c.Timers.Set(ctx, erasure{PersonID: a.PersonID}.timer(c.DB.Now().Add(eraseFirst)))
	})
	timer.On(c.Timers, privacy.TimerKind, c.eraseStep)
}

func (c *Community) eraseStep(ctx context.Context, e erasure) error {
	left, err := c.Privacy.Erase(ctx, e.PersonID, eraseBatches)
	at := c.DB.Now()
	switch {
	case left && e.Step >= eraseSteps:
		return errors.Join(err, fmt.Errorf("%s is still not erased after %d steps", e.PersonID, e.Step))
	case left && ctx.Err() == nil: // what has failed fails again when it is all that is left
	case err != nil:
		return err
	case e.Again:
		return nil
	default:
		e.Again = true
		at = at.Add(eraseAgain)
	}
	e.Step++
	return c.Timers.Set(ctx, e.timer(at))
}

// Erase erases a person: what the register says goes, and nothing else. It returns when
// everything has been gone through; should it fail, or the process die, timers go on, and
// they look once more an hour later. Somebody who has been erased already is gone through
// once more. Returns NotFound for an unknown person, and Conflict for the last admin.
func (c *Community) Erase(ctx context.Context, personID string) error {
	if err := c.People.EraseAsOperator(ctx, personID); err != nil {
		return err
	}
	// What comes of erasing one collection, such as an effect, may be in another: so all
	// are gone through twice.
	for range 2 {
		for step := 0; ; step++ {
			left, err := c.Privacy.Erase(ctx, personID, eraseBatches)
			if err != nil {
				return err
			}
			if !left {
				break
			}
			if step >= eraseSteps {
				return fmt.Errorf("%s is still not erased after %d steps", personID, step)
			}
		}
	}
	return nil
}

// Export writes what is kept about a person as JSON. Returns NotFound for an unknown
// person; of one who has been erased it is what the register says is left.
func (c *Community) Export(ctx context.Context, personID string, w io.Writer) error {
	found, err := c.People.Load(ctx, []string{personID})
	if err != nil {
		return err
	}
	if found[personID] == nil {
		return fault.NotFound("person.not_found")
	}
	return c.Privacy.Export(ctx, personID, c.DB.Now(), w)
}

// CheckCollections refuses a database with collections that the register of privacy does
// not know.
func (c *Community) CheckCollections(ctx context.Context) error {
	names, err := c.DB.Collections(ctx)
	if err != nil {
		return err
	}
	return c.Privacy.Check(names)
}
