package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	_ "modernc.org/sqlite" // the driver that FerretDB uses
)

// FerretDB looks a single _id up by the expression idExpression, but the index it makes
// for _id is on another one ("->" with a name, not with a path), so SQLite reads the
// whole table. The index made here is on what is asked for.
const (
	idExpression = "_ferretdb_sjson->'$._id'"
	collections  = "_ferretdb_collections"
)

// files are the SQLite files below the database, one for each database.
type files struct {
	dir string
	log *slog.Logger

	mu      sync.Mutex
	open    map[string]*sql.DB
	indexed map[target]*table
}

// table is a collection as SQLite knows it.
type table struct {
	db      *sql.DB
	name    string
	leading []string // the fields that an index begins with
}

// target is a collection of a database.
type target struct{ db, collection string }

func newFiles(dir string, log *slog.Logger) *files {
	return &files{dir: dir, log: log, open: map[string]*sql.DB{}, indexed: map[target]*table{}}
}

// index makes the index of a collection, once. Without it all answers are the same, and
// slow; so a failure goes to the log. A collection that is not there yet is no failure.
func (f *files) index(t target) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.indexed[t] != nil {
		return
	}
	found, err := f.makeIndex(t)
	switch {
	case err == nil:
		f.indexed[t] = found
	case !errors.Is(err, sql.ErrNoRows) && !errors.Is(err, fs.ErrNotExist):
		f.log.Error("embedded database: index by id", "collection", t.collection, "error", err)
	}
}

func (f *files) makeIndex(t target) (*table, error) {
	ctx, cancel := context.WithTimeout(context.Background(), drainFor)
	defer cancel()
	db, err := f.file(t.db)
	if err != nil {
		return nil, err
	}
	found := &table{db: db}
	if err := db.QueryRowContext(ctx, fmt.Sprintf("SELECT table_name FROM %q WHERE name = ?", collections), t.collection).Scan(&found.name); err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("CREATE INDEX IF NOT EXISTS %q ON %q (%s)", found.name+"_by_id", found.name, idExpression)); err != nil {
		return nil, err
	}
	return found, found.readIndexes(ctx)
}

func (f *files) file(name string) (*sql.DB, error) {
	if db := f.open[name]; db != nil {
		return db, nil
	}
	path := filepath.Join(f.dir, name+".sqlite")
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", fileURL(path, url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(10000)"}}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	f.open[name] = db
	return db, nil
}

// forget lets go of a file that is about to be removed.
func (f *files) forget(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for t := range f.indexed {
		if t.db == name {
			delete(f.indexed, t)
		}
	}
	if db := f.open[name]; db != nil {
		_ = db.Close()
		delete(f.open, name)
	}
}

// drop forgets a collection that is no more, or whose indexes are others now.
func (f *files) drop(t target) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.indexed, t)
}

// close lets go of all files.
func (f *files) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, db := range f.open {
		_ = db.Close()
	}
	clear(f.open)
}
