package config

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Problems is a refused configuration: every problem on a line of its own.
type Problems []string

// Error is what the server prints before it gives up.
func (p Problems) Error() string {
	return "the configuration does not hold together:\n  - " + strings.Join(p, "\n  - ")
}

func (p *Problems) add(format string, args ...any) {
	*p = append(*p, fmt.Sprintf(format, args...))
}

func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Load reads the command line (without the program's name) and the environment
// (as os.Environ gives it) and validates both. Returns flag.ErrHelp when help
// was asked for, else Problems. Nothing is validated when the version was asked for.
func Load(args, environ []string) (Config, error) {
	var (
		c        Config
		problems Problems
	)
	environment := c.readEnviron(environ, &problems)
	c.parseEnv(environment, &problems)
	if err := c.parseFlags(args, &problems); err != nil {
		return Config{}, err
	}
	if c.Version {
		return c, nil // which version this is can be said whatever the rest is
	}
	c.settleLog()
	c.check(&problems)
	if err := problems.err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// settleLog sets what the mode decides, unless it was set. In development a line for each call
// would drown the pushes, which are printed at the same terminal.
func (c *Config) settleLog() {
	level, format := "info", FormatJSON
	if c.IsDevelopment() {
		level, format = "warn", FormatText
	}
	c.LogLevel, c.LogFormat = cmp.Or(c.LogLevel, level), cmp.Or(c.LogFormat, format)
}

// readEnviron makes a map of the environment. Values lose the spaces around them, so that a blank
// value is the same as an empty one. If a name comes twice, the last one counts.
func (c *Config) readEnviron(environ []string, problems *Problems) map[string]string {
	environment := make(map[string]string, len(environ))
	for _, pair := range environ {
		// Windows has nameless entries, one for each drive.
		if name, value, _ := strings.Cut(pair, "="); name != "" {
			environment[name] = strings.TrimSpace(value)
		}
	}
	c.empty = make(map[string]bool)
	for _, f := range c.fields() {
		if f.Env == "" {
			continue
		}
		value, set := environment[f.Env]
		c.empty[f.Env] = set && value == ""
		if strings.ContainsFunc(value, isControl) {
			problems.add("%s contains control characters", f.Env)
		}
	}
	return environment
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// parseEnv fills the struct; fields without a variable get their default.
func (c *Config) parseEnv(environment map[string]string, problems *Problems) {
	err := env.ParseWithOptions(c, env.Options{Environment: environment, DefaultValueTagName: "default"})
	var several env.AggregateError
	switch {
	case err == nil:
		return
	case !errors.As(err, &several):
		problems.add("environment: %v", err)
		return
	}
	for _, err := range several.Errors {
		var parse env.ParseError
		if !errors.As(err, &parse) {
			problems.add("environment: %v", err)
			continue
		}
		for _, f := range c.fields() {
			if f.goName != parse.Name {
				continue
			}
			problems.add("%s cannot be read: %q (write it like %s)", f.Env, environment[f.Env], f.Default)
			// The default takes its place, so that Validate does not complain a second time.
			if d, err := time.ParseDuration(f.Default); err == nil && f.value.CanInt() {
				f.value.SetInt(int64(d))
			}
		}
	}
}

// parseFlags fills the struct from the command line. The flag package stops at the first mistake,
// so it is called again behind each one, to find them all.
func (c *Config) parseFlags(args []string, problems *Problems) error {
	set := flag.NewFlagSet("server", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	for _, f := range c.fields() {
		switch p := f.value.Addr().Interface().(type) {
		case *string:
			if f.Flag != "" {
				set.StringVar(p, f.Flag, *p, f.Description)
			}
		case *bool:
			if f.Flag != "" {
				set.BoolVar(p, f.Flag, *p, f.Description)
			}
		}
	}
	for {
		err := set.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			return flag.ErrHelp
		}
		if err == nil {
			break
		}
		problems.add("%v", err)
		args = set.Args()
	}
	if rest := set.Args(); len(rest) > 0 {
		problems.add("unexpected argument %q", rest[0])
	}
	c.given = make(map[string]bool)
	set.Visit(func(f *flag.Flag) { c.given[f.Name] = true })
	return nil
}
