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
	"faellesskab/internal/fault"
)

// grantRole is the subcommand that makes the first admin: server grant-role -uid FIREBASE_UID
// -role ADMIN. A uid with which nobody has signed in is taken for a typing error, unless the
// flags say that the person shall be created.
func grantRole(ctx context.Context, args, environ []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("server grant-role", flag.ContinueOnError)
	flags.SetOutput(stderr)
	uid := flags.String("uid", "", "the person's Firebase uid")
	role := flags.String("role", string(auth.RoleAdmin), "the role: "+roleNames())
	create := flags.Bool("create", false, "create the account if nobody has signed in with that uid yet")
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
	_, err = c.People.ByUID(ctx, *uid)
	isNew := fault.Is(err, fault.KindNotFound)
	switch {
	case isNew && !*create:
		return fmt.Errorf("nobody has signed in with the Firebase uid %q: check it, let them sign in first, or create the account with -create", *uid)
	case err != nil && !isNew:
		return err
	}
	p, err := c.People.GrantRoleAsOperator(ctx, *uid, auth.Role(*role))
	if err != nil {
		return err
	}
	if isNew {
		fmt.Fprintf(stdout, "%s is created: nobody had signed in with the Firebase uid %q\n", p.ID, *uid)
	}
	fmt.Fprintf(stdout, "%s holds the roles %v\n", p.ID, p.HeldRoles())
	return nil
}

func roleNames() string {
	names := make([]string, 0, len(auth.Roles))
	for _, r := range auth.Roles[1:] {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}
