// Command apart runs a number of embedded databases in a process of their own, for tests under the
// race detector. The detector does not watch that process, so the databases are not ten times as
// slow. It prints their addresses in one line and runs until its standard input ends.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/embedded"
)

func main() {
	n, err := strconv.Atoi(strings.Join(os.Args[1:], " "))
	if err == nil {
		err = run(context.Background(), n, os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "apart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n int, until io.Reader, says io.Writer) error {
	var closing []func() error
	for range n {
		server, err := embedded.Open(ctx, embedded.Options{})
		if err != nil {
			return err
		}
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return errors.Join(err, server.Close())
		}
		go serve(ctx, listener, server)
		fmt.Fprintf(says, "mongodb://%s/ ", listener.Addr())
		closing = append(closing, listener.Close, server.Close)
	}
	fmt.Fprintln(says)
	_, _ = io.Copy(io.Discard, until)
	var errs []error
	for _, end := range closing {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}

// serve joins each connection with one to the database that takes turns.
func serve(ctx context.Context, l net.Listener, server *embedded.Server) {
	at, err := url.Parse(server.URI())
	if err != nil {
		panic(err) // the database itself has made the URI
	}
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		go join(ctx, near, server.Dialer(), at.Host)
	}
}

func join(ctx context.Context, near net.Conn, dialer options.ContextDialer, address string) {
	defer near.Close()
	far, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return
	}
	go func() {
		defer far.Close()
		_, _ = io.Copy(far, near)
	}()
	_, _ = io.Copy(near, far)
}
