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
)

// MaxTries is after how many failures something is put aside.
const MaxTries = 10

// Alert is the message of the line in the log, of level ERROR, that says that
// something was put aside. It stays as it is: alerts hang on it.
const Alert = "put aside after too many failures"

// Wait is how long to wait after so many failures: from five seconds, doubled each
// time, to an hour.
func Wait(failures int) time.Duration {
	return min(5*time.Second<<min(max(failures-1, 0), 10), time.Hour)
}

// Letter is something that was put aside.
type Letter struct {
	// ID is its source, a slash, and what the source knows it by: "effect/…".
	ID    string    `bson:"_id"`
	Kind  string    `bson:"kind"`  // what was to be done
	About string    `bson:"about"` // where it comes from: a document, say
	Tries int       `bson:"tries"`
	Error string    `bson:"error"` // the last one, by Text
	At    time.Time `bson:"at"`    // when it was put aside
	Body  string    `bson:"body"`  // JSON, for people and for the next try
}

// Raise raises the alert for a letter.
func (l Letter) Raise(ctx context.Context, log *slog.Logger) {
	log.ErrorContext(ctx, Alert, "letter", l.ID, "kind", l.Kind, "about", l.About, "tries", l.Tries, "error", l.Error)
}

// Source is one sort of things that are put aside.
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

// Desk is where all letters of all sources are looked at.
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

// What an error may quote of what people wrote, or of who they are.
var (
	quoted = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|'[^']*'|\\{[^{}]*\\}")
	mail   = regexp.MustCompile(`\S+@\S+`)
	digits = regexp.MustCompile(`\+?\d[\d ]{5,}\d`)
)

const maxText = 300

// Text is what is kept of an error: without what it quotes, addresses and long
// numbers, which may be somebody's.
func Text(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	for _, personal := range []*regexp.Regexp{quoted, mail, digits} {
		text = personal.ReplaceAllString(text, "…")
	}
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText]) + "…"
	}
	return text
}
