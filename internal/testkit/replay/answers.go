package replay

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// hellos are the commands by which a client gets to know the server.
var hellos = []string{"hello", "isMaster", "ismaster"}

// writes are the commands that are answered as recorded, whatever their values are.
var writes = []string{"insert", "update", "delete", "findAndModify"}

// answers are the replies to all that was asked once. It does not change.
type answers struct {
	hello bson.Raw
	of    map[string]map[string]bson.Raw // by shape and values
	any   map[string]bson.Raw            // by shape, for writes
	byID  map[string]map[string]bson.Raw // by shape and id; nil: there is no such document
}

var fine = mustMarshal(bson.D{{Key: "ok", Value: 1.0}})

func mustMarshal(doc bson.D) bson.Raw {
	raw, err := bson.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return raw
}

// newAnswers sorts what was said. Where the same was asked twice, the first reply counts, since writes
// may have changed the second.
func newAnswers(said []Exchange) (*answers, error) {
	a := &answers{of: map[string]map[string]bson.Raw{}, any: map[string]bson.Raw{}, byID: map[string]map[string]bson.Raw{}}
	for _, s := range said {
		name := nameOf(s.Command)
		q := questionOf(s.Command)
		switch {
		case slices.Contains(hellos, name):
			if a.hello == nil {
				a.hello = plainHello(s.Reply)
			}
		case q.isByID():
			if err := a.learn(q, s.Reply); err != nil {
				return nil, err
			}
		default:
			if a.of[q.shape] == nil {
				a.of[q.shape] = map[string]bson.Raw{}
			}
			if _, isKnown := a.of[q.shape][q.values]; !isKnown {
				a.of[q.shape][q.values] = s.Reply
			}
			if slices.Contains(writes, name) {
				a.any[q.shape] = s.Reply
			}
		}
	}
	if a.hello == nil {
		return nil, fmt.Errorf("replay: no hello among %d commands", len(said))
	}
	return a, nil
}

// learn keeps the documents of a find by ids.
func (a *answers) learn(q question, reply bson.Raw) error {
	known := a.byID[q.shape]
	if known == nil {
		known = map[string]bson.Raw{}
		a.byID[q.shape] = known
	}
	batch, ok := reply.Lookup("cursor", "firstBatch").ArrayOK()
	if next, _ := reply.Lookup("cursor", "id").AsInt64OK(); !ok || next != 0 {
		return fmt.Errorf("replay: %s has more than one batch: %s", q.shape, reply)
	}
	found, err := batch.Values()
	if err != nil {
		return err
	}
	for _, id := range q.ids {
		if _, isKnown := known[id]; !isKnown {
			known[id] = nil
		}
	}
	for _, v := range found {
		id, _ := v.Document().Lookup("_id").StringValueOK()
		if known[id] == nil {
			known[id] = v.Document()
		}
	}
	return nil
}

// plainHello is the server's description of itself without the addresses of servers, and without what
// lets a client wait for changes.
func plainHello(reply bson.Raw) bson.Raw {
	elements, _ := reply.Elements()
	var doc []byte
	start, doc := bsoncore.AppendDocumentStart(doc)
	for _, e := range elements {
		if !slices.Contains([]string{"topologyVersion", "me", "hosts", "primary", "passives", "compression", "saslSupportedMechs"}, e.Key()) {
			doc = append(doc, e...)
		}
	}
	doc, _ = bsoncore.AppendDocumentEnd(doc, start)
	return doc
}

func nameOf(command bson.Raw) string {
	first, err := command.IndexErr(0)
	if err != nil {
		return ""
	}
	return first.Key()
}

// to is the reply to a command. isKnown is false if it was never recorded.
func (a *answers) to(command bson.Raw) (reply bson.Raw, isKnown bool) {
	name := nameOf(command)
	switch {
	case slices.Contains(hellos, name):
		return a.hello, true
	case name == "ping" || name == "endSessions" || name == "killCursors":
		return fine, true
	}
	q := questionOf(command)
	if q.isByID() {
		return a.withIDs(command, q)
	}
	if reply, ok := a.of[q.shape][q.values]; ok {
		return reply, true
	}
	if reply, ok := a.any[q.shape]; ok {
		return reply, true
	}
	return unknown(q), false
}

// withIDs is the reply to a find by ids.
func (a *answers) withIDs(command bson.Raw, q question) (reply bson.Raw, isKnown bool) {
	collection, _ := command.Lookup("find").StringValueOK()
	db, _ := command.Lookup("$db").StringValueOK()
	known := a.byID[q.shape]
	reply = make([]byte, 0, 4096)
	whole, reply := bsoncore.AppendDocumentStart(reply)
	cursor, reply := bsoncore.AppendDocumentElementStart(reply, "cursor")
	batch, reply := bsoncore.AppendArrayElementStart(reply, "firstBatch")
	n := 0
	for _, id := range q.ids {
		doc, isKnown := known[id]
		if !isKnown {
			return unknown(question{shape: q.shape, values: id}), false
		}
		if doc != nil {
			reply = bsoncore.AppendDocumentElement(reply, strconv.Itoa(n), bsoncore.Document(doc))
			n++
		}
	}
	reply, _ = bsoncore.AppendArrayEnd(reply, batch)
	reply = bsoncore.AppendInt64Element(reply, "id", 0)
	reply = bsoncore.AppendStringElement(reply, "ns", db+"."+collection)
	reply, _ = bsoncore.AppendDocumentEnd(reply, cursor)
	reply = bsoncore.AppendDoubleElement(reply, "ok", 1)
	reply, _ = bsoncore.AppendDocumentEnd(reply, whole)
	return reply, true
}

// unknownCommand is the code of the error that answers what was never recorded. No code of the
// server's is this, so that nothing is tried again.
const unknownCommand = 99999

func unknown(q question) bson.Raw {
	said := "replay: never recorded: " + strings.TrimSpace(q.shape)
	if q.values != "" {
		said += ", with " + strings.TrimSpace(q.values)
	}
	return mustMarshal(bson.D{{Key: "ok", Value: 0.0}, {Key: "errmsg", Value: said},
		{Key: "code", Value: unknownCommand}, {Key: "codeName", Value: "NeverRecorded"}})
}
