package embedded

import (
	"log/slog"
	"os"
	"runtime"
	"testing"
)

// A database whose Server is no longer referred to keeps its folder. Once the garbage collector
// freed the lock of such a one, and another process removed the folder.
func TestRunningDatabaseKeepsItsFolderWhenNobodyKeepsTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stop := openAndForget(t, dir)
	defer stop()
	for range 5 {
		runtime.GC()
	}
	f, err := os.OpenFile(lockPath(dir), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := lockFile(f); err == nil {
		t.Error("the folder of a running database can be taken by somebody else")
	}
}

// openAndForget opens a server and keeps only the function that stops it.
func openAndForget(t *testing.T, dir string) func() {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	cancel, done := s.cancel, s.done
	return func() {
		cancel()
		<-done
	}
}
