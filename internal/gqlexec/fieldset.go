package gqlexec

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// FieldSet is an object of an answer. Values are what its fields become, in their order.
type FieldSet struct {
	Values   []graphql.Marshaler
	Invalids uint32 // how many fields are null that must not be

	fields  []graphql.CollectedField
	leaves  []leaf
	delayed []delayed
}

// delayed is a field that is resolved beside others.
type delayed struct {
	index   int
	invalid graphql.Marshaler // what the field becomes if its object must be null therefore
	resolve func(ctx context.Context) graphql.Marshaler
	beside  *beside
}

// beside is what the delayed fields of an object have in common while they are resolved.
type beside struct {
	set    *FieldSet
	ctx    context.Context
	op     *Operation
	others sync.WaitGroup
}

// few is how many fields an object may have whose parts are all allocated together.
const few = 8

// fewFields is a small object in one piece.
type fewFields struct {
	FieldSet

	values [few]graphql.Marshaler
	kept   [few]leaf
}

// NewFieldSet makes an object with these fields.
func NewFieldSet(fields []graphql.CollectedField) *FieldSet {
	n := len(fields)
	if n <= few {
		s := &fewFields{}
		s.FieldSet = FieldSet{fields: fields, Values: s.values[:n], leaves: s.kept[:n]}
		return &s.FieldSet
	}
	return &FieldSet{fields: fields, Values: make([]graphql.Marshaler, n), leaves: make([]leaf, n)}
}

// Text makes a field a text.
func (s *FieldSet) Text(i int, text string) {
	s.leaves[i] = leaf{kind: leafText, text: text}
	s.Values[i] = &s.leaves[i]
}

// Int makes a field a whole number.
func (s *FieldSet) Int(i int, n int64) {
	s.leaves[i] = leaf{kind: leafInt, n: n}
	s.Values[i] = &s.leaves[i]
}

// Bool makes a field true or false.
func (s *FieldSet) Bool(i int, b bool) { s.Values[i] = graphql.MarshalBoolean(b) }

// Time makes a field an instant. It returns false for the zero time, which is null.
func (s *FieldSet) Time(i int, t time.Time) bool {
	if t.IsZero() {
		return false
	}
	s.leaves[i] = leaf{kind: leafTime, at: t}
	s.Values[i] = &s.leaves[i]
	return true
}

// ResolveConcurrently has a field resolved beside others once Dispatch is called. nonNull says whether the
// object is null if the field is. A panic makes the field null.
func (s *FieldSet) ResolveConcurrently(i int, nonNull bool, resolve func(ctx context.Context) graphql.Marshaler) {
	if s.delayed == nil {
		s.delayed = make([]delayed, 0, min(len(s.fields), few))
	}
	s.delayed = append(s.delayed, delayed{index: i, invalid: invalidResult(nonNull), resolve: resolve})
}

// ResolveRootConcurrently is ResolveConcurrently for a field of Query, whose context is ctx.
func (s *FieldSet) ResolveRootConcurrently(ctx context.Context, op *Operation, i int, nonNull bool, resolve func(ctx context.Context) graphql.Marshaler) {
	s.ResolveConcurrently(i, nonNull, func(context.Context) graphql.Marshaler {
		return op.OperationContext.RootResolverMiddleware(ctx, func(ctx context.Context) graphql.Marshaler {
			return recovered(ctx, op, resolve)
		})
	})
}

// invalidResult is what makes the object of a field null.
func invalidResult(nonNull bool) graphql.Marshaler {
	if nonNull {
		return graphql.Null
	}
	return graphql.RequiredNull
}

// Dispatch resolves the delayed fields, and returns when all are done.
func (s *FieldSet) Dispatch(ctx context.Context, op *Operation) {
	if len(s.delayed) == 0 {
		return
	}
	if len(s.delayed) > 1 {
		b, begin := &beside{set: s, ctx: ctx, op: op}, beginner(ctx)
		b.others.Add(len(s.delayed) - 1)
		for i := range s.delayed[1:] {
			d := &s.delayed[1+i]
			d.beside = b
			begin.Go(d)
		}
		defer b.others.Wait()
	}
	s.resolve(ctx, op, &s.delayed[0])
}

// Run resolves the field beside the others of its object.
func (d *delayed) Run() {
	b := d.beside
	defer b.others.Done()
	b.set.resolve(b.ctx, b.op, d)
}

func (s *FieldSet) resolve(ctx context.Context, op *Operation, d *delayed) {
	result := recovered(ctx, op, d.resolve)
	s.Values[d.index] = result
	if result == d.invalid {
		atomic.AddUint32(&s.Invalids, 1)
	}
}

// recovered makes a field null whose resolving panics.
func recovered(ctx context.Context, op *Operation, resolve func(ctx context.Context) graphql.Marshaler) (result graphql.Marshaler) {
	defer func() {
		if p := recover(); p != nil {
			oc := op.OperationContext
			oc.Error(ctx, oc.Recover(ctx, p))
			result = graphql.Null
		}
	}()
	return resolve(ctx)
}

// MarshalGQL writes the object. A name that several fields have is in it once; see markRepeated.
func (s *FieldSet) MarshalGQL(w io.Writer) {
	writing(w, func(out output) {
		_ = out.WriteByte('{')
		for i := range s.fields {
			if i > 0 {
				if !s.fields[i].IsNonDeferrable {
					continue
				}
				_ = out.WriteByte(',')
			}
			writeText(out, s.fields[i].Alias)
			_ = out.WriteByte(':')
			s.Values[i].MarshalGQL(out)
		}
		_ = out.WriteByte('}')
	})
}

// OrNot says that a field was not put into its object, if the function that defers it panics.
func OrNot(done *bool) {
	if recover() != nil {
		*done = false
	}
}
