package gate

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"
)

func TestACounterHoldsItsLimit(t *testing.T) {
	t.Parallel()
	c := NewCounter[string](2)
	first, ok := c.Enter("a")
	second, also := c.Enter("a")
	if !ok || !also {
		t.Fatal("two are too many")
	}
	if _, ok := c.Enter("a"); ok {
		t.Error("three are not")
	}
	if leave, ok := c.Enter("b"); !ok {
		t.Error("another one has to wait")
	} else {
		leave()
	}
	first()
	first() // a second call changes nothing
	third, ok := c.Enter("a")
	if !ok {
		t.Fatal("the place is not free again")
	}
	if _, ok := c.Enter("a"); ok {
		t.Error("leaving twice made room for two")
	}
	second()
	third()
	if len(c.under) != 0 {
		t.Errorf("%v is remembered for ever", c.under)
	}
}

func TestACounterHoldsItsLimitAmongMany(t *testing.T) {
	t.Parallel()
	c := NewCounter[int](5)
	var mu sync.Mutex
	var inside, most int
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 200 {
				leave, ok := c.Enter(1)
				if !ok {
					continue
				}
				mu.Lock()
				inside++
				most = max(most, inside)
				mu.Unlock()
				mu.Lock()
				inside--
				mu.Unlock()
				leave()
			}
		})
	}
	wg.Wait()
	if most > 5 || most == 0 || len(c.under) != 0 {
		t.Errorf("%d were inside at once; %v are left", most, c.under)
	}
}

// listen starts a listener of ours and hands out what it accepts.
func listen(t *testing.T, l *Listener) (accepted chan net.Conn) {
	t.Helper()
	inner, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Listener, accepted = inner, make(chan net.Conn, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- conn
		}
	}()
	t.Cleanup(func() {
		_ = inner.Close()
		<-done
	})
	return accepted
}

func dial(t *testing.T, l *Listener) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

func TestAStrangerHasSoManyConnections(t *testing.T) {
	t.Parallel()
	refused := make(chan Home, 10)
	l := &Listener{Connections: NewCounter[Home](2), Patience: time.Second, Refused: func(h Home) { refused <- h }}
	accepted := listen(t, l)
	dial(t, l)
	dial(t, l)
	first := <-accepted
	<-accepted
	if _, err := dial(t, l).Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the third is let in: %v", err)
	}
	if got := <-refused; got.String() != "127.0.0.1/32" {
		t.Errorf("%s was refused", got)
	}
	_ = first.Close()
	_ = first.Close()
	dial(t, l)
	<-accepted // there is room again
	if _, err := dial(t, l).Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("closing twice made room for two: %v", err)
	}
}

func TestAProxyHasAsManyAsItLikes(t *testing.T) {
	t.Parallel()
	l := &Listener{Connections: NewCounter[Home](1), Patience: time.Second, Proxies: Proxies{netip.MustParsePrefix("127.0.0.0/8")},
		Refused: func(h Home) { t.Errorf("%s was refused", h) }}
	accepted := listen(t, l)
	for range 5 {
		dial(t, l)
		<-accepted
	}
}

// A client that reads nothing loses the connection. A client that reads slowly gets the whole
// answer, however long that takes.
func TestWhatIsWrittenMustBeTaken(t *testing.T) {
	t.Parallel()
	const patience = 400 * time.Millisecond
	answer := bytes.Repeat([]byte("0123456789abcdef"), 2<<20/16)
	l := &Listener{Connections: NewCounter[Home](10), Patience: patience}
	accepted := listen(t, l)
	write := func(conn net.Conn) (took time.Duration, err error) {
		defer conn.Close()
		start := time.Now()
		n, err := conn.Write(answer)
		if (err == nil) != (n == len(answer)) {
			t.Errorf("%d bytes are written, and %v", n, err)
		}
		return time.Since(start), err
	}
	t.Run("never", func(t *testing.T) {
		dial(t, l)
		took, err := write(<-accepted)
		if !errors.Is(err, os.ErrDeadlineExceeded) || took > 10*patience {
			t.Errorf("after %s: %v", took, err)
		}
	})
	t.Run("slowly", func(t *testing.T) {
		client := dial(t, l)
		got := make(chan int, 1)
		go func() {
			all := 0
			for part := make([]byte, 64<<10); ; time.Sleep(patience / 10) {
				n, err := io.ReadFull(client, part)
				if all += n; err != nil {
					got <- all
					return
				}
			}
		}()
		took, err := write(<-accepted)
		if err != nil || took < 2*patience {
			t.Errorf("after %s: %v", took, err)
		}
		if all := <-got; all != len(answer) {
			t.Errorf("%d of %d bytes arrived", all, len(answer))
		}
	})
}
