package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"faellesskab/internal/auth"
	"faellesskab/internal/community"
	"faellesskab/internal/config"
	"faellesskab/internal/demo"
	"faellesskab/internal/id"
	"faellesskab/internal/keyring"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/secret"
)

// Setup has everything that a server is started with.
type Setup struct {
	Config config.Config
	Log    *slog.Logger
	Stdout io.Writer // for the person at the terminal

	// These fields are for tests: a database that is open already, ids of the test's
	// own, a simulator that it can question, and no demo data.
	DB        *mongodb.DB
	NewID     id.Maker
	Simulator *fcmsim.Simulator
	NoDemo    bool
	Patience  time.Duration // zero: 10 s
	// FreshViewers says that a viewer is read for each request, since the test writes people by itself.
	FreshViewers bool
}

// App is the server, put together and listening.
type App struct {
	*community.Community
	setup    Setup
	cfg      config.Config
	log      *slog.Logger
	db       *database
	http     *http.Server
	listener net.Listener
	callers  *callers
	health   *health
	close    []func() error
}

// Start opens everything the server needs and listens. It serves nothing yet, which Run does.
func Start(ctx context.Context, setup Setup) (_ *App, err error) {
	cfg, log := setup.Config, setup.Log
	a := &App{setup: setup, cfg: cfg, log: log, health: &health{}, callers: newCallers(setup)}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close(context.WithoutCancel(ctx)))
		}
	}()
	if a.listener, err = listen(ctx, cfg.Addr); err != nil {
		return nil, err
	}
	if err := checkReach(cfg, a.listener.Addr()); err != nil {
		return nil, err
	}
	if setup.DB != nil {
		a.db = &database{DB: setup.DB, says: "given", borrowed: true}
	} else if a.db, err = openDatabase(ctx, cfg, log); err != nil {
		return nil, err
	}
	a.health.db = a.db.DB
	var outside *outside
	if cfg.IsDevelopment() {
		outside, err = a.development(ctx)
	} else {
		outside, err = a.production(ctx)
	}
	if err != nil {
		return nil, err
	}
	a.Community = community.New(community.Options{DB: a.db.DB, Sender: outside.sender, Log: log, NewID: setup.NewID, Owner: hostname(),
		AppURL: cfg.AppURL, PushInFlight: cfg.PushInFlight, ApprovalOver: &cfg.ApprovalOver,
		PublicURL: a.publicURL(), Secrets: &outside.secrets, CertificateKeys: outside.ring, CertificateIssuer: cfg.CertificateIssuer, AdmitCheck: a.callers.admitCheck})
	if err := a.prepareDatabase(ctx); err != nil {
		return nil, err
	}
	a.http = a.newHTTPServer(ctx, outside)
	a.greet(setup.Stdout)
	return a, nil
}

// listen listens on an address, and says what to do about the most common reason why it cannot.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program, perhaps another of these servers: end that, or listen elsewhere with -addr (-addr 127.0.0.1:0 takes any free port)", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on -addr %s: %w", addr, err)
	}
	return listener, nil
}

// outside has the connections to services outside the process, which check tokens and take
// pushes, and the conveniences for development.
type outside struct {
	verifier auth.Verifier
	sender   push.Sender
	dev      http.Handler // nil in production
	secrets  secret.Keys  // what addresses and codes are made from
	ring     *keyring.Ring
}

func (a *App) production(ctx context.Context) (*outside, error) {
	verifier, err := auth.NewFirebaseVerifier(ctx, auth.FirebaseOptions{ProjectID: a.cfg.FirebaseProjectID,
		JWKSURL: a.cfg.FirebaseJWKSURL, Clock: a.db.DB, Logger: a.log})
	if err != nil {
		return nil, err
	}
	a.close = append(a.close, func() error { verifier.Close(); return nil })
	sender, err := push.NewFCM(context.WithoutCancel(ctx), push.Options{ProjectID: a.cfg.FirebaseProjectID,
		CredentialsFile: a.cfg.FirebaseCredentials, Clock: a.db.DB})
	if err != nil {
		return nil, err
	}
	a.close = append(a.close, func() error { sender.Close(); return nil })
	account, err := os.ReadFile(a.cfg.FirebaseCredentials)
	if err != nil {
		return nil, fmt.Errorf("read the service account: %w", err)
	}
	ring, err := a.certificateKeys(ctx)
	return &outside{verifier: verifier, sender: sender, secrets: a.secrets(account), ring: ring}, err
}

// prepareDatabase refuses a database that holds what nobody could erase, brings indexes up to
// date and loads the areas. It loads demo data only into an empty development database.
func (a *App) prepareDatabase(ctx context.Context) error {
	if a.cfg.Reset {
		if err := a.reset(ctx); err != nil {
			return err
		}
	}
	if err := a.CheckCollections(ctx); err != nil {
		return err
	}
	empty, err := a.db.IsEmpty(ctx)
	if err != nil {
		return err
	}
	report, err := mongodb.SyncIndexes(ctx, a.db.DB, a.Indexes())
	if err != nil {
		return err
	}
	if len(report.Unknown) > 0 {
		a.log.WarnContext(ctx, "indexes that this program does not know", "indexes", report.Unknown)
	}
	areas, err := a.LoadAreas(ctx)
	if err != nil {
		return err
	}
	if empty && a.cfg.IsDevelopment() && !a.setup.NoDemo {
		return demo.Seed(ctx, a.Community, areas)
	}
	return nil
}

// reset empties the database, and removes the collections that another version has left.
func (a *App) reset(ctx context.Context) error {
	names, err := a.db.Collections(ctx)
	if err != nil {
		return err
	}
	for _, name := range a.Privacy.Unknown(names) {
		if err := a.db.DropCollection(ctx, name); err != nil {
			return err
		}
	}
	return a.db.DropAll(ctx)
}

// URL is the address of the server.
func (a *App) URL() string { return "http://" + a.listener.Addr().String() }

// Run serves and works until ctx ends or something fails. Then it stops in order: it takes no
// new calls, lets calls under way finish, stops the workers and closes the database.
func (a *App) Run(ctx context.Context) error {
	workCtx, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	var g errgroup.Group
	failed := make(chan struct{})
	g.Go(func() error {
		if err := a.http.Serve(a.callers.listen(workCtx, a.listener)); !errors.Is(err, http.ErrServerClosed) {
			close(failed)
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	g.Go(func() error { return a.Work(workCtx) })
	a.health.ready.Store(true)
	select {
	case <-ctx.Done():
	case <-failed:
	}
	a.log.InfoContext(ctx, "stopping", "timeout", a.cfg.ShutdownTimeout.String())
	a.health.ready.Store(false)
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.ShutdownTimeout)
	defer cancel()
	err := a.http.Shutdown(stopCtx)
	stopWork()
	return errors.Join(err, g.Wait(), a.Close(stopCtx))
}

// Close closes everything that Start opened. It is for a Start that failed, since Run closes by
// itself.
func (a *App) Close(ctx context.Context) error {
	var errs []error
	if a.listener != nil {
		if err := a.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	for _, c := range a.close {
		errs = append(errs, c())
	}
	if a.db != nil {
		closeCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		errs = append(errs, a.db.Close(closeCtx))
	}
	return errors.Join(errs...)
}
