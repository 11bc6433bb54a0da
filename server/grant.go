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
	c, closeDatabase, err := openCommunity(ctx, *data, environ, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeDatabase()) }()
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
