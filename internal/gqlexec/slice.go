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
	all := &elements{ctx: ctx, op: op, list: list, marshal: marshal}
	all.others.Add(length - 1)
	each := make([]element, length)
	for i := 1; i < length; i++ {
		each[i] = element{all, i}
		of.count.pace.Go(&each[i])
	}
	list[0] = marshalElement(ctx, op, 0, marshal)
	all.others.Wait()
	return list
}

// elements is what the elements of a list have in common that begin together.
type elements struct {
	ctx     context.Context
	op      *Operation
	list    graphql.Array
	marshal func(ctx context.Context, i int) graphql.Marshaler
	others  sync.WaitGroup
}

// element is one of them.
type element struct {
	*elements

	i int
}

// Run makes of the element what is written.
func (e *element) Run() {
	defer e.others.Done()
	e.list[e.i] = marshalElement(e.ctx, e.op, e.i, e.marshal)
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
