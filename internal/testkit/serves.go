package testkit

import (
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Serves reports whether an index serves a query, which means that the database finds the answer by
// walking one stretch of the index, in order.
//
// The index must begin with the fields compared for equality ($eq, $in, $all, a value), in any order.
// Then come the fields of the sort, in their order and direction (or all reversed), and then the
// fields compared by range. A query for an _id, or for a range of _id in its order, needs no index.
// Conditions that no index helps with ($ne, $exists, a regular expression) may stand beside others,
// but never alone.
func Serves(index bson.D, filter, sort bson.Raw) bool {
	q := read(filter, sort)
	return q.servedByID() || q.servedBy(index)
}

// query has the parts of a filter and a sort that matter to an index.
type query struct {
	equal   map[string]bool // compared with one value
	oneOf   map[string]bool // compared with several
	nulls   map[string]bool // compared with null, or with null among several
	ranges  []string
	sort    []sortKey
	or      []bson.Raw // branches, unless they are a keyset
	hasOr   bool
	useless int // conditions that no index helps with
}

type sortKey struct {
	field string
	down  bool
}

func read(filter, sort bson.Raw) query {
	q := query{equal: map[string]bool{}, oneOf: map[string]bool{}, nulls: map[string]bool{}}
	q.addFilter("", filter)
	for _, e := range elements(sort) {
		direction, _ := e.Value().AsInt64OK()
		q.sort = append(q.sort, sortKey{e.Key(), direction < 0})
	}
	q.settle()
	return q
}

// settle removes from the sort the fields that have one value only, which do not affect the order. A
// sort field with several values counts as a range.
func (q *query) settle() {
	q.sort = slices.DeleteFunc(q.sort, func(k sortKey) bool { return q.equal[k.field] })
	for _, k := range q.sort {
		if q.oneOf[k.field] {
			delete(q.oneOf, k.field)
			q.addRange(k.field)
		}
	}
}

// with is the query with one branch in place of its $or.
func (q query) with(branch bson.Raw) query {
	q.equal, q.oneOf, q.nulls = maps.Clone(q.equal), maps.Clone(q.oneOf), maps.Clone(q.nulls)
	q.ranges, q.sort = slices.Clone(q.ranges), slices.Clone(q.sort)
	q.hasOr, q.or = false, nil
	q.addFilter("", branch)
	q.settle()
	return q
}

func (q *query) addFilter(prefix string, filter bson.Raw) {
	for _, e := range elements(filter) {
		key, value := e.Key(), e.Value()
		switch key {
		case "$and":
			for _, part := range documents(value) {
				q.addFilter(prefix, part)
			}
		case "$or":
			branches := documents(value)
			if fields, ok := keyset(branches); ok {
				for _, field := range fields {
					q.addRange(prefix + field)
				}
				continue
			}
			if q.hasOr || prefix != "" {
				q.useless++ // a second one, or one within a list, is only a check
				continue
			}
			q.hasOr, q.or = true, branches
		case "$comment":
		case "$nor", "$expr", "$text", "$where", "$jsonSchema":
			q.useless++
		default:
			q.addField(prefix+key, value)
		}
	}
}

func (q *query) addField(field string, value bson.RawValue) {
	condition, ok := operators(value)
	if !ok {
		if value.Type == bson.TypeRegex {
			q.useless++
			return
		}
		q.addEqual(field)
		q.addNull(field, value)
		return
	}
	for _, e := range condition {
		switch e.Key() {
		case "$eq":
			q.addEqual(field)
			q.addNull(field, e.Value())
		case "$in", "$all":
			if !q.equal[field] {
				q.oneOf[field] = true
			}
			list, _ := e.Value().ArrayOK()
			values, _ := list.Values()
			for _, value := range values {
				q.addNull(field, value)
			}
		case "$gt", "$gte", "$lt", "$lte":
			q.addRange(field)
		case "$elemMatch":
			if inner, ok := operators(e.Value()); ok {
				for _, e := range inner {
					q.addField(field, one(e))
				}
				continue
			}
			if doc, ok := e.Value().DocumentOK(); ok {
				q.addFilter(field+".", doc)
			}
		default:
			q.useless++
		}
	}
}

func (q *query) addEqual(field string) {
	q.equal[field] = true
	delete(q.oneOf, field)
}

func (q *query) addNull(field string, value bson.RawValue) {
	if value.Type == bson.TypeNull {
		q.nulls[field] = true
	}
}

func (q *query) addRange(field string) {
	if !slices.Contains(q.ranges, field) {
		q.ranges = append(q.ranges, field)
	}
}

// servedByID reports whether the index of _id serves the query.
func (q query) servedByID() bool {
	if q.equal["_id"] || q.oneOf["_id"] {
		return true
	}
	byID := len(q.sort) == 1 && q.sort[0].field == "_id"
	if slices.Contains(q.ranges, "_id") {
		return byID
	}
	// The first page of a walk over everything has no condition, only the order.
	return byID && q.isBare()
}

// isBare reports whether there are no conditions.
func (q query) isBare() bool {
	return len(q.equal)+len(q.oneOf)+len(q.ranges)+q.useless == 0 && !q.hasOr
}

func (q query) servedBy(index bson.D) bool {
	equals := len(q.equal) + len(q.oneOf)
	if equals+len(q.sort)+len(q.ranges) == 0 || equals > len(index) {
		return false
	}
	for _, key := range index[:equals] {
		if !q.equal[key.Key] && !q.oneOf[key.Key] {
			return false
		}
	}
	rest := index[equals:]
	if !inOrder(rest, q.sort) {
		return false
	}
	rest = rest[len(q.sort):]

	isSorted := func(field string) bool {
		return slices.ContainsFunc(q.sort, func(k sortKey) bool { return k.field == field })
	}
	ranges := slices.DeleteFunc(slices.Clone(q.ranges), func(field string) bool {
		return isSorted(field) || q.equal[field] || q.oneOf[field]
	})
	if len(ranges) > len(rest) {
		return false
	}
	for _, key := range rest[:len(ranges)] {
		if !slices.Contains(ranges, key.Key) {
			return false
		}
	}
	return true
}

// inOrder reports whether the index, read forwards or backwards, gives the order.
func inOrder(index bson.D, sort []sortKey) bool {
	if len(sort) > len(index) {
		return false
	}
	forwards, backwards := true, true
	for i, k := range sort {
		if index[i].Key != k.field {
			return false
		}
		if isDown(index[i].Value) == k.down {
			backwards = false
		} else {
			forwards = false
		}
	}
	return forwards || backwards
}

func isDown(direction any) bool {
	switch d := direction.(type) {
	case int:
		return d < 0
	case int32:
		return d < 0
	case int64:
		return d < 0
	case float64:
		return d < 0
	}
	return false
}
