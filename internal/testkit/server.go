package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"faellesskab/internal/embedded"
	"faellesskab/internal/mongodb"
)

// Server is where the tests' database is, for tests that connect by
// themselves: the address, and the dialer to use with it (nil is plain TCP).
func Server(t testing.TB) (uri string, dialer Dialer) {
	t.Helper()
	at := theServer(t)
	return at.uri, at.dialer
}

func theServer(t testing.TB) place {
	t.Helper()
	at, err := findServer()
	if err != nil {
		t.Fatalf("testkit: no database: %v", err)
	}
	return at
}

// findServer is asked once per test process, and says what it found. What it
// starts runs until the process ends.
var findServer = sync.OnceValues(func() (place, error) {
	at, err := lookAround()
	if err != nil {
		return at, err
	}
	fmt.Fprintln(os.Stderr, at)
	at.able, err = at.ask(context.Background())
	return at, err
})

// ask asks what the server can do.
func (p place) ask(ctx context.Context) (*mongodb.Capabilities, error) {
	db, err := mongodb.Connect(ctx, mongodb.Options{URI: p.uri, Dialer: p.dialer, Database: "test_able", AppName: "test", SmallPool: true})
	if err != nil {
		return nil, err
	}
	able, err := db.Capabilities(ctx)
	able.SoleWriter = false // tests let several processes of their own write to one database
	return &able, errors.Join(err, db.Drop(ctx), db.Close(ctx))
}

func lookAround() (place, error) {
	if uri := os.Getenv("MONGODB_URI"); uri != "" {
		return place{uri: uri, says: "the database of MONGODB_URI"}, nil
	}
	if path := mongodPath(); path != "" {
		return childMongod(path)
	}
	s, err := embedded.Open(context.Background(), embedded.Options{})
	if err != nil {
		return place{}, err
	}
	return place{uri: s.URI(), dialer: s.Dialer(), says: "the embedded database"}, nil
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
func childMongod(path string) (place, error) {
	dir, err := os.MkdirTemp("", "testkit-mongod-")
	if err != nil {
		return place{}, err
	}
	script, err := newLeash(path, dir)
	if err != nil {
		os.RemoveAll(dir)
		return place{}, err
	}
	uri, _, err := mongodb.StartMongod(context.Background(), script, filepath.Join(dir, "data"))
	if err != nil {
		os.RemoveAll(dir)
		return place{}, err
	}
	return place{uri: uri, says: path}, nil
}

// leash is a script that runs mongod and ends it when the test process is no
// more, however it ended: a test process has no last moment of its own.
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
