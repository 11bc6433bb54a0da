package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/FerretDB/FerretDB/ferretdb"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Options say where the data lies.
type Options struct {
	// Dir is the folder of the data; it is made if it is not there. Empty
	// keeps everything in memory, gone after Close.
	Dir string
	// Logger gets what goes wrong inside the database; nil is slog.Default().
	Logger *slog.Logger
}

// Server is a running database. Reach it with the driver through URI and
// Dialer, always both: the URI alone gives connections that do not take turns.
type Server struct {
	uri    string
	dialer *dialer
	folder *folder // nil in memory
	cancel context.CancelFunc
	done   chan struct{}
	close  sync.Once
}

// starting guards a variable that FerretDB writes while it is being made.
var starting sync.Mutex

// Open starts the database. The context is for the start only; the database
// runs until Close. A folder that another process uses is refused with an
// error that names it.
func Open(ctx context.Context, o Options) (*Server, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	logger := o.Logger
	if logger == nil {
		logger = slog.Default()
	}

	at := "file:/?mode=memory"
	var held *folder
	if o.Dir != "" {
		dir, err := filepath.Abs(o.Dir)
		if err != nil {
			return nil, fmt.Errorf("data folder %s: %w", o.Dir, err)
		}
		if held, err = take(dir); err != nil {
			return nil, err
		}
		at = fileURL(dir)
	}

	db, err := start(at, logger)
	if err != nil {
		held.giveBack()
		return nil, fmt.Errorf("start embedded database in %q: %w", o.Dir, err)
	}

	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{dialer: newDialer(), folder: held, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		_ = db.Run(running) // always nil
	}()
	s.uri = db.MongoDBURI()
	return s, nil
}

func start(at string, logger *slog.Logger) (*ferretdb.FerretDB, error) {
	starting.Lock()
	defer starting.Unlock()
	return ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(onlyErrors{logger.Handler()}),
		Handler:   "sqlite",
		SQLiteURL: at,
	})
}

// fileURL names the folder for SQLite. The journal is a write-ahead log
// (FerretDB's default), and every commit reaches the disk before it is
// acknowledged (SQLite's default, said here so that nobody has to look it up).
func fileURL(dir string) string {
	path := filepath.ToSlash(dir)
	if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	u := url.URL{
		Scheme:   "file",
		OmitHost: true,
		Path:     path,
		RawQuery: url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)"}}.Encode(),
	}
	return u.String()
}

// URI is the address for the driver.
func (s *Server) URI() string { return s.uri }

// Dialer makes connections that take turns. Hand it to the driver.
func (s *Server) Dialer() options.ContextDialer { return s.dialer }

// Close ends all connections, lets commands under way finish (10 s at most),
// stops the database and frees the folder.
func (s *Server) Close() error {
	var err error
	s.close.Do(func() {
		s.dialer.closeAll()
		s.cancel()
		<-s.done
		err = s.folder.giveBack()
	})
	return err
}

// onlyErrors passes on what is an error and drops the rest.
type onlyErrors struct{ slog.Handler }

func (h onlyErrors) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelError
}

func (h onlyErrors) WithAttrs(attrs []slog.Attr) slog.Handler {
	return onlyErrors{h.Handler.WithAttrs(attrs)}
}

func (h onlyErrors) WithGroup(name string) slog.Handler {
	return onlyErrors{h.Handler.WithGroup(name)}
}

// folder is a data folder that this process holds alone.
type folder struct{ lock *os.File }

var errInUse = errors.New("in use")

// take makes the folder and holds it until giveBack, or until the process
// ends however it ends.
func take(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	if err := lockFile(f); err != nil {
		f.Close()
		if errors.Is(err, errInUse) {
			return nil, fmt.Errorf("data folder %s is in use by another server; stop it, or choose another folder", dir)
		}
		return nil, fmt.Errorf("data folder %s: lock: %w", dir, err)
	}
	// A full disk is better met here, with the folder's name, than in the
	// middle of the first write.
	if err := writable(dir); err != nil {
		f.Close()
		return nil, fmt.Errorf("data folder %s cannot be written: %w", dir, err)
	}
	return &folder{lock: f}, nil
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

func (f *folder) giveBack() error {
	if f == nil {
		return nil
	}
	return f.lock.Close() // closing frees the lock
}
