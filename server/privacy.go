package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"faellesskab/internal/community"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
)

const privacyUsage = `Usage: server privacy [flags] export | erase

What is kept about people, and why, is in docs/PRIVACY.md.

  export  writes all that is kept about a person as JSON, to -out or to the terminal
  erase   erases a person; it cannot be undone. What the register says is kept stays

Flags, before or after the verb:
`

// privacyCommand is the subcommand with which an operator exports what is kept about a person, or erases
// the person: server privacy export -person per_…, server privacy erase -person per_….
func privacyCommand(ctx context.Context, args, environ []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("server privacy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	personID := flags.String("person", "", "the person's id, per_…")
	out := flags.String("out", "", "file to write an export to; it must not be there yet")
	data := flags.String("data", "", "folder of the development database, if not the default")
	flags.Usage = func() {
		fmt.Fprint(stderr, privacyUsage)
		flags.PrintDefaults()
	}
	words, err := parseMixed(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if len(words) != 1 || words[0] != "export" && words[0] != "erase" || id.Prefix(*personID) != id.Person {
		flags.Usage()
		return errors.New("privacy needs: export or erase, and -person with a person's id")
	}
	// A mistyped folder would be made, empty, and nobody found in it.
	if *data != "" {
		if _, err := os.Stat(*data); err != nil {
			return err
		}
	}
	c, closeDatabase, err := openCommunity(ctx, *data, environ, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeDatabase()) }()
	if words[0] == "export" {
		err = exportPerson(ctx, c, *personID, *out, stdout)
	} else {
		err = erasePerson(ctx, c, *personID, stdout)
	}
	if fault.Is(err, fault.KindNotFound) {
		return fmt.Errorf("nobody has the id %s", *personID)
	}
	return err
}

// exportPerson writes to a file that only the operator can read, or to the terminal.
func exportPerson(ctx context.Context, c *community.Community, personID, path string, stdout io.Writer) (err error) {
	if path == "" {
		out := bufio.NewWriter(stdout)
		return errors.Join(c.Export(ctx, personID, out), out.Flush())
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator chooses the path
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriter(file)
	if err := errors.Join(c.Export(ctx, personID, out), out.Flush()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	_, err = fmt.Fprintf(stdout, "what is kept about %s is in %s\n", personID, path)
	return err
}

func erasePerson(ctx context.Context, c *community.Community, personID string, stdout io.Writer) error {
	found, err := c.People.Load(ctx, []string{personID})
	if err != nil {
		return err
	}
	err = c.People.EraseAsOperator(ctx, personID)
	if fault.Is(err, fault.KindConflict) {
		return fmt.Errorf("%s is the only admin, and nobody else could grant anything: make somebody else an admin first "+
			"(server grant-role), then erase them: %w", personID, err)
	} else if err != nil {
		return err
	}
	if err := c.Erase(ctx, personID); err != nil {
		return fmt.Errorf("%s is not wholly erased yet: a running server goes on with it, or run the command again: %w", personID, err)
	}
	if p := found[personID]; p != nil && p.UID != "" {
		if _, err := fmt.Fprintf(stdout, "the account at Firebase is not touched; its uid was %q\n", p.UID); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(stdout, "%s is erased; a running server looks once more in %s\n", personID, privacy.For(privacy.LooksAgain))
	return err
}
