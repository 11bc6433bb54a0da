package main

import (
	"context"
	"errors"
	"io"

	"faellesskab/internal/community"
	"faellesskab/internal/config"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
)

// openCommunity opens the server's database for a command. The environment says which one, and
// data is the folder, if any.
func openCommunity(ctx context.Context, data string, environ []string, stderr io.Writer) (c *community.Community, closeDatabase func() error, err error) {
	cfg, err := loadForCommand(data, environ)
	if err != nil {
		return nil, nil, err
	}
	log := newLogger(cfg, stderr)
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return nil, nil, err
	}
	closeDatabase = func() error { return db.Close(context.WithoutCancel(ctx)) }
	c = community.New(community.Options{DB: db.DB, Sender: noPush{}, Log: log, Owner: hostname()})
	if err := c.CheckCollections(ctx); err != nil {
		return nil, nil, errors.Join(err, closeDatabase())
	}
	if _, err := mongodb.SyncIndexes(ctx, db.DB, c.Indexes()); err != nil {
		return nil, nil, errors.Join(err, closeDatabase())
	}
	return c, closeDatabase, nil
}

// loadForCommand reads the configuration of the server. A command does not listen, so in development
// too it may work on a database on another machine, unless the server would take unsigned tokens.
func loadForCommand(data string, environ []string) (config.Config, error) {
	var serverArgs []string
	if data != "" {
		serverArgs = []string{"-data", data}
	}
	cfg, err := config.Load(serverArgs, environ)
	if err == nil {
		return cfg, nil
	}
	if elsewhere, refused := config.Load(append(serverArgs, "-allow-unsafe-development"), environ); refused == nil {
		return elsewhere, nil
	}
	return config.Config{}, err
}

// noPush is the sender of a command that sends nothing.
type noPush struct{}

// Send refuses, since commands do not send pushes.
func (noPush) Send(context.Context, push.Device, push.Message) push.Result {
	return push.Result{Outcome: push.Retry, Err: errors.New("this command sends no pushes")}
}
