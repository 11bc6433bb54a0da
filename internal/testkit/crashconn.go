package testkit

import (
	"bytes"
	"encoding/binary"
	"net"
	"sync"
)

// crashConn is a connection that asks the crasher about each command.
type crashConn struct {
	net.Conn
	crasher *Crasher

	writing sync.Mutex
	request []byte // the part of an incomplete request that has come

	mu     sync.Mutex
	isLast bool   // the next reply is the last one
	head   []byte // the first bytes of a reply, until its length is known
	rest   int    // how many bytes of the reply are still to come
}

// Write lets a request through completely or not at all.
func (c *crashConn) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.request = append(c.request, p...)
	for len(c.request) >= 4 {
		size := int(binary.LittleEndian.Uint32(c.request))
		if size < messageHeader || len(c.request) < size {
			break
		}
		message := c.request[:size]
		isLast, err := c.crasher.admit(commandName(message))
		if err != nil {
			c.Close()
			return 0, err
		}
		if isLast {
			c.mu.Lock()
			c.isLast = true
			c.mu.Unlock()
		}
		if _, err := c.Conn.Write(message); err != nil {
			c.request = nil
			return 0, err
		}
		c.request = c.request[size:]
	}
	if len(c.request) == 0 {
		c.request = nil
	}
	return len(p), nil
}

// Read passes the replies on; when the last one is complete the process dies.
func (c *crashConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.passed(p[:n]) {
		c.crasher.crash()
	}
	return n, err
}

// passed follows the replies and reports whether the last one has just ended.
func (c *crashConn) passed(p []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(p) > 0 {
		if c.rest == 0 {
			take := min(4-len(c.head), len(p))
			c.head = append(c.head, p[:take]...)
			p = p[take:]
			if len(c.head) < 4 {
				return false
			}
			c.rest = int(binary.LittleEndian.Uint32(c.head)) - 4
			c.head = nil
			continue
		}
		take := min(c.rest, len(p))
		p = p[take:]
		c.rest -= take
		if c.rest == 0 && c.isLast {
			c.isLast = false
			return true
		}
	}
	return false
}

// Close closes the connection, and the crasher forgets it.
func (c *crashConn) Close() error {
	c.crasher.mu.Lock()
	delete(c.crasher.conns, c)
	c.crasher.mu.Unlock()
	return c.Conn.Close()
}

// The parts of a message, see
// https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/.
const (
	messageHeader = 16
	opMsg         = 2013
)

// commandName is the first key of the document in the section of kind 0 of an
// OP_MSG; empty for other messages, such as the first hello.
func commandName(message []byte) string {
	if binary.LittleEndian.Uint32(message[12:]) != opMsg {
		return ""
	}
	sections := message[min(messageHeader+4, len(message)):] // after the flags
	for len(sections) >= 5 {
		kind, body := sections[0], sections[1:]
		size := int(binary.LittleEndian.Uint32(body))
		if size < 5 || size > len(body) {
			return ""
		}
		if kind == 0 {
			key, _, _ := bytes.Cut(body[5:size], []byte{0}) // length and type come before it
			return string(key)
		}
		sections = body[size:]
	}
	return ""
}
