package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// runAsServer makes the test binary run the server instead of the tests, so
// that a test can kill a real process.
const runAsServer = "FAELLESSKAB_TEST_RUN_SERVER"

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
	os.Exit(m.Run())
}
