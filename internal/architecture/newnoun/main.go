// Command newnoun adds a throw-away noun to a copy of the repository, builds the copy and runs the
// tests that fail if a noun lacks a part. It prints which existing files had to be edited, and ends
// with an error if there are more than maxEdits, or if the copy does not pass.
//
//	go run ./internal/architecture/newnoun
//
// Generated files, goldens and texts do not count.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// maxEdits is how many existing files a noun with one query, one mutation and one kind
// of notice may have to edit.
const maxEdits = 9

const newFiles = "internal/architecture/newnoun/testdata/poll"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt) //nolint:forbidigo // the program's own
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "newnoun")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	c := clone{root}
	if err := c.copy(ctx); err != nil {
		return err
	}
	edited, err := c.addNoun()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d existing files edited, at most %d:\n", len(edited), maxEdits)
	for _, name := range edited {
		fmt.Fprintln(out, "  "+name)
	}
	if len(edited) > maxEdits {
		return errors.New("a noun has to edit too many files")
	}
	return c.try(ctx, out)
}

// clone is a copy of the repository.
type clone struct{ *os.Root }

// copy copies the repository's files as they are in the working tree.
func (c clone) copy(ctx context.Context) error {
	list, err := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	for name := range strings.SplitSeq(strings.Trim(string(list), "\x00"), "\x00") {
		if err := c.put(name, name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (c clone) put(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := c.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	return c.WriteFile(to, text, info.Mode().Perm())
}

// addNoun adds the new files and makes the edits. It returns which files it has edited.
func (c clone) addNoun() ([]string, error) {
	err := filepath.WalkDir(newFiles, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		to, err := filepath.Rel(newFiles, name)
		if err != nil {
			return err
		}
		return c.put(name, to)
	})
	if err != nil {
		return nil, err
	}
	var edited []string
	for _, e := range edits {
		text, err := c.ReadFile(e.file)
		if err != nil {
			return nil, err
		}
		if bytes.Count(text, []byte(e.old)) != 1 {
			return nil, fmt.Errorf("%s does not hold %q once: mend the table of edits", e.file, e.old)
		}
		text = bytes.Replace(text, []byte(e.old), []byte(e.new), 1)
		if err := c.WriteFile(e.file, text, 0o600); err != nil {
			return nil, err
		}
		if !e.isText && !slices.Contains(edited, e.file) {
			edited = append(edited, e.file)
		}
	}
	return edited, nil
}

// try generates and builds the copy, renews its goldens, and runs the tests that check what a noun has
// to bring.
func (c clone) try(ctx context.Context, out io.Writer) error {
	for _, command := range []string{
		"go run ./schema/gen",
		"gofmt -w graph resolvers internal/community",
		"go test ./schema -run Golden -update",
		"go test ./internal/notify -run TestDecideTable -update",
		"go test ./internal/community -run TestTheDocumentIsTheRegister -update",
		"go test ./schema/... ./resolvers ./internal/architecture ./internal/i18n ./internal/notify ./internal/community",
		"go test ./server -run ^(" + strings.Join(guards, "|") + ")$",
	} {
		fmt.Fprintln(out, command)
		words := strings.Fields(command)
		cmd := exec.CommandContext(ctx, words[0], words[1:]...)
		cmd.Dir = c.Name()
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", command, err, said)
		}
	}
	return nil
}
