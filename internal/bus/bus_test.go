package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/fault"
)

func TestAListenerThatPanicsStopsNoOther(t *testing.T) {
	t.Parallel()
	b := New(nil, slog.New(slog.DiscardHandler))
	var heard []string
	b.Listen("notices", func([]string) { panic("oh no") })
	b.Listen("notices", func(ids []string) { heard = append(heard, fmt.Sprint(ids)) })
	b.Tell("notices", "a")
	b.LoseTrack()
	if want := []string{"[a]", "[]"}; !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
}

// A stream that breaks is taken up where it was. Only one that begins anew makes the listeners
// look, and only once it is open, so that it reports everything that is written later.
func TestABrokenStreamIsTakenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var happened []string
		note := func(format string, args ...any) { happened = append(happened, fmt.Sprintf(format, args...)) }
		b := New(nil, slog.New(slog.DiscardHandler))
		b.Listen("notices", func(ids []string) { note("heard %v", ids) })
		ctx, end := context.WithCancel(t.Context())
		streams := []func(from resumeToken, tell func(string, string), lost func()) (resumeToken, error){
			func(_ resumeToken, tell func(string, string), lost func()) (resumeToken, error) {
				lost()
				tell("notices", "a")
				return resumeToken("one"), errors.New("cut")
			},
			func(from resumeToken, _ func(string, string), _ func()) (resumeToken, error) {
				return from, errors.New("it does not open")
			},
			func(resumeToken, func(string, string), func()) (resumeToken, error) {
				return nil, errors.New("history lost")
			},
			func(_ resumeToken, tell func(string, string), lost func()) (resumeToken, error) {
				lost()
				tell("notices", "b")
				end()
				return nil, ctx.Err()
			},
		}
		b.run(ctx, func(_ context.Context, collections []string, from resumeToken, to ears) (resumeToken, error) {
			if !slices.Equal(collections, []string{"notices"}) {
				t.Errorf("follows %v", collections)
			}
			note("from %q", string(from))
			next := streams[0]
			streams = streams[1:]
			return next(from, to.tell, to.lost)
		})
		want := []string{`from ""`, "heard []", "heard [a]", `from "one"`, `from "one"`, `from ""`, "heard []", "heard [b]"}
		if diff := cmp.Diff(want, happened); diff != "" {
			t.Error(diff)
		}
	})
}

// What others write is heard from when a stream has caught up until it breaks. Each such time has a number of its
// own, so that nothing is taken for heard that was written in between.
func TestTheBusSaysSinceWhenItHears(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(nil, slog.New(slog.DiscardHandler))
		ctx, end := context.WithCancel(t.Context())
		var said []string
		note := func() { since, ok := b.hears(); said = append(said, fmt.Sprint(since, ok)) }
		note()
		streams := 0
		b.run(ctx, func(_ context.Context, _ []string, _ resumeToken, to ears) (resumeToken, error) {
			note() // not yet, or not any more
			to.tell("persons", "a")
			note()
			to.caughtUp()
			to.caughtUp()
			note()
			if streams++; streams == 2 {
				end()
			}
			return resumeToken("one"), errors.New("cut")
		})
		note()
		want := []string{"0 false", "0 false", "0 false", "1 true", "1 false", "1 false", "2 true", "2 false"}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Error(diff)
		}
	})
}

// A stream that panics is taken up by whoever runs the bus. Until then nothing is heard.
func TestNothingIsHeardOfAStreamThatPanics(t *testing.T) {
	t.Parallel()
	b := New(nil, slog.New(slog.DiscardHandler))
	if err := fault.Catch(func() error {
		b.run(t.Context(), func(_ context.Context, _ []string, _ resumeToken, to ears) (resumeToken, error) {
			to.caughtUp()
			panic("oh no")
		})
		return nil
	}); err == nil {
		t.Error("the panic is kept from whoever runs the bus")
	}
	if since, ok := b.hears(); ok {
		t.Errorf("the bus says that it hears, since %d", since)
	}
}
