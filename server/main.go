// Command server is the backend of Fællesskab: GraphQL over HTTP, and the worker that sends
// push messages. Without any configuration it is a development server with a database of its
// own; see server -h.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"faellesskab/internal/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program: it returns the exit code.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "grant-role":
			return report(grantRole(ctx, args[1:], environ, stdout, stderr), stderr)
		case "dead":
			return report(deadLetters(ctx, args[1:], environ, stdout, stderr), stderr)
		case "privacy":
			return report(privacyCommand(ctx, args[1:], environ, stdout, stderr), stderr)
		case "certificate-key":
			return report(certificateKey(args[1:], environ, stdout), stderr)
		}
	}
	cfg, err := config.Load(args, environ)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, config.Usage())
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	if cfg.Version {
		fmt.Fprintln(stdout, version())
		return 0
	}
	chooseHeapRoom(os.DirFS("/"), environ, cfg.IsDevelopment()).apply()
	app, err := Start(ctx, Setup{Config: cfg, Log: newLogger(cfg, stderr), Stdout: stdout})
	if err != nil {
		return report(err, stderr)
	}
	return report(app.Run(ctx), stderr)
}

func report(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "server:", err)
	return 1
}

func newLogger(cfg config.Config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.Level()}
	if cfg.LogFormat == config.FormatJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
