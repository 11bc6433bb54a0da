package idempotency

import (
	"context"
	"fmt"
	"reflect"

	"faellesskab/internal/fault"
)

// A repeat gets the outcome of the first call, and the object in it as it is now: an app must not
// show a state that has passed, nor offer what is no longer possible. Each noun says how its
// objects are looked up.

// Shows lets repeats show objects of a type as they are now. Look returns NotFound for an object
// that is gone or that the viewer may no longer see, which is then shown as it was kept. Shows is
// called once for each type, before the keys are used.
func Shows[T any](k *Keys, look func(ctx context.Context, kept T) (T, error)) {
	k.shows[reflect.TypeFor[T]()] = look
}

// ShowsByID is Shows for objects that are looked up by their ids.
func ShowsByID[T any](k *Keys, idOf func(T) string, byIDs func(ctx context.Context, ids []string) (map[string]T, error)) {
	Shows(k, func(ctx context.Context, kept T) (T, error) {
		found, err := byIDs(ctx, []string{idOf(kept)})
		now, isThere := found[idOf(kept)]
		if err == nil && !isThere {
			err = fault.NotFound("not_found")
		}
		return now, err
	})
}

// ShowsAsKept lets repeats show what was kept, of a type whose callers look things up themselves.
func ShowsAsKept[T any](k *Keys) {
	Shows(k, func(_ context.Context, kept T) (T, error) { return kept, nil })
}

// checkShows returns an error if nothing shows objects of a type.
func checkShows[T any](k *Keys) error {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Pointer && k.shows[t] == nil {
		return fmt.Errorf("idempotency: nothing shows how a %s is now: see Shows", t)
	}
	return nil
}

// asNow is what was kept, as it is now.
func asNow[T any](ctx context.Context, k *Keys, kept T, err error) (T, error) {
	look, _ := k.shows[reflect.TypeFor[T]()].(func(context.Context, T) (T, error))
	if err != nil || look == nil {
		return kept, err
	}
	now, err := look(ctx, kept)
	if fault.Is(err, fault.KindNotFound) {
		return kept, nil
	}
	return now, err
}
