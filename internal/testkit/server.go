package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"faellesskab/internal/embedded"
	"faellesskab/internal/mongodb"
)

func theServers(t testing.TB) *servers {
	t.Helper()
	all, err := findServers()
	if err != nil {
		t.Fatalf("testkit: no database: %v", err)
	}
	return all
}

// findServers runs once per test process, and says what it has found. Servers that it starts run until
// the process ends.
var findServers = sync.OnceValues(func() (*servers, error) {
	s, err := lookAround()
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(os.Stderr, "testkit: the tests use", s.says)
	able, err := s.all[0].ask(context.Background())
	for _, at := range s.all {
		at.able = able
	}
	s.of = map[string]*place{}
	return s, err
})

// ask asks what the server can do.
func (p *place) ask(ctx context.Context) (*mongodb.Capabilities, error) {
	db, err := mongodb.Connect(ctx, p.options(setup{}, "test_able"))
	if err != nil {
		return nil, err
	}
	able, err := db.Capabilities(ctx)
	able.SoleWriter = false // several processes of a test may write to one database
	return &able, errors.Join(err, db.Drop(ctx), db.Close(ctx))
}

// gcPercent lets the heap grow to five times the memory in use, which is little in tests.
const gcPercent = 400

func lookAround() (*servers, error) {
	if uri := os.Getenv("MONGODB_URI"); uri != "" {
		return &servers{says: "the database of MONGODB_URI", all: []*place{{uri: uri}}}, nil
	}
	if path := mongodPath(); path != "" {
		return childMongod(path)
	}
	if isWatched {
		return startApart()
	}
	// The embedded database makes more garbage than anything that is tested.
	debug.SetGCPercent(gcPercent)
	s := &servers{says: "the embedded database"}
	for range side {
		one, err := embedded.Open(context.Background(), embedded.Options{})
		if err != nil {
			return nil, err
		}
		s.all = append(s.all, &place{uri: one.URI(), dialer: one.Dialer(), local: one})
	}
	return s, nil
}

func mongodPath() string {
	if path := os.Getenv("MONGOD"); path != "" {
		return path
	}
	path, err := exec.LookPath("mongod")
	if err != nil {
		return ""
	}
	return path
}

// childMongod starts a mongod that ends with this process.
func childMongod(path string) (*servers, error) {
	dir, err := os.MkdirTemp("", "testkit-mongod-")
	if err != nil {
		return nil, err
	}
	script, err := newLeash(path, dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	uri, _, err := embedded.StartMongod(context.Background(), script, filepath.Join(dir, "data"))
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return &servers{says: path, all: []*place{{uri: uri}}}, nil
}

// leash is a script that runs mongod and ends it when the test process has ended in any way, since a
// test process cannot always end it itself.
const leash = `#!/bin/sh
'%[1]s' "$@" &
child=$!
trap 'kill -TERM $child' TERM
(
	while kill -0 %[2]d && kill -0 $child; do sleep 1; done
	kill -KILL $child
	kill -0 %[2]d || rm -rf '%[3]s'
) >/dev/null 2>&1 &
wait $child
`

func newLeash(path, dir string) (string, error) {
	if strings.Contains(path+dir, "'") {
		return "", fmt.Errorf("a quote in %s or %s", path, dir)
	}
	script := filepath.Join(dir, "leash.sh")
	return script, os.WriteFile(script, fmt.Appendf(nil, leash, path, os.Getpid(), dir), 0o700)
}
