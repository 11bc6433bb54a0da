package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
)

const deadUsage = `Usage: server dead [flags] list | show ID | retry ID

What was tried ten times in vain was put aside: an effect of a write, a timer, a
cause of news, a chunk of pushes. The log says so, at level ERROR: "` + dead.Alert + `".

  list      what was put aside, the latest first
  show ID   one of them, with what it was to do
  retry ID  give it all its tries again; a running server does so within seconds

Flags, before or after the verb:
`

// deadLetters is the subcommand with which an operator looks at work that was put aside and has
// it tried again: server dead list | show ID | retry ID.
func deadLetters(ctx context.Context, args, environ []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("server dead", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "", "folder of the development database, if not the default")
	limit := flags.Int("limit", 100, "how many to list")
	flags.Usage = func() {
		fmt.Fprint(stderr, deadUsage)
		flags.PrintDefaults()
	}
	words, err := parseMixed(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	verb, id, ok := deadVerb(words)
	if !ok || *limit < 1 {
		flags.Usage()
		return errors.New("dead needs: list, show ID, or retry ID")
	}
	c, closeDatabase, err := openCommunity(ctx, *data, environ, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeDatabase()) }()
	switch verb {
	case "list":
		err = listDead(ctx, c.Dead, *limit, stdout)
	case "show":
		err = showDead(ctx, c.Dead, id, stdout)
	default:
		err = retryDead(ctx, c.Dead, id, stdout)
	}
	if fault.Is(err, fault.KindNotFound) {
		return fmt.Errorf("nothing was put aside under %q: see server dead list", id)
	}
	return err
}

// parseMixed parses flags that may stand between other words, and returns these words.
func parseMixed(flags *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
}

func deadVerb(words []string) (verb, id string, ok bool) {
	switch {
	case len(words) == 1 && words[0] == "list":
		return words[0], "", true
	case len(words) == 2 && (words[0] == "show" || words[0] == "retry"):
		return words[0], words[1], true
	}
	return "", "", false
}

func showDead(ctx context.Context, desk dead.Desk, id string, stdout io.Writer) error {
	l, err := desk.Get(ctx, id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "id     %s\nkind   %s\nabout  %s\nat     %s\ntries  %d\nerror  %s\n%s\n",
		l.ID, l.Kind, l.About, l.At.UTC().Format(time.RFC3339), l.Tries, l.Error, l.Body)
	return err
}

func retryDead(ctx context.Context, desk dead.Desk, id string, stdout io.Writer) error {
	if err := desk.Retry(ctx, id); err != nil {
		return err
	}
	_, err := fmt.Fprintf(stdout, "%s is tried again\n", id)
	return err
}

func listDead(ctx context.Context, desk dead.Desk, limit int, stdout io.Writer) error {
	list, err := desk.List(ctx, limit)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(stdout, "nothing was put aside")
		return err
	}
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "AT\tKIND\tABOUT\tERROR\tID")
	for _, l := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.At.UTC().Format(time.RFC3339), l.Kind, l.About, l.Error, l.ID)
	}
	return table.Flush()
}
