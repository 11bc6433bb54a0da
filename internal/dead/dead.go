package dead

import (
	"cmp"
	"context"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

// MaxTries is the number of failures after which work is put aside.
const MaxTries = 10

// Alert is the message of the log line, of level ERROR, that says that work was put aside. It must
// not change, since operators' alerts look for it.
const Alert = "put aside after too many failures"

// Wait is how long to wait after a number of failures: five seconds at first, doubled each time, up
// to an hour.
func Wait(failures int) time.Duration {
	return min(5*time.Second<<min(max(failures-1, 0), 10), time.Hour)
}

// Trying is how long work is tried that fails until it is put aside, without the time that the tries take.
func Trying() time.Duration {
	var all time.Duration
	for failures := 1; failures < MaxTries; failures++ {
		all += Wait(failures)
	}
	return all
}

// Letter is a piece of work that was put aside.
type Letter struct {
	// ID is the name of its source, a slash, and the source's id for it: "effect/…".
	ID    string    `bson:"_id"`
	Kind  string    `bson:"kind"`  // the kind of work
	About string    `bson:"about"` // where it comes from, such as a document
	Tries int       `bson:"tries"`
	Error string    `bson:"error"` // the last failure, by Text
	At    time.Time `bson:"at"`    // when it was put aside
	Body  string    `bson:"body"`  // JSON, for people and for the next try
}

// Raise raises the alert for a letter.
func (l Letter) Raise(ctx context.Context, log *slog.Logger) {
	log.ErrorContext(ctx, Alert, "letter", l.ID, "kind", l.Kind, "about", l.About, "tries", l.Tries, "error", l.Error)
}

// Source is one sort of work that is put aside.
type Source interface {
	// Name is the part of its letters' ids before the slash.
	Name() string
	// List are its letters, the latest first, up to limit.
	List(ctx context.Context, limit int) ([]Letter, error)
	// Get is one letter. Returns NotFound if there is none.
	Get(ctx context.Context, id string) (*Letter, error)
	// Retry gives it all its tries again. Returns NotFound if there is none.
	Retry(ctx context.Context, id string) error
}

// Desk shows the letters of all sources.
type Desk []Source

// List are the letters of all sources, the latest first, up to limit.
func (d Desk) List(ctx context.Context, limit int) ([]Letter, error) {
	var all []Letter
	for _, s := range d {
		list, err := s.List(ctx, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(a, b Letter) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	return all[:min(len(all), limit)], nil
}

// Get is one letter. Returns NotFound if there is none.
func (d Desk) Get(ctx context.Context, id string) (*Letter, error) {
	s, err := d.source(id)
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, id)
}

// Retry gives a letter all its tries again. Returns NotFound if there is none.
func (d Desk) Retry(ctx context.Context, id string) error {
	s, err := d.source(id)
	if err != nil {
		return err
	}
	return s.Retry(ctx, id)
}

func (d Desk) source(id string) (Source, error) {
	name, _, _ := strings.Cut(id, "/")
	for _, s := range d {
		if s.Name() == name {
			return s, nil
		}
	}
	return nil, fault.NotFound("not_found")
}

// These match parts of an error that may quote people's texts or data.
var (
	quoted = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|'[^']*'|\\{[^{}]*\\}")
	mail   = regexp.MustCompile(`\S+@\S+`)
	digits = regexp.MustCompile(`\+?\d[\d ]{5,}\d`)
)

const maxText = 300

// Text is an error in the form in which it is stored: without quotations, addresses and long
// numbers, which may be people's data.
func Text(err error) string {
	said := strings.Join(strings.Fields(err.Error()), " ")
	for _, personal := range []*regexp.Regexp{quoted, mail, digits} {
		said = personal.ReplaceAllString(said, "…")
	}
	return text.Shorten(said, maxText)
}
