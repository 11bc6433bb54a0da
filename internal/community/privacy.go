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
	// eraseBatches is how many batches one step of an erasure erases, which is well below
	// what a timer has time for.
	eraseBatches = 20
	// eraseFirst is how long after its start a timer takes up an erasure. The call that
	// began it has finished or died by then.
	eraseFirst = time.Minute
	// eraseSteps is the number of steps after which an erasure counts as failed.
	eraseSteps = 10_000
)

// erasure is a step of erasing a person.
type erasure struct {
	PersonID string
	Step     int
	Again    bool // whether it is the second look
}

func (e erasure) timer(at time.Time) timer.Timer {
	return timer.New("erase:"+e.PersonID+":"+strconv.Itoa(e.Step), privacy.TimerKind, at, e)
}

// registerErasure registers the handlers that carry an erasure to its end, even if another process has begun it.
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
	case left && ctx.Err() == nil: // go on; a failure is returned once nothing else is left
	case err != nil:
		return err
	case e.Again:
		return nil
	default:
		e.Again = true
		at = at.Add(privacy.LooksAgain)
	}
	e.Step++
	return c.Timers.Set(ctx, e.timer(at))
}

// Erase erases a person, exactly as the register says. It returns when all collections are erased. If it fails,
// or the process dies, timers go on, and they look once more after privacy.LooksAgain. For a person who has been erased
// already it does so once more. Returns NotFound for an unknown person, and Conflict for the last admin.
func (c *Community) Erase(ctx context.Context, personID string) error {
	if err := c.People.EraseAsOperator(ctx, personID); err != nil {
		return err
	}
	// Erasing one collection may write into another, an effect for example, so all are erased twice.
	for range 2 {
		if err := c.eraseRound(ctx, personID); err != nil {
			return err
		}
	}
	return nil
}

// eraseRound goes through all collections. What fails in one step is tried again in the next, and told in the last.
func (c *Community) eraseRound(ctx context.Context, personID string) error {
	for range eraseSteps {
		if left, err := c.Privacy.Erase(ctx, personID, eraseBatches); !left || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
	}
	return fmt.Errorf("%s is still not erased after %d steps", personID, eraseSteps)
}

// Export writes what is kept about a person as JSON; for an erased person that is what the register says is left.
// Returns NotFound for an unknown person.
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

// CheckCollections refuses a database with collections that the register of privacy does not know.
func (c *Community) CheckCollections(ctx context.Context) error {
	names, err := c.DB.Collections(ctx)
	if err != nil {
		return err
	}
	return c.Privacy.Check(names)
}
