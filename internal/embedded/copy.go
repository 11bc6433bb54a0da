package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Copy is the content of a database at a moment, as it is in its file. Tests that try one thing in
// many ways put it back each time, to start from the same state.
type Copy struct {
	tables  map[string]rows // by collection
	indexes []string        // without the indexes that are made by themselves
}

// rows are the documents of a collection, by their places in its table.
type rows map[int64]string

// ErrChanged says that a database has other collections or indexes than its copy, so that
// putting back the documents would not make it the same.
var ErrChanged = errors.New("embedded: other collections or indexes than in the copy")

// Copy copies a database. The copy of one that does not exist is empty.
func (s *Server) Copy(ctx context.Context, database string) (c *Copy, err error) {
	err = s.dialer.inTurn(ctx, func() error {
		c, err = s.dialer.files.copy(ctx, database)
		return err
	})
	return c, err
}

// PutBack makes a database hold the documents of its copy and no others. Collections that
// were made meanwhile stay, empty. It fails with ErrChanged, and changes nothing, if a
// collection of the copy is gone or there are other indexes.
func (s *Server) PutBack(ctx context.Context, database string, c *Copy) error {
	return s.dialer.inTurn(ctx, func() error { return s.dialer.files.putBack(ctx, database, c) })
}

// Changed are the collections in which two copies of a database differ, in order.
func (c *Copy) Changed(other *Copy) []string {
	var names []string
	for name, held := range c.tables {
		if !maps.Equal(held, other.tables[name]) {
			names = append(names, name)
		}
	}
	for name, held := range other.tables {
		if _, both := c.tables[name]; !both && len(held) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Collections are the names of the collections that hold anything, in order.
func (c *Copy) Collections() []string {
	var names []string
	for name, held := range c.tables {
		if len(held) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// copy must be called in a turn.
func (f *files) copy(ctx context.Context, database string) (*Copy, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, _, err := f.read(ctx, database)
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", database, err)
	}
	return c, nil
}

// read reads everything, and says in which tables the collections lie.
func (f *files) read(ctx context.Context, database string) (*Copy, map[string]string, error) {
	c := &Copy{tables: map[string]rows{}}
	db, err := f.file(database)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	tables := map[string]string{}
	var names, parts []string
	err = each(ctx, db, fmt.Sprintf("SELECT name, table_name FROM %q", collections), func(scan func(...any) error) error {
		var name, table string
		if err := scan(&name, &table); err != nil {
			return err
		}
		parts = append(parts, fmt.Sprintf("SELECT %d, rowid, _ferretdb_sjson FROM %q", len(names), table))
		names, tables[name], c.tables[name] = append(names, name), table, rows{}
		return nil
	})
	if err != nil || len(parts) == 0 {
		return c, tables, err
	}
	err = each(ctx, db, strings.Join(parts, " UNION ALL "), func(scan func(...any) error) error {
		var number int
		var place int64
		var document string
		if err := scan(&number, &place, &document); err != nil {
			return err
		}
		c.tables[names[number]][place] = document
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	c.indexes, err = askedFor(ctx, db)
	return c, tables, err
}

// askedFor are the indexes that the program has made, without those of _id, which are made by
// themselves.
func askedFor(ctx context.Context, db *sql.DB) (names []string, err error) {
	err = each(ctx, db, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name", func(scan func(...any) error) error {
		var name string
		if err := scan(&name); err != nil {
			return err
		}
		if !strings.HasSuffix(name, "__id_") && !strings.HasSuffix(name, byIDSuffix) {
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// putBack must be called in a turn. It writes only documents that differ.
func (f *files) putBack(ctx context.Context, database string, c *Copy) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, tables, err := f.read(ctx, database)
	if err != nil {
		return fmt.Errorf("put back %s: %w", database, err)
	}
	if !slices.Equal(now.indexes, c.indexes) {
		return ErrChanged
	}
	for name := range c.tables {
		if _, there := tables[name]; !there {
			return ErrChanged
		}
	}
	if tables == nil {
		return nil
	}
	db, err := f.file(database)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("put back %s: %w", database, err)
	}
	defer func() { _ = tx.Rollback() }() // of no effect once it is committed
	for name, held := range now.tables {
		if err := replace(ctx, tx, tables[name], held, c.tables[name]); err != nil {
			return fmt.Errorf("put back %s of %s: %w", name, database, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("put back %s: %w", database, err)
	}
	return nil
}

// replace makes a table hold the wanted rows. It removes old rows first, as unique indexes require.
func replace(ctx context.Context, tx *sql.Tx, table string, held, wanted rows) error {
	if len(wanted) == 0 && len(held) > 0 {
		_, err := tx.ExecContext(ctx, fmt.Sprintf("DELETE FROM %q", table))
		return err
	}
	for place, document := range held {
		if document != wanted[place] {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("DELETE FROM %q WHERE rowid = ?", table), place); err != nil {
				return err
			}
		}
	}
	for place, document := range wanted {
		if document != held[place] {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %q (rowid, _ferretdb_sjson) VALUES (?, ?)", table), place, document); err != nil {
				return err
			}
		}
	}
	return nil
}

// each runs a query and hands out one row after the other.
func each(ctx context.Context, db *sql.DB, question string, take func(scan func(...any) error) error) error {
	rows, err := db.QueryContext(ctx, question)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
