package embedded

import (
	"context"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Everybody begins with a page of a list in the order of time, such as the next events, and no index
// narrows it to few documents. SQLite reads the collection in a tenth of FerretDB's time and gives
// the order of the documents. FerretDB is then asked for one after the other, until the page is
// full.

// period is a condition that a field is between two instants, in milliseconds.
type period struct {
	field    string
	from, to *int64
	down     bool // the latest first
}

// periodOf is the period of a find that sorts by that field, and then perhaps by _id. ok is false for
// any other find.
func periodOf(filter bson.D, sort bson.Raw) (p period, ok bool) {
	keys, err := sort.Elements()
	if err != nil || len(keys) == 0 || len(keys) > 2 || !plainField.MatchString(keys[0].Key()) {
		return p, false
	}
	direction, _ := keys[0].Value().AsInt64OK()
	p.field, p.down = keys[0].Key(), direction < 0
	if len(keys) == 2 {
		second, _ := keys[1].Value().AsInt64OK()
		if keys[1].Key() != "_id" || second != direction {
			return p, false
		}
	}
	between, is := field(filter, p.field).DocumentOK()
	limits, err := between.Elements()
	if !is || err != nil {
		return p, false
	}
	for _, limit := range limits {
		at, isTime := limit.Value().DateTimeOK()
		switch limit.Key() {
		case "$gt", "$gte":
			p.from = &at
		case "$lt", "$lte":
			p.to = &at
		default:
			return p, false
		}
		if !isTime {
			return p, false
		}
	}
	return p, p.from != nil || p.to != nil
}

// walk are the ids of the documents that can fit a filter, in the order of time. ok is false if the
// collection is not known, or some of its documents have no time in that field.
func (f *files) walk(ctx context.Context, where target, conditions []condition, p period) (ids []bson.RawValue, ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.tables[where]
	if t == nil || t.name == "" {
		return nil, false, nil
	}
	fits := []string{"TRUE"}
	var args []any
	for _, is := range conditions {
		parts, more := is.sql()
		fits, args = append(fits, "("+strings.Join(parts, " OR ")+")"), append(args, more...)
	}
	at := fmt.Sprintf(`_ferretdb_sjson->>'$.%s'`, p.field)
	for limit, compared := range map[*int64]string{p.from: " >= ?", p.to: " <= ?"} {
		if limit != nil {
			fits, args = append(fits, at+compared), append(args, *limit)
		}
	}
	var other bool
	//nolint:gosec // the names are FerretDB's and plain fields
	unordered := fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM %q WHERE _ferretdb_sjson->>'$."$s".p.%s.t' IS NOT 'date')`, t.name, p.field)
	if err := t.db.QueryRowContext(ctx, unordered).Scan(&other); err != nil || other {
		return nil, false, err
	}
	direction := map[bool]string{false: "ASC", true: "DESC"}[p.down]
	return t.ids(ctx, fmt.Sprintf(`SELECT %s FROM %q WHERE %s ORDER BY %s %s, _ferretdb_sjson->>'$._id' %s`,
		idAndKind, t.name, strings.Join(fits, " AND "), at, direction, direction), args...)
}

// page are the first documents that fit, in the order of time. It fails with errAsItIs if only the
// database can say which these are, or if there are too many between them that do not fit.
func (t *turn) page(where target, command bson.D, filter bson.D, limit int64) (docs []bson.RawValue, err error) {
	sort, _ := field(command, "sort").DocumentOK()
	p, ok := periodOf(filter, sort)
	if t.files == nil || !ok || limit <= 0 || limit > mostCandidates/worthReading {
		return nil, errAsItIs
	}
	ctx, cancel := ofItsOwn()
	defer cancel()
	ids, ok, err := t.files.walk(ctx, where, conditionsOf(filter), p)
	if err != nil || !ok {
		return nil, errAsItIs
	}
	first := byID{ids: ids[:min(len(ids), mostCandidates)], rest: filter}
	docs, err = t.allMatching(command, first, limit)
	if err == nil && int64(len(docs)) < limit && len(ids) > mostCandidates {
		err = errAsItIs
	}
	return docs, err
}
