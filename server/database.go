package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"

	"faellesskab/internal/config"
	"faellesskab/internal/embedded"
	"faellesskab/internal/mongodb"
)

// database is the database that the server uses, and how to close it.
type database struct {
	*mongodb.DB
	says     string // says which one it is and what it can do
	borrowed bool   // a test has opened it, and closes it
	close    []func() error
}

// openDatabase opens the database at MONGODB_URI, or else a mongod of this machine, or else the
// embedded database.
func openDatabase(ctx context.Context, cfg config.Config, log *slog.Logger) (*database, error) {
	d := &database{}
	options := mongodb.Options{URI: cfg.MongoURI, Database: cfg.MongoDatabase, AppName: "faellesskab"}
	isEmbedded := false
	switch mongod := findMongod(cfg); {
	case cfg.MongoURI != "":
		d.says = "MongoDB at MONGODB_URI"
	case mongod != "":
		uri, stop, err := embedded.StartMongod(ctx, mongod, filepath.Join(cfg.DataDir, "mongod"))
		if err != nil {
			return nil, err
		}
		d.close = append(d.close, stop)
		options.URI, d.says = uri, "MongoDB started from "+mongod
	default:
		server, err := embedded.Open(ctx, embedded.Options{Dir: filepath.Join(cfg.DataDir, "embedded"), Logger: log})
		if err != nil {
			return nil, err
		}
		d.close = append(d.close, server.Close)
		options.URI, options.Dialer, options.SmallPool, isEmbedded = server.URI(), server.Dialer(), true, true
		d.says = "embedded database in " + cfg.DataDir + " (for a first look, demos, tests and a small pilot: one command at a time)"
	}
	db, err := mongodb.Connect(ctx, options)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), d.Close(context.WithoutCancel(ctx)))
	}
	d.DB = db
	can, err := db.Capabilities(ctx)
	if err != nil {
		return nil, errors.Join(err, d.Close(context.WithoutCancel(ctx)))
	}
	d.says += fmt.Sprintf("; change streams: %s, expiry by itself: %s, validators: %s",
		yes(can.ChangeStreams), yes(can.TTL), yes(can.Validators))
	if isEmbedded {
		d.says += "\n             " + embedded.Carries
	}
	return d, nil
}

func findMongod(cfg config.Config) string {
	if cfg.MongoURI != "" {
		return ""
	}
	if cfg.Mongod != "" {
		return cfg.Mongod
	}
	path, err := exec.LookPath("mongod")
	if err != nil {
		return ""
	}
	return path
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// Close closes the database, and stops what was started for it.
func (d *database) Close(ctx context.Context) error {
	var errs []error
	if d.DB != nil && !d.borrowed {
		errs = append(errs, d.DB.Close(ctx))
	}
	for _, c := range d.close {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%s/%d", name, os.Getpid())
}
