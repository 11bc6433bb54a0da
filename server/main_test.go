package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"testing"
)

// runAsServer makes the test binary run the server instead of the tests, so
// that a test can kill a real process.
const runAsServer = "FAELLESSKAB_TEST_RUN_SERVER"

// sideBySide lets more tests run at once than there are processors, since many wait most of the time. Whoever gives -parallel
// decides.
func sideBySide() {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if given {
		return
	}
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
}

func TestMain(m *testing.M) {
	if os.Getenv(runAsServer) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}
	if os.Getenv(runAsScreensReplay) != "" {
		if err := replayScreens(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	sideBySide()
	os.Exit(m.Run())
}
