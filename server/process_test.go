package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
)

type process struct {
	cmd *exec.Cmd
	url string
}

// startProcess starts the server as a process of its own and waits until it
// listens.
func startProcess(ctx context.Context, t testing.TB, args, environ []string) *process {
	t.Helper()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append([]string{runAsServer + "=1"}, environ...)
	cmd.Stderr = t.Output()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "listens on "); ok {
			go func() {
				for lines.Scan() { // reads on, so that the pipe does not fill up
				}
			}()
			return &process{cmd: cmd, url: url}
		}
	}
	t.Fatalf("the server did not say where it listens: %v", cmd.Wait())
	return nil
}

// kill ends the process without a chance to clean up.
func (p *process) kill(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // returns "signal: killed"
}
