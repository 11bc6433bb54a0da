package embedded

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// message is any message of the protocol: its length, and the rest.
func message(size int) []byte {
	m := bytes.Repeat([]byte{'x'}, size)
	binary.LittleEndian.PutUint32(m, uint32(size))
	return m
}

// line is one connection with both its ends, the driver's and the database's.
type line struct {
	*conn
	database net.Conn
	came     atomic.Bool // a complete request has come
	failed   atomic.Value
}

func newLine(t *testing.T, turn turns) *line {
	near, far := net.Pipe()
	l := &line{conn: newConn(near, turn, 10*time.Second), database: far}
	t.Cleanup(func() {
		l.conn.Close()
		far.Close()
	})
	return l
}

// ask sends a request; the database reads it when it comes.
func (l *line) ask() {
	l.came.Store(false)
	go func() {
		if _, err := readMessage(l.database); err == nil {
			l.came.Store(true)
		}
	}()
	go func() {
		if _, err := l.conn.Write(message(100)); err != nil {
			l.failed.Store(err)
		}
	}()
	synctest.Wait()
}

func (l *line) arrived() bool { return l.came.Load() }

// sent is the error of the last Write that failed.
func (l *line) sent() error {
	err, _ := l.failed.Load().(error)
	return err
}

// answer lets the database send bytes.
func (l *line) answer(t *testing.T, p []byte) {
	t.Helper()
	if _, err := l.database.Write(p); err != nil {
		t.Errorf("answer: %v", err)
	}
	synctest.Wait()
}

func TestRequestWaitsForTheWholeReplyToAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurns()
		a, b, other := newLine(t, turn), newLine(t, turn), newLine(t, newTurns())
		a.ask()
		if !a.arrived() {
			t.Fatal("the first request did not go through")
		}
		other.ask()
		if !other.arrived() {
			t.Error("a connection to another server waits") // this also shows that only shared turns make it wait
		}
		b.ask()
		reply := message(200)
		for _, part := range [][]byte{nil, reply[:3], reply[3:50], reply[50:199]} {
			a.answer(t, part)
			if b.arrived() {
				t.Fatal("the second request went through before the first reply was whole")
			}
		}
		a.answer(t, reply[199:])
		if !b.arrived() {
			t.Error("the second request still waits")
		}
		got := make([]byte, 200)
		if _, err := io.ReadFull(a, got); err != nil || !bytes.Equal(got, reply) {
			t.Errorf("the reply came changed, %v", err)
		}
	})
}

func TestRequestInPiecesIsSentWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurns()
		a, b := newLine(t, turn), newLine(t, turn)
		request := message(100)
		for _, part := range [][]byte{request[:2], request[2:99]} {
			if n, err := a.Write(part); n != len(part) || err != nil {
				t.Fatalf("write: %d, %v", n, err)
			}
		}
		b.ask()
		if !b.arrived() {
			t.Fatal("half a request keeps others waiting")
		}
		b.answer(t, message(20))
		go a.Write(request[99:])
		if got, err := readMessage(a.database); err != nil || !bytes.Equal(got, request) {
			t.Errorf("the request came changed, %v", err)
		}
		a.answer(t, message(20))
	})
}

func TestWaitForTheTurnEndsAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurns()
		a, b := newLine(t, turn), newLine(t, turn)
		a.ask()
		b.SetDeadline(time.Now().Add(time.Second))
		b.ask()
		time.Sleep(time.Second)
		synctest.Wait()
		if !errors.Is(b.sent(), os.ErrDeadlineExceeded) || b.arrived() {
			t.Fatalf("after the deadline: %v, arrived %t", b.sent(), b.arrived())
		}
		var timeout net.Error
		if !errors.As(b.sent(), &timeout) || !timeout.Timeout() {
			t.Error("the driver cannot see that it is a timeout")
		}
		b.SetDeadline(time.Time{})
		a.answer(t, message(20))
		go b.Write(message(100))
		synctest.Wait()
		if !b.arrived() {
			t.Error("with a later deadline the request does not go through")
		}
		b.answer(t, message(20))
	})
}

func TestWaitForTheTurnEndsWithClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurns()
		a, b, c := newLine(t, turn), newLine(t, turn), newLine(t, turn)
		a.ask()
		b.ask()
		b.Close()
		synctest.Wait()
		if !errors.Is(b.sent(), net.ErrClosed) {
			t.Errorf("write of a closed connection: %v", b.sent())
		}
		a.answer(t, message(20))
		c.ask()
		if !c.arrived() {
			t.Error("the one that closed took the turn with it")
		}
		c.answer(t, message(20))
	})
}

func TestCloseKeepsTheTurnUntilTheReplyHasCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurns()
		a, b := newLine(t, turn), newLine(t, turn)
		a.ask()
		a.Close()
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read after close: %v", err)
		}
		b.ask()
		if b.arrived() {
			t.Fatal("another request went in while the database was at work")
		}
		time.Sleep(9 * time.Second)
		a.answer(t, message(200))
		if !b.arrived() {
			t.Error("the turn was not given on")
		}
		select {
		case <-a.gone:
		default:
			t.Error("the real connection stays open")
		}
		b.answer(t, message(20))
	})
}

func TestReplyThatNeverComesAfterCloseFreesTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurns()
		a, b := newLine(t, turn), newLine(t, turn)
		a.ask()
		a.Close()
		b.ask()
		time.Sleep(10*time.Second - 1)
		synctest.Wait()
		if b.arrived() {
			t.Fatal("the turn was given on too soon")
		}
		time.Sleep(1)
		synctest.Wait()
		if !b.arrived() {
			t.Error("the turn is lost")
		}
		b.answer(t, message(20))
	})
}

// The driver may give up on a reply and read it later, or never.
func TestReplyNobodyReadsFreesTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurns()
		a, b := newLine(t, turn), newLine(t, turn)
		a.ask()
		a.SetReadDeadline(time.Now().Add(time.Second))
		if _, err := a.Read(make([]byte, 4)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("read: %v", err)
		}
		b.ask()
		if b.arrived() {
			t.Fatal("another request went in while the database was at work")
		}
		a.answer(t, message(200))
		if !b.arrived() {
			t.Error("an unread reply keeps the turn")
		}
		b.answer(t, message(20))
		a.SetReadDeadline(time.Time{})
		if got, err := readMessage(a); err != nil || len(got) != 200 {
			t.Errorf("the late reader gets %d bytes, %v", len(got), err)
		}
	})
}

func TestDatabaseThatHangsUpFreesTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurns()
		a, b := newLine(t, turn), newLine(t, turn)
		a.ask()
		b.ask()
		a.database.Close()
		if _, err := a.Read(make([]byte, 4)); !errors.Is(err, io.EOF) {
			t.Errorf("read: %v", err)
		}
		synctest.Wait()
		if !b.arrived() {
			t.Error("the turn is lost")
		}
		b.answer(t, message(20))
	})
}

func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	defer far.Close()
	c := newConn(near, newTurns(), time.Second)
	defer c.Close()
	if _, err := c.Write([]byte("GET / HTTP/1.1\r\n")); err == nil {
		t.Error("what is no request was taken")
	}
}
