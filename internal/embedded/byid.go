package embedded

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// FerretDB uses an index for one sort of question only: a find, update or delete whose whole
// filter is one _id. For everything else it reads the collection from its first document to its
// last, even for {_id: {$in: […]}} and {_id: …, version: …}. So a command that names its documents
// by their ids, or by a field that has an index (lookup.go), is carried out here as several
// commands that use the index: one for each id, in one turn, so that no other command comes in
// between. The caller sees one command and one reply.

// byID is a filter that names its documents.
type byID struct {
	ids  []bson.RawValue // each once
	rest bson.D          // the other conditions
}

// named splits a filter into ids and the rest. ok is false if it names no documents, or if the
// database is as quick with the unchanged filter.
func named(filter bson.Raw) (f byID, ok bool) {
	all, ok := fields(filter)
	if !ok {
		return f, false
	}
	seen := map[string]bool{}
	for _, e := range all {
		switch {
		case seen[e.Key]:
			return f, false // the database reports what is wrong with it
		case e.Key == "_id":
			f.ids = idsOf(e.Value.(bson.RawValue))
		default:
			f.rest = append(f.rest, e)
		}
		seen[e.Key] = true
	}
	isPlain := len(f.rest) == 0 && len(f.ids) == 1 && filter.Lookup("_id").Type != bson.TypeEmbeddedDocument
	return f, len(f.ids) > 0 && !isPlain
}

// narrow returns a function that finds the documents that a filter can fit. It returns nil if the
// database is as quick with the unchanged filter; the function fails with errAsItIs if that turns
// out later.
func narrow(where target, filter bson.Raw) func(t *turn) (byID, error) {
	if f, ok := named(filter); ok {
		return func(t *turn) (byID, error) {
			if len(f.ids) > 1 && !t.isWorth(where, len(f.ids)) {
				return f, errAsItIs
			}
			return f, nil
		}
	}
	all, ok := fields(filter)
	conditions := conditionsOf(all)
	if !ok || len(conditions) == 0 || filter.Lookup("_id").Type == bson.TypeString {
		return nil
	}
	return func(t *turn) (byID, error) {
		ids, few, err := t.candidates(where, conditions)
		if err == nil && !few {
			err = errAsItIs
		}
		return byID{ids: ids, rest: all}, err
	}
}

// idsOf are the ids that a condition on _id allows: a value, an $eq or an $in. There are none for
// other conditions, or if an id cannot be found by the index.
func idsOf(condition bson.RawValue) []bson.RawValue {
	values := []bson.RawValue{condition}
	if doc, is := condition.DocumentOK(); is {
		operators, ok := fields(doc)
		if !ok || len(operators) != 1 {
			return nil
		}
		values[0] = operators[0].Value.(bson.RawValue)
		switch operators[0].Key {
		case "$eq":
		case "$in":
			list, is := values[0].ArrayOK()
			if !is {
				return nil
			}
			var err error
			if values, err = list.Values(); err != nil {
				return nil
			}
		default:
			return nil
		}
	}
	var ids []bson.RawValue
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		if v.Type != bson.TypeString && v.Type != bson.TypeObjectID {
			return nil
		}
		if key := string(rune(v.Type)) + string(v.Value); !seen[key] {
			seen[key] = true
			ids = append(ids, v)
		}
	}
	return ids
}

// way carries out a command: it asks the database what it needs, and returns the reply.
type way func(t *turn) (any, error)

// wayOf is the way of a request that names its documents; nil if the request goes to the database
// unchanged. The way refers to the memory of the message.
func wayOf(message []byte) way {
	_, where, _ := targetOf(message)
	command, ok := readCommand(message)
	if !ok {
		return nil
	}
	switch command[0].Key {
	case "find":
		return findWay(where, command)
	case "aggregate":
		return aggregateWay(where, command)
	case "update":
		return writeWay(where, command, "updates")
	case "delete":
		return writeWay(where, command, "deletes")
	case "findAndModify":
		return modifyWay(where, command)
	}
	return nil
}

// mayHaveWay decides quickly, by the name of the command, whether it is worth reading.
func mayHaveWay(message []byte) bool {
	name, _, ok := targetOf(message)
	return ok && slices.Contains([]string{"find", "aggregate", "update", "delete", "findAndModify"}, name)
}

// field is a field of a command or a reply; the zero value if there is none.
func field(doc bson.D, name string) bson.RawValue {
	for _, e := range doc {
		if v, ok := e.Value.(bson.RawValue); ok && e.Key == name {
			return v
		}
	}
	return bson.RawValue{}
}

// without is a document without some of its fields.
func without(doc bson.D, names ...string) bson.D {
	return slices.DeleteFunc(slices.Clone(doc), func(e bson.E) bool { return slices.Contains(names, e.Key) })
}

// with is a document with a field changed, or added.
func with(doc bson.D, name string, value any) bson.D {
	changed := slices.Clone(doc)
	for i := range changed {
		if changed[i].Key == name {
			changed[i].Value = value
			return changed
		}
	}
	return append(changed, bson.E{Key: name, Value: value})
}
