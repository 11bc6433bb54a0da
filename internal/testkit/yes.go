package testkit

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// Yes is a database that keeps nothing, finds nothing and agrees to every write at
// once: for benchmarks of what a database is not to slow down. Nothing that it says
// proves anything.
func Yes(t testing.TB) *mongodb.DB {
	t.Helper()
	db, err := mongodb.Connect(t.Context(), mongodb.Options{URI: "mongodb://yes/?directConnection=true", Database: "yes", Dialer: yesDialer{}, SmallPool: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { close_(t, db) })
	return db
}

type yesDialer struct{}

// DialContext makes a connection within the process. It implements
// options.ContextDialer.
func (yesDialer) DialContext(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	go sayYes(far)
	return near, nil
}

// The old messages in which a driver says its first hello.
const (
	opReply = 1
	opQuery = 2004
)

// sayYes answers until the other end is closed.
func sayYes(c net.Conn) {
	defer c.Close()
	for {
		head := make([]byte, messageHeader)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		message := make([]byte, binary.LittleEndian.Uint32(head))
		copy(message, head)
		if _, err := io.ReadFull(c, message[messageHeader:]); err != nil {
			return
		}
		body, err := bson.Marshal(yesTo(commandName(message)))
		if err != nil {
			return
		}
		var between []byte // what comes between the header and the document
		op := uint32(opMsg)
		if binary.LittleEndian.Uint32(message[12:]) == opQuery {
			op, between = opReply, make([]byte, 20) // flags, cursor, where it starts, how many
			between[16] = 1
		} else {
			between = make([]byte, 5) // flags, and the kind of the section
		}
		answer := binary.LittleEndian.AppendUint32(nil, uint32(messageHeader+len(between)+len(body))) //nolint:gosec // small
		answer = append(answer, 0, 0, 0, 0)
		answer = append(answer, message[4:8]...) // to which request
		answer = binary.LittleEndian.AppendUint32(answer, op)
		if _, err := c.Write(append(append(answer, between...), body...)); err != nil {
			return
		}
	}
}

func yesTo(command string) bson.D {
	yes := bson.E{Key: "ok", Value: 1}
	switch command {
	case "find", "aggregate":
		return bson.D{{Key: "cursor", Value: bson.D{{Key: "id", Value: int64(0)}, {Key: "ns", Value: "yes.yes"}, {Key: "firstBatch", Value: bson.A{}}}}, yes}
	case "findAndModify":
		return bson.D{{Key: "value", Value: bson.D{{Key: "_id", Value: "yes"}}}, yes}
	case "insert", "update", "delete":
		return bson.D{{Key: "n", Value: 1}, {Key: "nModified", Value: 1}, yes}
	}
	return bson.D{{Key: "isWritablePrimary", Value: true}, {Key: "helloOk", Value: true}, {Key: "maxBsonObjectSize", Value: 16 << 20},
		{Key: "maxMessageSizeBytes", Value: 48_000_000}, {Key: "maxWriteBatchSize", Value: 100_000}, {Key: "localTime", Value: time.Now()},
		{Key: "minWireVersion", Value: 0}, {Key: "maxWireVersion", Value: 21}, yes}
}
