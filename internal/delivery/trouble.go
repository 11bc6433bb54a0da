package delivery

import (
	"context"
	"errors"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

// Troubles are the part of a job or a chunk that says how often it has failed.
type Troubles struct {
	// Tries is how often it has failed since it last made progress.
	Tries int `bson:"tries,omitempty"`
	// Begun is how often it was taken up since a worker last recorded an outcome. It
	// finds items that kill their process, which then records nothing.
	Begun  int        `bson:"begun,omitempty"`
	Error  string     `bson:"error,omitempty"` // the last failure
	DiedAt *time.Time `bson:"diedAt,omitempty"`
}

// errSilent says that every process that took up an item ended without recording an
// outcome.
var errSilent = errors.New("the processes that took it up ended without a word")

// item is a job or a chunk.
type item interface {
	letter() dead.Letter
	held() (*mongodb.Lease, *Troubles)
	collection() string
	docID() string
}

func (j *job) held() (*mongodb.Lease, *Troubles)   { return &j.Lease, &j.Troubles }
func (j *job) collection() string                  { return jobs }
func (j *job) docID() string                       { return j.Key }
func (c *chunk) held() (*mongodb.Lease, *Troubles) { return &c.Lease, &c.Troubles }
func (c *chunk) collection() string                { return chunks }
func (c *chunk) docID() string                     { return c.ID }

// fail acts on an error with an item: the item is put off, or put aside after too many
// tries, or left alone if another worker has taken it over. Returns an error only if
// that could not be recorded, or if this process is stopping. The item's lease then ends
// by itself.
func (n *Notifier) fail(ctx context.Context, err error, it item) error {
	if err == nil || errors.Is(err, mongodb.ErrFenced) {
		return nil
	}
	if ctx.Err() != nil {
		return err
	}
	_, t := it.held()
	t.Tries++
	t.Error = dead.Text(err)
	l := it.letter()
	n.Log.WarnContext(ctx, "notification work failed", "item", l.ID, "kind", l.Kind, "tries", t.Tries, "error", err, "stack", fault.StackOf(err))
	if t.Tries < dead.MaxTries && !errors.Is(err, errSilent) {
		if errOff := n.store.putOff(ctx, it, dead.Wait(t.Tries)); errOff != nil {
			return errors.Join(err, errOff)
		}
		return nil
	}
	now := n.DB.Now()
	t.DiedAt, l.At = &now, now
	if errAside := n.store.putAside(ctx, it); errAside != nil {
		return errors.Join(err, errAside)
	}
	l.Raise(ctx, n.Log)
	return nil
}
