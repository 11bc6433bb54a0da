package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// Letters are the causes and the chunks of pushes that were put aside after too many
// failures.
func (n *Notifier) Letters() []dead.Source {
	return []dead.Source{
		letters[job, *job]{n, "job", jobs},
		letters[chunk, *chunk]{n, "chunk", chunks},
	}
}

// letters lets the desk of dead letters see one collection of the notifier.
type letters[T any, P interface {
	*T
	item
}] struct {
	n                *Notifier
	name, collection string
}

// Name is the part of the letters' ids before the slash.
func (l letters[T, P]) Name() string { return l.name }

// List are the letters, the latest first.
func (l letters[T, P]) List(ctx context.Context, limit int) ([]dead.Letter, error) {
	found, err := deadOnes[T](ctx, l.n.store, l.collection, limit)
	list := make([]dead.Letter, len(found))
	for i, it := range found {
		list[i] = P(it).letter()
	}
	return list, err
}

// Get is one letter. Returns NotFound if there is none.
func (l letters[T, P]) Get(ctx context.Context, letterID string) (*dead.Letter, error) {
	it, err := one[T](ctx, l.n.store, l.collection, l.docID(letterID))
	if err != nil {
		return nil, err
	}
	if _, t := P(it).held(); t.DiedAt == nil {
		return nil, fault.NotFound("not_found")
	}
	letter := P(it).letter()
	return &letter, nil
}

// Retry queues a letter's job or chunk again. It goes on where it had stopped, and has
// all its tries. Returns NotFound if there is none.
func (l letters[T, P]) Retry(ctx context.Context, letterID string) error {
	if err := l.n.store.revive(ctx, l.collection, l.docID(letterID)); err != nil {
		return err
	}
	l.n.Bus.Tell(jobs, l.docID(letterID))
	return nil
}

func (l letters[T, P]) docID(letterID string) string { return strings.TrimPrefix(letterID, l.name+"/") }

func (t Troubles) letter(id string, kind notify.Kind, about string, body any) dead.Letter {
	raw, err := json.Marshal(body)
	if err != nil {
		raw = []byte(fmt.Sprintf("%q", err))
	}
	l := dead.Letter{ID: id, Kind: string(kind), About: about, Tries: t.Tries, Error: t.Error, Body: string(raw)}
	if t.DiedAt != nil {
		l.At = *t.DiedAt
	}
	return l
}

// letter names no people, only their number and how far the work had come.
func (j *job) letter() dead.Letter {
	audiences := make([]notify.AudienceKind, len(j.Audiences))
	for i, a := range j.Audiences {
		audiences[i] = a.Kind
	}
	return j.Troubles.letter("job/"+j.Key, j.Kind, j.Subject, struct {
		Audiences []notify.AudienceKind
		Counts    counts
		CreatedAt time.Time
		ExpiresAt *time.Time
	}{audiences, j.Counts, j.CreatedAt, j.ExpiresAt})
}

// letter names no people, only their number and how far the work had come.
func (c *chunk) letter() dead.Letter {
	return c.Troubles.letter("chunk/"+c.ID, c.Kind, c.Job, struct {
		People, Sent, Gone, Failed int
		Answers                    map[string]int
		CreatedAt                  time.Time
	}{len(c.People), c.Sent, c.Gone, c.Failed, c.Answers, c.CreatedAt})
}
