package privacy

import (
	"context"
	"errors"
	"fmt"

	"faellesskab/internal/fault"
)

// mostAtOnce is how many documents one call of Each goes through if some of them fail, which bounds how many are
// passed over. If more fail, the fault is hardly the documents'.
const mostAtOnce = 100

// Each erases a person's documents one by one. One that fails keeps no other from being erased, even if it is
// found first: it is passed over, and found again by the next call.
type Each[T any] struct {
	Find  func(ctx context.Context, except []string) ([]T, error) // a few of the documents, without those with these ids
	ID    func(doc T) string
	Erase func(ctx context.Context, doc T) error
}

// Do erases those that Find finds at once. If some of them fail, it goes on to others, and err joins the failures.
// left says that there may be more, and that something was erased. It ends early if the database does not answer.
func (e Each[T]) Do(ctx context.Context) (left bool, err error) {
	var failed []error
	var passed []string
	for seen := 0; ; {
		list, err := e.Find(ctx, passed)
		if err != nil {
			return false, errors.Join(append([]error{err}, failed...)...)
		}
		for _, doc := range list {
			err := fault.Catch(func() error { return e.Erase(ctx, doc) })
			if fault.Is(err, fault.KindUnavailable) || ctx.Err() != nil {
				return false, errors.Join(append([]error{err, ctx.Err()}, failed...)...)
			}
			if err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", e.ID(doc), err))
				passed = append(passed, e.ID(doc))
			}
		}
		seen += len(list)
		switch {
		case len(failed) == 0 || len(list) == 0:
			return len(list) > 0, errors.Join(failed...)
		case seen >= mostAtOnce:
			return len(failed) < seen, errors.Join(failed...)
		}
	}
}

// InTurn erases in several ways, one after the other. One that fails does not stop the others, unless the database
// does not answer.
func InTurn(ways ...Erase) Erase {
	return func(ctx context.Context, personID string) (left bool, err error) {
		var failed []error
		for _, erase := range ways {
			more, err := erase(ctx, personID)
			if fault.Is(err, fault.KindUnavailable) || ctx.Err() != nil {
				return false, errors.Join(append([]error{err, ctx.Err()}, failed...)...)
			}
			left, failed = left || more, append(failed, err)
		}
		return left, errors.Join(failed...)
	}
}
