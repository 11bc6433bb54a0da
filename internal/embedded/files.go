package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	_ "modernc.org/sqlite" // the driver that FerretDB uses
)

// FerretDB looks a single _id up by the expression idExpression, but its own index of _id is on
// another expression ("->" with a name, not with a path), so SQLite reads the whole table. The
// index made here is on idExpression.
const (
	idExpression = "_ferretdb_sjson->'$._id'"
	byIDSuffix   = "_by_id" // the end of the index's name
	collections  = "_ferretdb_collections"
)

// files are the SQLite files below the database, one for each database.
type files struct {
	folder *folder
	log    *slog.Logger

	mu     sync.Mutex
	open   map[string]*sql.DB
	tables map[target]*table
}

// table is a collection as SQLite knows it.
type table struct {
	db      *sql.DB
	name    string   // empty until the collection is worth an index
	leading []string // the first fields of indexes
	seen    int      // the number of commands until then
}

// worthIndex is how many documents a collection must have to get its index. A few are read as
// quickly without one.
const worthIndex = 64

// target is a collection of a database.
type target struct{ db, collection string }

func newFiles(folder *folder, log *slog.Logger) *files {
	return &files{folder: folder, log: log, open: map[string]*sql.DB{}, tables: map[target]*table{}}
}

// index makes the index of a collection, once. Without it answers are the same, but slow, so a
// failure only goes to the log. It is no failure if the collection does not exist yet. The
// collection is checked after its first command, its second, its fourth and so on.
func (f *files) index(where target) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.tables[where]
	if t == nil {
		t = &table{}
		f.tables[where] = t
	}
	if t.seen++; t.name != "" || t.seen&(t.seen-1) != 0 {
		return
	}
	if err := f.makeIndex(where, t); err != nil && !errors.Is(err, sql.ErrNoRows) && !errors.Is(err, fs.ErrNotExist) {
		f.log.Error("embedded database: index by id", "collection", where.collection, "error", err)
	}
}

func (f *files) makeIndex(where target, t *table) (err error) {
	ctx, cancel := ofItsOwn()
	defer cancel()
	if t.db, err = f.file(where.db); err != nil {
		return err
	}
	var name string
	if err := t.db.QueryRowContext(ctx, fmt.Sprintf("SELECT table_name FROM %q WHERE name = ?", collections), where.collection).Scan(&name); err != nil {
		return err
	}
	var size int
	if err := t.db.QueryRowContext(ctx, fmt.Sprintf("SELECT IFNULL(MAX(rowid), 0) FROM %q", name)).Scan(&size); err != nil || size < worthIndex {
		return err
	}
	if _, err := t.db.ExecContext(ctx, fmt.Sprintf("CREATE INDEX IF NOT EXISTS %q ON %q (%s)", name+byIDSuffix, name, idExpression)); err != nil {
		return err
	}
	t.name = name
	return t.readIndexes(ctx)
}

func (f *files) file(name string) (*sql.DB, error) {
	if db := f.open[name]; db != nil {
		return db, nil
	}
	path := filepath.Join(f.folder.dir, name+".sqlite")
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	settings := f.folder.settings()
	settings.Set("mode", "rw") // does not create the file
	db, err := sql.Open("sqlite", fileURL(path, settings))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	f.open[name] = db
	return db, nil
}

// size is about how many documents a collection has; 0 as long as it is not worth an index.
func (f *files) size(ctx context.Context, where target) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.tables[where]
	if t == nil || t.name == "" {
		return 0
	}
	if err := t.db.QueryRowContext(ctx, fmt.Sprintf("SELECT IFNULL(MAX(rowid), 0) FROM %q", t.name)).Scan(&n); err != nil {
		return 0
	}
	return n
}

// forget closes a file that is about to be removed.
func (f *files) forget(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for t := range f.tables {
		if t.db == name {
			delete(f.tables, t)
		}
	}
	if db := f.open[name]; db != nil {
		_ = db.Close()
		delete(f.open, name)
	}
}

// drop forgets a collection that no longer exists, or whose indexes have changed.
func (f *files) drop(t target) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.tables, t)
}

// close closes all files.
func (f *files) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, db := range f.open {
		_ = db.Close()
	}
	clear(f.open)
}
