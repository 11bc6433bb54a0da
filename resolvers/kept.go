package resolvers

import (
	"context"
	"reflect"

	"faellesskab/internal/page"
)

// What a field has found by itself is not read again by those that lead to the same thing: the event of
// its dates, the course of an enrolment that is in the list of courses.

// kept remembers a thing by its id.
func kept[V any](ctx context.Context, nodeID string, v V, err error) (V, error) {
	if err == nil {
		by[V](ctx).Keep(nodeID, v)
	}
	return v, err
}

// keep remembers things by their ids.
func keep[V any](ctx context.Context, list []V, idOf func(V) string) {
	of := by[V](ctx)
	for _, v := range list {
		of.Keep(idOf(v), v)
	}
}

// keepLookup remembers what lookup finds under a key.
func keepLookup[V any](ctx context.Context, key string, v V) {
	loaders(ctx).lookups[reflect.TypeFor[V]()].Keep(key, v)
}

// keptPage remembers the things of a page by their ids.
func keptPage[V any](ctx context.Context, c *page.Connection[V], err error, idOf func(V) string) (*page.Connection[V], error) {
	if err != nil {
		return nil, err
	}
	of := by[V](ctx)
	for _, edge := range c.Edges {
		of.Keep(idOf(edge.Node), edge.Node)
	}
	return c, nil
}
