package main

import (
	"bufio"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/community"
	"faellesskab/internal/config"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/push/fcmsim"
)

// TestKilledServerLosesNoPush kills a real server process with SIGKILL in the
// middle of 5,000 phones: started again, every phone gets the push, and no more
// than one window of sends is repeated.
func TestKilledServerLosesNoPush(t *testing.T) {
	t.Parallel()
	const phones, killAfter, window = killPhones, killPhones / 3, 50
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()

	sim := fcmsim.New(fcmsim.Options{Keep: 2 * phones})
	endpoint, stop, err := fcmsim.Start(ctx, sim)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	environ := []string{"FCM_ENDPOINT=" + endpoint}
	if uri := os.Getenv("MONGODB_URI"); uri != "" {
		environ = append(environ, "MONGODB_URI="+uri, "MONGODB_DATABASE=test_kill_"+id.New("db")[3:])
	} else {
		environ = append(environ, "PATH="+os.Getenv("PATH"))
	}
	args := []string{"-addr", "127.0.0.1:0", "-data", t.TempDir()}
	groupID := seedCrowd(ctx, t, args, environ, phones)

	first := startProcess(ctx, t, args, environ)
	h := &harness{t: t, url: first.url, tokens: map[string]string{}}
	h.readTokens()
	h.publishTo(groupID, "Fest")
	if err := sim.WaitFor(ctx, killAfter); err != nil {
		t.Fatal(err)
	}
	first.kill(t)
	if got := sim.Devices(); got >= phones {
		t.Fatalf("the server was killed too late: %d phones had the push", got)
	}

	second := startProcess(ctx, t, args, environ)
	for sim.Devices() < phones {
		if err := sim.WaitFor(ctx, sim.Received()+1); err != nil {
			t.Fatalf("%d of %d phones got the push: %v", sim.Devices(), phones, err)
		}
	}
	second.kill(t)
	if repeats := sim.Received() - phones; repeats > window {
		t.Errorf("%d pushes were repeated, want at most %d", repeats, window)
	}
	collapse := map[string]map[string]bool{}
	for _, p := range sim.Pushes() {
		if collapse[p.Device] == nil {
			collapse[p.Device] = map[string]bool{}
		}
		collapse[p.Device][p.CollapseKey] = true
	}
	for device, keys := range collapse {
		if len(keys) != 1 {
			t.Errorf("%s got pushes that do not collapse: %v", device, keys)
		}
	}
}

// seedCrowd writes the crowd before the server starts.
func seedCrowd(ctx context.Context, t testing.TB, args, environ []string, n int) string {
	t.Helper()
	cfg, err := config.Load(args, environ)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	c := community.New(community.Options{DB: db.DB, Log: log, Owner: "seed"})
	if _, err := mongodb.SyncIndexes(ctx, db.DB, c.Indexes()); err != nil {
		t.Fatal(err)
	}
	return addCrowd(ctx, t, c, n)
}

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
				for lines.Scan() { // keep the pipe from filling up
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
	_ = p.cmd.Wait() // "signal: killed"
}
