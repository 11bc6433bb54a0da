package resolvers

import (
	"context"
	"reflect"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/auth"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/gqlexec"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/loader"
	"faellesskab/internal/page"
)

// Loaders gather what one operation asks for into one query for each type. They live
// as long as the operation, or as one of its mutations, and see what its viewer sees.
type Loaders struct {
	pace     *loader.Pace
	count    *gqlexec.Count
	nodes    map[reflect.Type]*nodeLoader // things by their own ids
	byPrefix map[string]*nodeLoader       // the same, by the prefix of those ids
	lookups  map[reflect.Type]*loader.Loader[any]
}

type nodeLoader = loader.Loader[id.Node]

func (r *Resolver) newLoaders(pace *loader.Pace) *Loaders {
	l := &Loaders{pace: pace, count: gqlexec.NewCount(r.Parts, pace), nodes: map[reflect.Type]*nodeLoader{}, byPrefix: map[string]*nodeLoader{}, lookups: map[reflect.Type]*loader.Loader[any]{}}
	for _, n := range r.Nodes() {
		of := loader.New(pace, n.Load)
		l.nodes[n.Type], l.byPrefix[n.Prefix] = of, of
	}
	for _, f := range r.Lookups() {
		l.lookups[f.Type] = loader.New(pace, f.Load)
	}
	return l
}

// by is the loader of the things of a type by their own ids.
func by[V any](ctx context.Context) *nodeLoader { return loaders(ctx).nodes[reflect.TypeFor[V]()] }

// of is the loader for an id of a node; nil if it is no such id.
func (l *Loaders) of(nodeID string) *nodeLoader {
	if known := l.byPrefix[id.Prefix(nodeID)]; known != nil {
		return known
	}
	// Some ids are an owner's id and a key, as those of notices.
	owner, key, _ := id.Split(nodeID)
	if !id.IsKey(key) {
		return nil
	}
	return l.byPrefix[id.Pair(id.Prefix(owner), "")]
}

type loadersKey struct{}

// These are how long what is asked for waits for the rest of its operation at most. The parts of a
// subscription's answers are not counted before they come, so that what they ask for waits a moment.
const (
	maxWait         = 2 * time.Second
	maxWaitOfAnswer = time.Millisecond
)

// WithLoaders gives each operation its own loaders, and each answer of a
// subscription.
func (r *Resolver) WithLoaders(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if isSubscription(ctx) {
		handler := next(r.withLoaders(ctx, 1, maxWaitOfAnswer))
		return func(ctx context.Context) *graphql.Response { return handler(r.withLoaders(ctx, 1, maxWaitOfAnswer)) }
	}
	if isMutation(ctx) {
		return next(ctx) // see WithMutation
	}
	ctx = r.withLoaders(ctx, r.Parts.Root(graphql.GetOperationContext(ctx), "Query"), r.DB.Span(maxWait))
	handler := next(ctx)
	return func(inner context.Context) *graphql.Response {
		defer r.checkCount(ctx)
		return handler(inner)
	}
}

// CountedWrongly is in the log if the parts of an operation that is over were counted wrongly, which costs
// time or reads. See gqlexec.Parts.
const CountedWrongly = "the parts of an operation were counted wrongly"

func (r *Resolver) checkCount(ctx context.Context) {
	if left := loaders(ctx).pace.Left(); left != 0 {
		r.Log.WarnContext(ctx, CountedWrongly, "left", left)
	}
}

// WithMutation gives each mutation of a request its own loaders: what an earlier one has
// shown may have changed.
func (r *Resolver) WithMutation(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if isMutation(ctx) {
		ctx = r.withLoaders(ctx, 1, r.DB.Span(maxWait))
		defer r.checkCount(ctx)
	}
	return next(ctx)
}

// withLoaders makes the loaders of so many parts when one is first asked for: a subscription waits
// long for each of its answers, and thousands wait at once.
func (r *Resolver) withLoaders(ctx context.Context, parts int, limit time.Duration) context.Context {
	made := sync.OnceValue(func() *Loaders {
		return r.newLoaders(loader.NewPace(parts, limit, func() {
			if limit != maxWaitOfAnswer {
				r.Log.WarnContext(ctx, "a read has not waited for the whole operation", "after", limit)
			}
		}).With(r.Crew))
	})
	ctx = gqlexec.WithCount(ctx, func() *gqlexec.Count { return made().count })
	return context.WithValue(ctx, loadersKey{}, made)
}

// FollowViewer lets the viewer of a subscription be brought up to date, since their memberships
// may change while it lasts, and that of mutations, which may change what the viewer is.
func FollowViewer(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if isSubscription(ctx) || isMutation(ctx) {
		ctx = auth.WithLiveViewer(ctx, auth.FromContext(ctx))
	}
	return next(ctx)
}

// FollowMutation brings the viewer up to date after a mutation that has changed them: whoever has joined
// a group sees what it does in the same answer, and whoever has left it no longer does. The mutation is
// done, so that a viewer who could not be read stays as they were.
func (r *Resolver) FollowMutation(ctx context.Context) {
	if !auth.HasChanged(ctx) {
		return
	}
	if err := r.RefreshViewer(ctx); err != nil && !fault.Is(err, fault.KindForbidden) {
		r.Log.WarnContext(ctx, "the viewer of a mutation is not up to date", "error", err)
	}
}

func isSubscription(ctx context.Context) bool { return isOperation(ctx, ast.Subscription) }

func isMutation(ctx context.Context) bool { return isOperation(ctx, ast.Mutation) }

func isOperation(ctx context.Context, kind ast.Operation) bool {
	return graphql.HasOperationContext(ctx) && graphql.GetOperationContext(ctx).Operation.Operation == kind
}

func loaders(ctx context.Context) *Loaders {
	return ctx.Value(loadersKey{}).(func() *Loaders)()
}

// one loads a thing that must exist. Returns NotFound if it is missing or not visible.
func one[V any](ctx context.Context, nodeID string) (V, error) {
	return typed[V](found(by[V](ctx).Load(ctx, nodeID)))
}

// found turns what is missing into NotFound.
func found(n id.Node, err error) (id.Node, error) {
	if n == nil && err == nil {
		err = fault.NotFound("not_found")
	}
	return n, err
}

// maybe loads a thing; nil if it is missing or not visible.
func maybe[V any](ctx context.Context, nodeID string) (V, error) {
	if nodeID == "" {
		return typed[V](nil, nil)
	}
	return typed[V](by[V](ctx).Load(ctx, nodeID))
}

// inTurn is maybe for a field of Query, beside which another may find the same thing by itself; see
// loader.LoadInTurn.
func inTurn[V any](ctx context.Context, nodeID string) (V, error) {
	if nodeID == "" {
		return typed[V](nil, nil)
	}
	return typed[V](by[V](ctx).LoadInTurn(ctx, nodeID))
}

// lookup finds a thing by the id of another, such as the viewer's membership by the group; nil if
// there is none, or no id.
func lookup[V any](ctx context.Context, key string) (V, error) {
	if key == "" {
		return typed[V](nil, nil)
	}
	return typed[V](loaders(ctx).lookups[reflect.TypeFor[V]()].Load(ctx, key))
}

// lookups is lookup for several keys, in their order.
func lookups[V any](ctx context.Context, keys []string) ([]V, error) {
	list, of := make([]V, len(keys)), loaders(ctx).lookups[reflect.TypeFor[V]()]
	waits := make([]func() (any, error), len(keys))
	for i, key := range keys {
		waits[i] = of.Begin(ctx, key)
	}
	for i, wait := range waits {
		var err error
		if list[i], err = typed[V](wait()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// typed gives a loaded thing its type back; nil becomes the type's zero value.
func typed[V any](v any, err error) (V, error) {
	is, _ := v.(V)
	return is, err
}

// allowed turns a list that the viewer may not see into null without an error, so that the rest of
// the page is shown. viewerCan says so beforehand.
func allowed[V any](v *V, err error) (*V, error) {
	if fault.Is(err, fault.KindForbidden) || fault.Is(err, fault.KindNotFound) {
		return nil, nil //nolint:nilnil // the schema's null
	}
	return v, err
}

// many loads a list and leaves out what is missing or not visible.
func many[V any](ctx context.Context, ids []string) ([]V, error) {
	list, of := make([]V, 0, len(ids)), by[V](ctx)
	waits := make([]func() (id.Node, error), len(ids))
	for i, nodeID := range ids {
		waits[i] = of.Begin(ctx, nodeID)
	}
	for _, wait := range waits {
		n, err := wait()
		if err != nil {
			return nil, err
		}
		if n != nil {
			list = append(list, n.(V))
		}
	}
	return list, nil
}

// groupOf is the group of a card, which is enough for what most lists ask.
func groupOf(ctx context.Context, c group.Card) (*group.Group, error) {
	if gqlexec.AsksOnly(ctx, group.CardFields) {
		return c.Group(), nil
	}
	return maybe[*group.Group](ctx, c.ID)
}

// firstDates is the first page of an event's dates. One query finds those of a whole list of
// events.
func firstDates(ctx context.Context, e *event.Event, a page.Args) (*event.OccurrenceConnection, error) {
	if _, err := a.Open(""); err != nil {
		return nil, err
	}
	dates, err := lookup[[]*event.Occurrence](ctx, e.FirstKey())
	if err != nil {
		return nil, err
	}
	return event.PageOf(dates, a), nil
}
