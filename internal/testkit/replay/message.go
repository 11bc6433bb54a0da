package replay

import (
	"bytes"
	"encoding/binary"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// The parts of a message, see
// https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/. OP_QUERY and OP_REPLY
// carry only the first hello of a connection.
const (
	headerLen = 16
	opReply   = 1
	opQuery   = 2004
	opMsg     = 2013

	bodyAt      = headerLen + 4  // after the flags of an OP_MSG
	replyBodyAt = headerLen + 20 // after the flags and the cursor of an OP_REPLY
	queryTail   = 8              // numbers to skip and to return, before the document of an OP_QUERY
	maxMessage  = 64 << 20
)

var errNoCommand = errors.New("replay: a message that is no command")

func number(message []byte, at int) uint32 { return binary.LittleEndian.Uint32(message[at:]) }

func requestID(message []byte) uint32  { return number(message, 4) }
func responseTo(message []byte) uint32 { return number(message, 8) }
func opCode(message []byte) uint32     { return number(message, 12) }

// commandIn is the command of a request. Lists that are sent beside the document are put back into it.
func commandIn(message []byte) (bson.Raw, error) {
	switch {
	case len(message) < bodyAt:
	case opCode(message) == opQuery:
		_, rest, ok := bytes.Cut(message[bodyAt:], []byte{0}) // the name of the collection
		if ok && len(rest) > queryTail {
			doc, _, err := cut(rest[queryTail:])
			return doc, err
		}
	case opCode(message) == opMsg:
		return sectionsIn(message[bodyAt:])
	}
	return nil, errNoCommand
}

func sectionsIn(rest []byte) (command bson.Raw, err error) {
	var lists []byte
	for len(rest) > 0 {
		kind := rest[0]
		var section bson.Raw
		if section, rest, err = cut(rest[1:]); err != nil {
			return nil, err
		}
		if kind == 0 {
			command = section
			continue
		}
		name, docs, _ := bytes.Cut(section[4:], []byte{0})
		array := bsoncore.NewArrayBuilder()
		for len(docs) > 0 {
			var doc bson.Raw
			if doc, docs, err = cut(docs); err != nil {
				return nil, err
			}
			array.AppendDocument(bsoncore.Document(doc))
		}
		lists = bsoncore.AppendArrayElement(lists, string(name), array.Build())
	}
	if command == nil {
		return nil, errNoCommand
	}
	whole := append(append([]byte{}, command[:len(command)-1]...), append(lists, 0)...)
	binary.LittleEndian.PutUint32(whole, uint32(len(whole))) //nolint:gosec // below maxMessage
	return whole, nil
}

// replyIn is the document of a reply.
func replyIn(message []byte) (bson.Raw, error) {
	switch {
	case len(message) > replyBodyAt && opCode(message) == opReply:
		doc, _, err := cut(message[replyBodyAt:])
		return doc, err
	case len(message) > bodyAt+1 && opCode(message) == opMsg && message[bodyAt] == 0:
		doc, _, err := cut(message[bodyAt+1:])
		return doc, err
	}
	return nil, errNoCommand
}

// cut takes off what begins with its own length.
func cut(p []byte) (whole bson.Raw, rest []byte, err error) {
	if len(p) < 5 {
		return nil, nil, errNoCommand
	}
	n := int64(binary.LittleEndian.Uint32(p))
	if n < 5 || n > int64(len(p)) {
		return nil, nil, errNoCommand
	}
	return bson.Raw(p[:n]), p[n:], nil
}

// encode makes the reply to a request, in the form in which the request came.
func encode(request []byte, doc bson.Raw) []byte {
	op, before := uint32(opMsg), make([]byte, 5) // no flags; a section of one document
	if opCode(request) == opQuery {
		op, before = opReply, make([]byte, 20)
		before[0], before[16] = 8, 1 // the flag that the database can await; one document
	}
	size := uint32(headerLen + len(before) + len(doc)) //nolint:gosec // below maxMessage
	m := make([]byte, 0, size)
	for _, n := range []uint32{size, requestID(request), requestID(request), op} {
		m = binary.LittleEndian.AppendUint32(m, n)
	}
	return append(append(m, before...), doc...)
}
