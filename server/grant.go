package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/community"
	"faellesskab/internal/config"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
)

// grantRole is the subcommand by which the first admin comes about: server
// grant-role -uid FIREBASE_UID -role ADMIN.
func grantRole(ctx context.Context, args, environ []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("server grant-role", flag.ContinueOnError)
	flags.SetOutput(stderr)
	uid := flags.String("uid", "", "the person's Firebase uid")
	role := flags.String("role", string(auth.RoleAdmin), "the role: "+roleNames())
	data := flags.String("data", "", "folder of the development database, if not the default")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if *uid == "" || !slices.Contains(auth.Roles, auth.Role(*role)) {
		flags.Usage()
		return errors.New("grant-role needs -uid and a -role that exists")
	}
	var serverArgs []string
	if *data != "" {
		serverArgs = []string{"-data", *data}
	}
	cfg, err := config.Load(serverArgs, environ)
	if err != nil {
		return err
	}
	log := newLogger(cfg, stderr)
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(context.WithoutCancel(ctx))) }()
	c := community.New(community.Options{DB: db.DB, Sender: noPush{}, Log: log, Owner: hostname()})
	if _, err := mongodb.SyncIndexes(ctx, db.DB, c.Indexes()); err != nil {
		return err
	}
	p, err := c.People.GrantRoleAsOperator(ctx, *uid, auth.Role(*role))
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s holds the roles %v\n", p.ID, p.OwnRoles)
	return nil
}

func roleNames() string {
	names := make([]string, 0, len(auth.Roles))
	for _, r := range auth.Roles[1:] {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// noPush is the sender of a command that sends nothing.
type noPush struct{}

// Send refuses: the command does not work on pushes.
func (noPush) Send(context.Context, push.Device, push.Message) push.Result {
	return push.Result{Outcome: push.Retry, Err: errors.New("this command sends no pushes")}
}
