package testkit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"faellesskab/internal/embedded"
	"faellesskab/internal/mongodb"
)

// stock has databases of the embedded server that tests have given back. They are empty, and their
// collections and indexes exist, which take longer to make than most tests take. A test has a
// database for itself, from its first command to its last.
type stock struct {
	mu   sync.Mutex
	free map[string][]*lent // by the indexes they have
}

// lent is a database of the stock, with its state when it is empty.
type lent struct {
	name  string
	empty *embedded.Copy
}

func (s *stock) take(kind string) *lent {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.free[kind]
	if len(list) == 0 {
		return nil
	}
	last := list[len(list)-1]
	s.free[kind] = list[:len(list)-1]
	return last
}

func (s *stock) put(kind string, l *lent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == nil {
		s.free = map[string][]*lent{}
	}
	s.free[kind] = append(s.free[kind], l)
}

// database is the name of a database that holds nothing, with these indexes, for the
// test alone. It is given back, or dropped, when the test has closed its connections.
func (p *place) database(t testing.TB, indexes []mongodb.Index) string {
	t.Helper()
	if p.local == nil || len(indexes) == 0 {
		l := p.newDatabase(t, indexes)
		t.Cleanup(func() { p.drop(t, l.name) })
		return l.name
	}
	kind := fmt.Sprintf("%+v", plainly(indexes))
	l := p.stock.take(kind)
	if l == nil {
		l = p.newDatabase(t, indexes)
		var err error
		if l.empty, err = p.local.Copy(t.Context(), l.name); err != nil {
			t.Fatalf("testkit: %v", err)
		}
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), dropTime)
		defer cancel()
		switch err := p.local.PutBack(ctx, l.name, l.empty); {
		case err == nil:
			p.stock.put(kind, l)
		case errors.Is(err, embedded.ErrChanged): // the test made indexes of its own
			p.drop(t, l.name)
		default:
			t.Errorf("testkit: empty %s: %v", l.name, err)
		}
	})
	return l.name
}

// newDatabase makes a database with these indexes.
func (p *place) newDatabase(t testing.TB, indexes []mongodb.Index) *lent {
	t.Helper()
	l := &lent{name: "test_" + strings.ToLower(rand.Text())}
	theServers(t).remember(l.name, p)
	if len(indexes) > 0 {
		db := p.open(t, setup{}, l.name)
		defer close_(t, db)
		makeIndexes(t, db, indexes)
	}
	return l
}

func (p *place) drop(t testing.TB, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), dropTime)
	defer cancel()
	db, err := mongodb.Connect(ctx, p.options(setup{}, name))
	if err != nil {
		t.Errorf("testkit: drop %s: %v", name, err)
		return
	}
	defer close_(t, db)
	if err := db.Drop(ctx); err != nil {
		t.Errorf("testkit: drop %s: %v", name, err)
	}
}
