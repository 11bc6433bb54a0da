package embedded

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// temporaryPrefix begins the names of the folders of temporary databases.
const temporaryPrefix = "faellesskab-temporary-"

// folder is a data folder that this process alone holds.
type folder struct {
	dir         string
	lock        *os.File
	isTemporary bool
}

var errInUse = errors.New("in use")

// folder takes the folder that the options name, or a temporary one.
//
// FerretDB could keep data in memory, but then it has a single connection, and an open cursor would
// keep everybody else waiting for ever. So even temporary data lies in files.
func (o Options) folder() (*folder, error) {
	if o.Dir == "" {
		sweep(os.TempDir())
		dir, err := os.MkdirTemp("", temporaryPrefix)
		if err != nil {
			return nil, fmt.Errorf("temporary data folder: %w", err)
		}
		f, err := take(dir)
		if err != nil {
			os.RemoveAll(dir)
			return nil, err
		}
		f.isTemporary = true
		return f, nil
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", o.Dir, err)
	}
	return take(dir)
}

// sweep removes temporary folders whose process ended without Close.
func sweep(parent string) {
	if !locksWork {
		return
	}
	left, err := filepath.Glob(filepath.Join(parent, temporaryPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		// The process that has made a young folder may not have locked it yet.
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		f, err := os.OpenFile(lockPath(dir), os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if lockFile(f) == nil {
			os.RemoveAll(dir)
		}
		f.Close()
	}
}

func lockPath(dir string) string { return filepath.Join(dir, "lock") }

// take makes the folder and holds it until giveBack, or until the process ends in any way.
func take(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	f, err := os.OpenFile(lockPath(dir), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	if err := lockPatiently(f); err != nil {
		f.Close()
		if errors.Is(err, errInUse) {
			return nil, fmt.Errorf("data folder %s is in use by another server; stop it, or choose another folder", dir)
		}
		return nil, fmt.Errorf("data folder %s: lock: %w", dir, err)
	}
	// It is better to find a full disk here, with the folder's name, than in the middle of
	// the first write.
	if err := writable(dir); err != nil {
		f.Close()
		return nil, fmt.Errorf("data folder %s cannot be written: %w", dir, err)
	}
	return &folder{dir: dir, lock: f}, nil
}

// lockPatiently tries for half a second, since a lock that was just given back can live on for a
// moment in a child process that is being started.
func lockPatiently(f *os.File) error {
	var err error
	for range 20 {
		if err = lockFile(f); !errors.Is(err, errInUse) {
			return err
		}
		time.Sleep(25 * time.Millisecond)
	}
	return err
}

func writable(dir string) error {
	f, err := os.CreateTemp(dir, "probe-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(make([]byte, 64<<10)); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// giveBack frees the folder for others; a temporary one is removed.
func (f *folder) giveBack() error {
	var err error
	if f.isTemporary {
		err = os.RemoveAll(f.dir)
	}
	return errors.Join(err, f.lock.Close()) // closing frees the lock
}

// url names the folder for SQLite.
func (f *folder) url() string {
	return fileURL(strings.TrimSuffix(f.dir, string(filepath.Separator))+"/", f.settings())
}

// settings are the settings of SQLite. The journal is a write-ahead log (FerretDB's default), and
// every commit reaches the disk before it is acknowledged (SQLite's default, which is set here so
// that nobody has to look it up). Temporary data need not reach the disk.
func (f *folder) settings() url.Values {
	disk := "synchronous(full)"
	if f.isTemporary {
		disk = "synchronous(off)"
	}
	return url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(wal)", disk}}
}

// fileURL names a file or a folder for SQLite.
func fileURL(path string, settings url.Values) string {
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: settings.Encode()}
	return u.String()
}
