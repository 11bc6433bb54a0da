package resolvers

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
)

// node loads anything by its id. Returns BAD_ID for a malformed id, and NotFound if the thing is
// missing or not visible.
func node(ctx context.Context, nodeID string) (id.Node, error) { return begin(ctx, nodeID)() }

// begin begins to load anything by its id. Things that are begun before the first wait are read
// together.
func begin(ctx context.Context, nodeID string) (wait func() (id.Node, error)) {
	of := loaders(ctx).of(nodeID)
	if of == nil {
		return func() (id.Node, error) { return nil, fault.BadID("id") }
	}
	load := of.Begin(ctx, nodeID)
	return func() (id.Node, error) { return found(load()) }
}

func beginAll(ctx context.Context, ids []string) (waits []func() (id.Node, error)) {
	for _, nodeID := range ids {
		waits = append(waits, begin(ctx, nodeID))
	}
	return waits
}

// nodeOrNull is node that returns nil if the thing is missing or not visible, or of a type that
// only a newer version knows.
func nodeOrNull(ctx context.Context, nodeID string) (id.Node, error) {
	if nodeID == "" {
		return nil, nil //nolint:nilnil // the schema's null
	}
	n, err := node(ctx, nodeID)
	if isUnseen(err) {
		return nil, nil //nolint:nilnil // the schema's null
	}
	return n, err
}

func isUnseen(err error) bool {
	return fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindInvalid)
}

const maxNodes = 50

// nodes loads several things by their ids; those that are missing or not visible are null. A
// malformed id fails alone, with its place in the list. Returns Invalid for too many ids.
func nodes(ctx context.Context, ids []string) ([]id.Node, error) {
	if len(ids) > maxNodes {
		return nil, fault.Invalid("ids", "list.long").With("Max", maxNodes)
	}
	list := make([]id.Node, len(ids))
	for i, wait := range beginAll(ctx, ids) {
		n, err := wait()
		if fault.Is(err, fault.KindInvalid) {
			err = fault.BadID(fmt.Sprintf("ids.%d", i))
		}
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			graphql.AddError(graphql.WithPathContext(ctx, graphql.NewPathWithIndex(i)), err)
		}
		list[i] = n
	}
	return list, nil
}

// visible are the nodes with those ids that the viewer may see; see nodeOrNull.
func visible(ctx context.Context, ids []string) ([]id.Node, error) {
	list := []id.Node{}
	for _, wait := range beginAll(ctx, ids) {
		n, err := wait()
		if isUnseen(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}
