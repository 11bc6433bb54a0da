package testkit

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	"faellesskab/internal/embedded"
	"faellesskab/internal/mongodb"
)

// side is how many embedded databases stand side by side in a test process: each lets one
// command through at a time, and a machine has more than one core.
const side = 2

// servers are where the tests' databases are.
type servers struct {
	says string
	all  []*place
	hold []io.Closer // what must stay open as long as this process runs

	mu   sync.Mutex
	used int
	of   map[string]*place // by database
}

// next is the one whose turn it is to give a database.
func (s *servers) next() *place {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used++
	return s.all[s.used%len(s.all)]
}

// with is the one that has a database.
func (s *servers) with(name string) *place {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.of[name]; at != nil {
		return at
	}
	return s.all[0]
}

func (s *servers) remember(name string, at *place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of[name] = at
}

// place is one database server.
type place struct {
	uri    string
	dialer Dialer                // nil: plain TCP
	able   *mongodb.Capabilities // asked once for all tests
	local  *embedded.Server      // nil: it is not in this process
	stock  stock
}

// options are what it takes to connect.
func (p *place) options(s setup, name string) mongodb.Options {
	return mongodb.Options{
		URI:       p.uri,
		Database:  name,
		AppName:   "test",
		Dialer:    p.dialer,
		Monitor:   join(s.monitors),
		SmallPool: true,
		Able:      p.able,
		Patience:  callPatience,
	}
}

func (p *place) open(t testing.TB, s setup, name string) *mongodb.DB {
	t.Helper()
	o := p.options(s, name)
	if s.crasher != nil {
		p.mustBePlain(t)
		o.Dialer = s.crasher.Dialer(p.dialer)
		o.ServerSelectionTimeout = crashSelection
	}
	// With a crasher the patience is short, and a busy machine may need longer to
	// connect at all.
	patient, cancel := context.WithTimeout(t.Context(), connectTime)
	defer cancel()
	for {
		db, err := mongodb.Connect(t.Context(), o)
		if err == nil {
			return db
		}
		if patient.Err() != nil {
			t.Fatalf("testkit: %v", err)
		}
	}
}

// mustBePlain skips a test, and says so, where a crasher cannot read what is sent.
func (p *place) mustBePlain(t testing.TB) {
	t.Helper()
	for _, cipher := range []string{"mongodb+srv:", "tls=true", "ssl=true", "compressors="} {
		if strings.Contains(p.uri, cipher) {
			t.Skipf("testkit: a crash at a chosen write needs connections that can be read, and MONGODB_URI says %s", cipher)
		}
	}
}
