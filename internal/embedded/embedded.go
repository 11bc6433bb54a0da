package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"

	"github.com/FerretDB/FerretDB/ferretdb"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Options say where the data is kept.
type Options struct {
	// Dir is the folder of the data, which is made if it does not exist. Empty means a
	// temporary folder that Close removes.
	Dir string
	// Logger gets the errors inside the database; nil is slog.Default().
	Logger *slog.Logger
}

// Server is a running database. The driver needs both URI and Dialer to reach it: with the URI
// alone connections do not take turns.
type Server struct {
	uri    string
	dialer *dialer
	folder *folder
	cancel context.CancelFunc
	done   chan struct{}
	close  sync.Once
}

// starting guards a variable that FerretDB writes during its start.
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

	held, err := o.folder()
	if err != nil {
		return nil, err
	}
	db, err := start(held.url(), logger)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start embedded database in %s: %w", held.dir, err), held.giveBack())
	}

	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{dialer: newDialer(newFiles(held, logger)), folder: held, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		_ = db.Run(running) // always nil
		// The garbage collector closes a lock file that is no longer referred to, and
		// another process would then remove the folder of a running database.
		runtime.KeepAlive(held)
	}()
	s.uri = db.MongoDBURI()
	return s, nil
}

func start(at string, logger *slog.Logger) (*ferretdb.FerretDB, error) {
	starting.Lock()
	defer starting.Unlock()
	return ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(onlyErrors{Handler: logger.Handler()}),
		Handler:   "sqlite",
		SQLiteURL: at,
	})
}

// URI is the address for the driver.
func (s *Server) URI() string { return s.uri }

// Dialer makes connections that take turns. Hand it to the driver.
func (s *Server) Dialer() options.ContextDialer { return s.dialer }

// Close ends all connections, lets commands under way finish (10 s at most),
// stops the database and frees the folder, or removes it if it was temporary.
func (s *Server) Close() error {
	var err error
	s.close.Do(func() {
		s.dialer.closeAll()
		s.dialer.files.close()
		s.cancel()
		<-s.done
		err = s.folder.giveBack()
	})
	return err
}

// onlyErrors passes on errors and drops other lines. FerretDB describes each command, with the
// documents in it, before it asks whether the level is enabled. The description is turned into a
// text only once there is an error.
type onlyErrors struct {
	slog.Handler
	described []func(slog.Handler) slog.Handler
}

// Enabled implements slog.Handler.
func (h onlyErrors) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelError
}

// Handle implements slog.Handler.
func (h onlyErrors) Handle(ctx context.Context, r slog.Record) error {
	to := h.Handler
	for _, describe := range h.described {
		to = describe(to)
	}
	return to.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h onlyErrors) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.with(func(to slog.Handler) slog.Handler { return to.WithAttrs(attrs) })
}

// WithGroup implements slog.Handler.
func (h onlyErrors) WithGroup(name string) slog.Handler {
	return h.with(func(to slog.Handler) slog.Handler { return to.WithGroup(name) })
}

func (h onlyErrors) with(describe func(slog.Handler) slog.Handler) onlyErrors {
	return onlyErrors{h.Handler, append(slices.Clip(h.described), describe)}
}
