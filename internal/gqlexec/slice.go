package gqlexec

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalSlice makes of each element of a list what is written. Elements with parts that may have to wait
// begin together, see loader.Pace; others are worked off one after the other. An element that panics is null.
func MarshalSlice(ctx context.Context, op *Operation, length int, marshal func(ctx context.Context, i int) graphql.Marshaler) graphql.Array {
	list := make(graphql.Array, length)
	of, _ := ctx.(*fieldContext)
	if of == nil {
		of, _ = ctx.Value(ownKey{}).(*fieldContext)
	}
	if length < 2 || of == nil || of.members == nil {
		for i := range list {
			list[i] = marshalElement(ctx, op, i, marshal)
		}
		return list
	}
	var others sync.WaitGroup
	for i := 1; i < length; i++ {
		others.Go(func() { list[i] = marshalElement(ctx, op, i, marshal) })
	}
	list[0] = marshalElement(ctx, op, 0, marshal)
	others.Wait()
	return list
}

func marshalElement(ctx context.Context, op *Operation, i int, marshal func(ctx context.Context, i int) graphql.Marshaler) (result graphql.Marshaler) {
	c := within(ctx, op)
	c.index = i
	c.is.Index = &c.index
	if c.parent != nil && c.parent.members != nil {
		c.below = c.parent.members[i]
	}
	defer func() {
		if p := recover(); p != nil {
			graphql.AddError(c, graphql.Recover(c, p))
			result = graphql.Null
		}
	}()
	return marshal(c, i)
}
