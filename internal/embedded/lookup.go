package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// FerretDB makes the indexes that it is told to make, and uses none of them. But they are in the
// files, so this package looks up there the ids of the documents that can fit a filter, and asks
// FerretDB for each document by its id. FerretDB decides which of them fit, so the lookup may find
// too many documents, but never too few.

// Documents are asked for one by one only if there are few: at most mostCandidates, or candidatesEach for each
// value that a condition names, and at most one in worthReading of the collection. Otherwise it costs less to
// read the whole collection, which takes the longer the more values each document is compared with.
const (
	mostCandidates = 300
	candidatesEach = 10
	worthReading   = 4
)

// leadingField finds the first field of an index in the statement that has made it.
var leadingField = regexp.MustCompile(`\(_ferretdb_sjson->"([A-Za-z0-9]+)"(?: DESC)?[,)]`)

// readIndexes finds the first fields of a table's indexes.
func (t *table) readIndexes(ctx context.Context) error {
	rows, err := t.db.QueryContext(ctx, "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", t.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var made string
		if err := rows.Scan(&made); err != nil {
			return err
		}
		if field := leadingField.FindStringSubmatch(made); field != nil {
			t.leading = append(t.leading, field[1])
		}
	}
	return rows.Err()
}

// condition is a filter's condition on a field: that it is one of several values, or not one, or without
// values, that it exists. The values are as they stand in the files.
type condition struct {
	field  string
	values []string
	isNot  bool
}

// plainText matches texts that SQLite, FerretDB and this package quote in the same way.
var plainText = regexp.MustCompile(`^[A-Za-z0-9_:.*@+-]*$`)

// plainField matches a top-level field whose name needs no quoting.
var plainField = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// conditionsOf are the conditions of a filter that an index can serve.
func conditionsOf(filter bson.D) (list []condition) {
	for _, e := range filter {
		if !plainField.MatchString(e.Key) {
			continue
		}
		value, _ := e.Value.(bson.RawValue)
		values := []bson.RawValue{value}
		if doc, is := value.DocumentOK(); is {
			all, err := doc.Elements()
			if err != nil || len(all) != 1 {
				continue
			}
			switch all[0].Key() {
			case "$lt", "$lte", "$gt", "$gte":
				if all[0].Value().Type == bson.TypeString { // only texts can be compared in the index
					list = append(list, condition{field: e.Key})
				}
				continue
			case "$elemMatch":
				list = append(list, condition{field: e.Key})
				continue
			case "$in":
				array, _ := all[0].Value().ArrayOK()
				values, _ = array.Values()
			case "$ne":
				if text, ok := plain(all[0].Value()); ok {
					list = append(list, condition{field: e.Key, values: []string{text}, isNot: true})
				}
				continue
			default:
				continue
			}
		}
		is := condition{field: e.Key}
		for _, v := range values {
			if text, ok := plain(v); ok {
				is.values = append(is.values, text)
			}
		}
		if len(values) > 0 && len(is.values) == len(values) {
			list = append(list, is)
		}
	}
	return list
}

// plain is a text or a boolean as it stands in the files. ok is false for texts that may stand there in another
// way, and for other values.
func plain(v bson.RawValue) (text string, ok bool) {
	if is, isBoolean := v.BooleanOK(); isBoolean {
		return strconv.FormatBool(is), true
	}
	text, ok = v.StringValueOK()
	return `"` + text + `"`, ok && plainText.MatchString(text)
}

// sql is the condition for SQLite in a form that an index serves, as parts of which one must hold.
// An index has a list only as a whole, so every list counts as fitting.
func (is condition) sql() (parts []string, args []any) {
	return is.of(fmt.Sprintf(`_ferretdb_sjson->"%s"`, is.field))
}

// of is the condition for SQLite on what a column says.
func (is condition) of(column string) (parts []string, args []any) {
	if len(is.values) == 0 {
		return []string{column + " IS NOT NULL"}, nil
	}
	for _, v := range is.values {
		args = append(args, v)
	}
	if is.isNot {
		return []string{column + " IS NOT ?"}, args
	}
	return []string{column + " IN (?" + strings.Repeat(", ?", len(args)-1) + ")", column + " >= '[' AND " + column + ` < '\'`}, args
}

// candidates are the ids of all documents that can fit one of the conditions. ok is false
// if no index leads to few of them.
func (f *files) candidates(ctx context.Context, t target, conditions []condition) (ids []bson.RawValue, ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	table := f.tables[t]
	if table == nil || table.name == "" {
		return nil, false, nil
	}
	for _, is := range conditions {
		for _, field := range table.leading {
			if field != is.field || is.isNot {
				continue
			}
			if ids, ok, err = table.holding(ctx, is, conditions); ok || err != nil {
				return ids, ok, err
			}
			break
		}
	}
	return nil, false, nil
}

// holding are the ids of the documents that can fit the condition and all others, in the order of the
// collection. ok is false if there are too many, or an id is no text.
func (t *table) holding(ctx context.Context, is condition, all []condition) (ids []bson.RawValue, ok bool, err error) {
	parts, args := is.sql()
	fits, more := alsoFits(is, all)
	for i := range parts {
		parts[i] = fmt.Sprintf("SELECT rowid AS place FROM %q WHERE (%s)%s", t.name, parts[i], fits)
	}
	places := strings.Join(parts, " UNION ALL ")
	for range parts {
		args = append(args, more...)
	}
	most := max(mostCandidates, candidatesEach*len(is.values))
	var found, size int
	//nolint:gosec // the names are FerretDB's and plain fields
	count := fmt.Sprintf("SELECT (SELECT COUNT(*) FROM (%s LIMIT %d)), (SELECT IFNULL(MAX(rowid), 0) FROM %q)", places, most+1, t.name)
	if err := t.db.QueryRowContext(ctx, count, args...).Scan(&found, &size); err != nil {
		return nil, false, err
	}
	if found > most || found*worthReading > size {
		return nil, false, nil
	}
	return t.ids(ctx, fmt.Sprintf("SELECT %s FROM %q JOIN (%s) ON rowid = place ORDER BY place", idAndKind, t.name, places), args...)
}

// alsoFits is what a document that fits one condition must fit as well, as SQLite reads it. The plus keeps SQLite from
// looking that up in another index, of which half the collection may fit.
func alsoFits(one condition, all []condition) (fits string, args []any) {
	for _, is := range all {
		if is.field == one.field {
			continue
		}
		parts, more := is.of(fmt.Sprintf(`+(_ferretdb_sjson->"%s")`, is.field))
		fits, args = fits+" AND ("+strings.Join(parts, " OR ")+")", append(args, more...)
	}
	return fits, args
}

// idAndKind selects a document's id and the id's type.
const idAndKind = idExpression + `, _ferretdb_sjson->>'$."$s".p._id.t'`

// ids are the ids that a question finds. ok is false if one is no text.
func (t *table) ids(ctx context.Context, question string, args ...any) (ids []bson.RawValue, ok bool, err error) {
	rows, err := t.db.QueryContext(ctx, question, args...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var quoted, kind, id string
		if err := rows.Scan(&quoted, &kind); err != nil {
			return nil, false, err
		}
		if kind != "string" || json.Unmarshal([]byte(quoted), &id) != nil {
			return nil, false, nil
		}
		kindOf, value, err := bson.MarshalValue(id)
		if err != nil {
			return nil, false, err
		}
		ids = append(ids, bson.RawValue{Type: kindOf, Value: value})
	}
	return ids, true, rows.Err()
}
