package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// turn is a connection during its turn, in which it may send the database several commands before it
// answers.
type turn struct {
	// exchange sends a request and fetches its reply.
	exchange func(request []byte) (reply []byte, err error)
	files    *files // nil in tests without a database
}

// refusal is the database's reply to a command that it refused.
type refusal bson.Raw

func (r refusal) Error() string { return fmt.Sprintf("refused: %s", bson.Raw(r)) }

// errAsItIs says that the database is as quick with the unchanged command.
var errAsItIs = errors.New("embedded: no better way")

// answer carries a request out and wraps the reply. If the database refuses a command of it, the
// refusal is the reply.
func (w way) answer(t *turn, message []byte) ([]byte, error) {
	doc, err := w(t)
	if errors.Is(err, errAsItIs) {
		return t.exchange(message)
	}
	var refused refusal
	if errors.As(err, &refused) {
		doc, err = bson.Raw(refused), nil
	}
	if err != nil {
		return nil, err
	}
	return reply(requestID(message), doc)
}

// ofItsOwn is a context for the files, since connections have deadlines and no contexts.
func ofItsOwn() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), drainFor) //nolint:forbidigo // see above
}

// candidates are the ids of the documents that can fit. ok is false if no index leads to
// few of them.
func (t *turn) candidates(where target, conditions []condition) (ids []bson.RawValue, ok bool, err error) {
	if t.files == nil {
		return nil, false, nil
	}
	ctx, cancel := ofItsOwn()
	defer cancel()
	return t.files.candidates(ctx, where, conditions)
}

// isWorth reports whether it costs less to ask for that many documents one by one than to read the
// collection.
func (t *turn) isWorth(where target, asked int) bool {
	if t.files == nil {
		return true
	}
	ctx, cancel := ofItsOwn()
	defer cancel()
	return asked*worthReading <= t.files.size(ctx, where)
}

// ask is the reply to a command; a refusal is an error.
func (t *turn) ask(command bson.D) (bson.Raw, error) {
	m, err := request(command)
	if err != nil {
		return nil, err
	}
	if m, err = t.exchange(m); err != nil {
		return nil, err
	}
	doc, ok := readReply(m)
	if !ok {
		return nil, errors.New("embedded: a reply that is no document")
	}
	if yes, _ := doc.Lookup("ok").AsFloat64OK(); yes != 1 {
		return nil, refusal(doc)
	}
	return doc, nil
}

// documents runs a find or aggregate for one document and returns what it finds.
func (t *turn) documents(command bson.D) ([]bson.RawValue, error) {
	doc, err := t.ask(command)
	if err != nil {
		return nil, err
	}
	batch, ok := doc.Lookup("cursor", "firstBatch").ArrayOK()
	if !ok {
		return nil, errors.New("embedded: a reply without documents")
	}
	return batch.Values()
}

// matching is the document with that id, if it fits the rest of the filter.
func (t *turn) matching(command bson.D, id bson.RawValue, rest bson.D) ([]bson.RawValue, error) {
	collection, byID := command[0].Value, bson.D{{Key: "_id", Value: id}}
	if len(rest) == 0 {
		return t.documents(append(bson.D{{Key: "find", Value: collection}, {Key: "filter", Value: byID}}, common(command)...))
	}
	// The first of two stages alone uses the index, and the second sees one document.
	return t.documents(append(bson.D{
		{Key: "aggregate", Value: collection},
		{Key: "pipeline", Value: bson.A{bson.D{{Key: "$match", Value: byID}}, bson.D{{Key: "$match", Value: rest}}}},
		{Key: "cursor", Value: bson.D{}},
	}, common(command)...))
}

// allMatching are the documents that fit, up to most; 0 is all.
func (t *turn) allMatching(command bson.D, f byID, most int64) (all []bson.RawValue, err error) {
	for _, id := range f.ids {
		docs, err := t.matching(command, id, f.rest)
		if err != nil {
			return nil, err
		}
		if all = append(all, docs...); most > 0 && int64(len(all)) >= most {
			break
		}
	}
	return all, nil
}

// common are the fields of a command that every command knows.
func common(command bson.D) (list bson.D) {
	for _, e := range command {
		switch e.Key {
		case "$db", "lsid", "maxTimeMS":
			list = append(list, e)
		}
	}
	return list
}

// prepare does the work before a request, and returns the work after it; both run in its turn. A
// collection that the request makes gets its index, and the file of a database that it drops is
// closed.
func (c *conn) prepare(request []byte) (after func()) {
	command, t, ok := targetOf(request)
	switch {
	case c.files == nil || !ok:
	case command == "dropDatabase":
		c.files.forget(t.db)
	case command == "drop":
		c.files.drop(t)
	case command == "createIndexes" || command == "dropIndexes":
		c.files.drop(t)
		return func() { c.files.index(t) }
	case t.collection != "":
		return func() { c.files.index(t) }
	}
	return func() {}
}

// exchange sends a request of this package and reads its reply, unless the caller no longer waits.
func (c *conn) exchange(request []byte) ([]byte, error) {
	if c.over() {
		return nil, net.ErrClosed
	}
	if _, err := c.Conn.Write(request); err != nil {
		return nil, err
	}
	return readMessage(c.Conn)
}
