package embedded

import (
	"bytes"

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
// between, since the turn lasts until the reply. A command with several statements goes to the
// database unchanged.
func writeWay(where target, command bson.D, list string) way {
	statement, ok := onlyStatement(command, list)
	if !ok || goesAsItIs(statement, "u") {
		return nil
	}
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
		return t.ask(with(command, list, statements))
	}
}

// onlyStatement is the statement of a command that has one.
func onlyStatement(command bson.D, list string) (bson.D, bool) {
	for _, e := range command {
		if e.Key != list {
			continue
		}
		var docs []bson.Raw
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
		if len(docs) != 1 {
			return nil, false
		}
		return fields(docs[0])
	}
	return nil, false
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
