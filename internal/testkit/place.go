package testkit

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"faellesskab/internal/embedded"
	"faellesskab/internal/mongodb"
)

// side is how many embedded databases a test process uses side by side. Each lets one command through
// at a time, and a machine has more than one core.
const side = 2

// servers are the servers of the tests' databases.
type servers struct {
	says string
	all  []*place
	hold []io.Closer // stay open as long as this process runs

	mu   sync.Mutex
	used int
	of   map[string]*place // by database
}

// next is the server for the next database; they take turns.
func (s *servers) next() *place {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used++
	return s.all[s.used%len(s.all)]
}

// with is the server that has a database.
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

// options are the options for connecting to a database of the server.
func (p *place) options(s setup, name string) mongodb.Options {
	able := p.able
	if s.alone {
		alone := *able
		alone.SoleWriter, able = true, &alone
	}
	return mongodb.Options{
		URI:       p.uri,
		Database:  name,
		AppName:   "test",
		Dialer:    p.dialer,
		Monitor:   join(s.monitors),
		SmallPool: true,
		Able:      able,
		Patience:  max(callPatience, s.patience),
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
	if s.around != nil {
		p.mustBePlain(t)
		if o.Dialer == nil {
			o.Dialer = &net.Dialer{}
		}
		o.Dialer = s.around(o.Dialer)
	}
	// With a crasher the patience is short, but a busy machine may need longer to connect.
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

// mustBePlain skips a test, and says so, if a crasher cannot read the messages to the server.
func (p *place) mustBePlain(t testing.TB) {
	t.Helper()
	for _, cipher := range []string{"mongodb+srv:", "tls=true", "ssl=true", "compressors="} {
		if strings.Contains(p.uri, cipher) {
			t.Skipf("testkit: this test needs connections that can be read, and MONGODB_URI says %s", cipher)
		}
	}
}
