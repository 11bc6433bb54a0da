package embedded

import (
	"bytes"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// nobody is an id that no document has. A write that fits no document is sent with it, so that the
// database makes the reply.
func nobody() bson.ObjectID { return bson.NewObjectID() }

// goesAsItIs reports whether a write needs its whole filter, because it may make a document from it
// (upsert), or refers to the element that it found in a list.
func goesAsItIs(write bson.D, change string) bool {
	upsert, _ := field(write, "upsert").BooleanOK()
	return upsert || bytes.Contains(field(write, change).Value, []byte(".$"))
}

// writeWay finds the documents that fit, and writes each by its id alone. Nothing changes in
// between, since the turn lasts until the reply.
func writeWay(where target, command bson.D, list string) way {
	statements, ok := statementsOf(command, list)
	switch {
	case ok && len(statements) > 1:
		return writesWay(command, list, statements)
	case !ok || goesAsItIs(statements[0], "u"):
		return nil
	}
	statement := statements[0]
	filter, _ := field(statement, "q").DocumentOK()
	find := narrow(where, filter)
	if find == nil {
		return nil
	}
	multi, _ := field(statement, "multi").BooleanOK()
	if limit, has := field(statement, "limit").AsInt64OK(); has {
		multi = limit == 0
	}
	return func(t *turn) (any, error) {
		f, err := find(t)
		if err != nil {
			return nil, err
		}
		ids, err := t.fitting(command, f, multi)
		if err != nil {
			return nil, err
		}
		statements := bson.A{}
		for _, id := range ids {
			statements = append(statements, with(statement, "q", bson.D{{Key: "_id", Value: id}}))
		}
		return t.write(command, list, statements)
	}
}

// writesWay is writeWay for several statements that name one document each, and none the same.
// Others go to the database unchanged.
func writesWay(command bson.D, list string, statements []bson.D) way {
	finds, seen := make([]byID, len(statements)), map[string]bool{}
	for i, statement := range statements {
		filter, _ := field(statement, "q").DocumentOK()
		f, ok := oneNamed(filter)
		if !ok || goesAsItIs(statement, "u") || seen[string(f.ids[0].Value)] {
			return nil
		}
		finds[i], seen[string(f.ids[0].Value)] = f, true
	}
	return func(t *turn) (any, error) {
		sent := make(bson.A, len(statements))
		for i, f := range finds {
			ids, err := t.fitting(command, f, false)
			if err != nil {
				return nil, err
			}
			sent[i] = with(statements[i], "q", bson.D{{Key: "_id", Value: ids[0]}})
		}
		return t.write(command, list, sent)
	}
}

// mostAtOnce is how many statements are sent at once. The database keeps a connection to its file for each statement until
// the command is done, and waits for ever when it has none left.
const mostAtOnce = 20

// write sends statements in place of those of a command, in its turn, and adds up the replies.
func (t *turn) write(command bson.D, list string, statements bson.A) (any, error) {
	var n, modified int64
	for part := range slices.Chunk(statements, mostAtOnce) {
		reply, err := t.ask(with(command, list, part))
		_, lookupErr := reply.LookupErr("writeErrors")
		if err != nil || lookupErr == nil || len(part) == len(statements) {
			return reply, err
		}
		n += countIn(reply, "n")
		modified += countIn(reply, "nModified")
	}
	return bson.D{{Key: "n", Value: int32(n)}, {Key: "nModified", Value: int32(modified)}, {Key: "ok", Value: 1.0}}, nil //nolint:gosec // few
}

// countIn is a number of a reply; zero if it has none.
func countIn(reply bson.Raw, name string) int64 {
	n, _ := reply.Lookup(name).AsInt64OK()
	return n
}

// oneNamed splits a filter that names one document into its id and the rest.
func oneNamed(filter bson.Raw) (f byID, ok bool) {
	f, ok = named(filter)
	if all, _ := fields(filter); len(all) == 1 { // the filter is the id alone
		ok = true
	}
	return f, ok && len(f.ids) == 1
}

// statementsOf are the statements of a command.
func statementsOf(command bson.D, list string) (statements []bson.D, ok bool) {
	var docs []bson.Raw
	for _, e := range command {
		if e.Key != list {
			continue
		}
		switch v := e.Value.(type) {
		case bson.A: // the list came as a section of its own
			for _, doc := range v {
				docs = append(docs, doc.(bson.Raw))
			}
		case bson.RawValue:
			array, _ := v.ArrayOK()
			values, _ := array.Values()
			for _, value := range values {
				doc, _ := value.DocumentOK()
				docs = append(docs, doc)
			}
		}
	}
	for _, doc := range docs {
		statement, ok := fields(doc)
		if !ok {
			return nil, false
		}
		statements = append(statements, statement)
	}
	return statements, len(statements) > 0
}

// fitting are the ids of the documents that a write changes: the first that fits, or all. If no
// document fits, it is nobody.
func (t *turn) fitting(command bson.D, f byID, multi bool) ([]any, error) {
	var ids []any
	for _, id := range f.ids {
		if len(f.rest) > 0 || !multi && len(f.ids) > 1 {
			docs, err := t.matching(command, id, f.rest)
			if err != nil {
				return nil, err
			}
			if len(docs) == 0 {
				continue
			}
		}
		ids = append(ids, id)
		if !multi {
			break
		}
	}
	if len(ids) == 0 {
		ids = append(ids, nobody())
	}
	return ids, nil
}

// modifyWay is writeWay for findAndModify, whose sort chooses among several.
func modifyWay(where target, command bson.D) way {
	filter, _ := field(command, "query").DocumentOK()
	find := narrow(where, filter)
	if find == nil || goesAsItIs(command, "update") {
		return nil
	}
	sort, isSorted := field(command, "sort").DocumentOK()
	return func(t *turn) (any, error) {
		f, err := find(t)
		if err != nil {
			return nil, err
		}
		docs, err := t.allMatching(command, f, 0)
		if err != nil {
			return nil, err
		}
		if isSorted && !inOrder(docs, sort) {
			return nil, errAsItIs
		}
		var id any = nobody()
		if len(docs) > 0 {
			id = docs[0].Document().Lookup("_id")
		}
		return t.ask(with(without(command, "sort"), "query", bson.D{{Key: "_id", Value: id}}))
	}
}
