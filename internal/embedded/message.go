package embedded

import (
	"bytes"
	"encoding/binary"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// opMsg is the kind of message that carries a command or a reply: a header, four bytes of flags,
// and sections. A section is either a 0 and a document, or a 1 and a list of documents with its
// length and its name, which stands for an array of that name in the document.
const (
	opMsg      = 2013
	bodyAt     = headerLen + 4
	sectionDoc = 0
	sectionSeq = 1
)

// requestID is the number of a message. Its reply repeats it.
func requestID(message []byte) uint32 { return binary.LittleEndian.Uint32(message[4:]) }

// readCommand reads the command in a message, and puts its lists back in. ok is false for any other
// message, and for one with flags. The command lies in the message's memory.
func readCommand(message []byte) (command bson.D, ok bool) {
	if len(message) < bodyAt || binary.LittleEndian.Uint32(message[12:]) != opMsg || binary.LittleEndian.Uint32(message[headerLen:]) != 0 {
		return nil, false
	}
	var lists bson.D
	for rest := message[bodyAt:]; len(rest) > 0; {
		kind := rest[0]
		section, after, ok := cut(rest[1:])
		if !ok {
			return nil, false
		}
		rest = after
		switch kind {
		case sectionDoc:
			if command, ok = fields(section); !ok {
				return nil, false
			}
		case sectionSeq:
			name, docs, ok := bytes.Cut(section[4:], []byte{0})
			list, whole := documents(docs)
			if !ok || !whole {
				return nil, false
			}
			lists = append(lists, bson.E{Key: string(name), Value: list})
		default:
			return nil, false
		}
	}
	return append(command, lists...), len(command) > 0
}

// cut takes off what begins with its own length.
func cut(p []byte) (whole, rest []byte, ok bool) {
	if len(p) < 4 {
		return nil, nil, false
	}
	n := int64(binary.LittleEndian.Uint32(p))
	if n < 5 || n > int64(len(p)) {
		return nil, nil, false
	}
	return p[:n], p[n:], true
}

// fields are the fields of a document, undecoded. ok is false if it is no document.
func fields(doc bson.Raw) (list bson.D, ok bool) {
	elements, err := doc.Elements()
	if err != nil {
		return nil, false
	}
	for _, e := range elements {
		list = append(list, bson.E{Key: e.Key(), Value: e.Value()})
	}
	return list, true
}

func documents(p []byte) (list bson.A, ok bool) {
	for len(p) > 0 {
		doc, rest, ok := cut(p)
		if !ok {
			return nil, false
		}
		list, p = append(list, bson.Raw(doc)), rest
	}
	return list, true
}

// lastRequest numbers the requests that this package makes.
var lastRequest atomic.Uint32

// request is a message with a command.
func request(command bson.D) ([]byte, error) { return encode(lastRequest.Add(1), 0, command) }

// reply is a message that answers a request.
func reply(to uint32, doc any) ([]byte, error) { return encode(lastRequest.Add(1), to, doc) }

func encode(id, to uint32, doc any) ([]byte, error) {
	body, err := bson.Marshal(doc)
	if err != nil {
		return nil, err
	}
	m := make([]byte, 0, bodyAt+1+len(body))
	for _, n := range []uint32{uint32(bodyAt + 1 + len(body)), id, to, opMsg, 0} { //nolint:gosec // below maxMessage
		m = binary.LittleEndian.AppendUint32(m, n)
	}
	return append(append(m, sectionDoc), body...), nil
}

// readReply takes the document out of a reply.
func readReply(message []byte) (bson.Raw, bool) {
	if len(message) <= bodyAt || message[bodyAt] != sectionDoc {
		return nil, false
	}
	doc, _, ok := cut(message[bodyAt+1:])
	return doc, ok
}

// targetOf says which command a message carries, and for which collection. ok is false if it is for
// none.
func targetOf(message []byte) (command string, t target, ok bool) {
	if len(message) <= bodyAt || binary.LittleEndian.Uint32(message[12:]) != opMsg || message[bodyAt] != sectionDoc {
		return "", t, false
	}
	body, _, ok := cut(message[bodyAt+1:])
	if !ok {
		return "", t, false
	}
	first, err := bson.Raw(body).IndexErr(0)
	if err != nil {
		return "", t, false
	}
	db, isNamed := bson.Raw(body).Lookup("$db").StringValueOK()
	t.db = db
	t.collection, _ = first.Value().StringValueOK()
	return first.Key(), t, isNamed
}
