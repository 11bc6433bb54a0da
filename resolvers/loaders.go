package resolvers

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vikstrous/dataloadgen"

	"faellesskab/internal/announcement"
	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	"faellesskab/internal/course"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
)

// Loaders gather what one operation asks for into one query each. They live as
// long as the operation, and see what its viewer sees.
type Loaders struct {
	area         *dataloadgen.Loader[string, *area.Area]
	person       *dataloadgen.Loader[string, *person.Person]
	device       *dataloadgen.Loader[string, *device.Device]
	skill        *dataloadgen.Loader[string, *skill.Skill]
	group        *dataloadgen.Loader[string, *group.Group]
	event        *dataloadgen.Loader[string, *event.Event]
	occurrence   *dataloadgen.Loader[string, *event.Occurrence]
	course       *dataloadgen.Loader[string, *course.Course]
	membership   *dataloadgen.Loader[string, *group.Membership]
	attendance   *dataloadgen.Loader[string, *event.Attendance]
	enrolment    *dataloadgen.Loader[string, *course.Enrolment]
	announcement *dataloadgen.Loader[string, *announcement.Announcement]
	notice       *dataloadgen.Loader[string, *inbox.Notice]

	// The viewer's own, by the id of the other thing.
	ownMembership *dataloadgen.Loader[string, *group.Membership]
	ownAttendance *dataloadgen.Loader[string, *event.Attendance]
	ownEnrolment  *dataloadgen.Loader[string, *course.Enrolment]

	// The dates of an event, by event.
	dates *dataloadgen.Loader[string, []*event.Occurrence]
}

func (r *Resolver) newLoaders() *Loaders {
	return &Loaders{
		area:          loader(r.Areas.ByIDs),
		person:        loader(r.People.ByIDs),
		device:        loader(r.Devices.ByIDs),
		skill:         loader(r.Skills.ByIDs),
		group:         loader(r.Groups.ByIDs),
		event:         loader(r.Events.ByIDs),
		occurrence:    loader(r.Events.OccurrencesByIDs),
		course:        loader(r.Courses.ByIDs),
		membership:    loader(r.Groups.MembershipsByIDs),
		attendance:    loader(r.Events.AttendancesByIDs),
		enrolment:     loader(r.Courses.EnrolmentsByIDs),
		announcement:  loader(r.Announcements.ByIDs),
		notice:        loader(r.Notices.ByIDs),
		ownMembership: loader(r.Groups.OwnByGroup),
		ownAttendance: loader(r.Events.OwnAttendances),
		ownEnrolment:  loader(r.Courses.OwnEnrolments),
		dates:         loader(r.Events.FirstOccurrences),
	}
}

func loader[V any](fetch func(ctx context.Context, ids []string) (map[string]V, error)) *dataloadgen.Loader[string, V] {
	return dataloadgen.NewMappedLoader(fetch, dataloadgen.WithWait(time.Millisecond), dataloadgen.WithBatchCapacity(200))
}

type loadersKey struct{}

// WithLoaders gives each operation its own loaders, and each answer of a
// subscription.
func (r *Resolver) WithLoaders(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	// They are made when first asked for: a subscription waits long for each of its
	// answers, and thousands wait at once.
	with := func(ctx context.Context) context.Context {
		return context.WithValue(ctx, loadersKey{}, sync.OnceValue(r.newLoaders))
	}
	handler := next(with(ctx))
	if !isSubscription(ctx) {
		return handler
	}
	return func(ctx context.Context) *graphql.Response { return handler(with(ctx)) }
}

// FollowViewer lets the viewer of a subscription be brought up to date: what they
// belong to changes while it lasts.
func FollowViewer(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if isSubscription(ctx) {
		ctx = auth.WithLiveViewer(ctx, auth.FromContext(ctx))
	}
	return next(ctx)
}

func isSubscription(ctx context.Context) bool {
	return graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription
}

func loaders(ctx context.Context) *Loaders {
	return ctx.Value(loadersKey{}).(func() *Loaders)()
}

// one loads what must be there; what is missing or not visible is NotFound.
func one[V any](ctx context.Context, l *dataloadgen.Loader[string, V], key string) (V, error) {
	return found(l.Load(ctx, key))
}

func found[V any](v V, err error) (V, error) {
	if errors.Is(err, dataloadgen.ErrNotFound) {
		err = fault.NotFound("not_found")
	}
	return v, err
}

// maybe loads what may be missing or not visible, and is nil then.
func maybe[V any](ctx context.Context, l *dataloadgen.Loader[string, *V], key string) (*V, error) {
	if key == "" {
		return nil, nil //nolint:nilnil // the schema's null
	}
	v, err := l.Load(ctx, key)
	if errors.Is(err, dataloadgen.ErrNotFound) {
		return nil, nil //nolint:nilnil // the schema's null
	}
	return v, err
}

// allowed is null for a list the viewer may not see: viewerCan has said so, and the
// rest of the page stands.
func allowed[V any](v *V, err error) (*V, error) {
	if fault.Is(err, fault.KindForbidden) || fault.Is(err, fault.KindNotFound) {
		return nil, nil //nolint:nilnil // the schema's null
	}
	return v, err
}

// many loads a list and leaves out what is missing or not visible.
func many[V any](ctx context.Context, l *dataloadgen.Loader[string, *V], keys []string) ([]*V, error) {
	list := []*V{}
	found, err := l.LoadAll(ctx, keys)
	var missing dataloadgen.ErrorSlice
	if err != nil && !errors.As(err, &missing) {
		return nil, err
	}
	for i, v := range found {
		if i < len(missing) && missing[i] != nil {
			if !errors.Is(missing[i], dataloadgen.ErrNotFound) {
				return nil, missing[i]
			}
			continue
		}
		list = append(list, v)
	}
	return list, nil
}

// asksOnly reports whether the operation asks for none but these fields of the
// object that is being resolved.
func asksOnly(ctx context.Context, fields []string) bool {
	known := make(map[string]bool, len(fields))
	for _, f := range fields {
		known[f] = true
	}
	for _, f := range graphql.CollectAllFields(ctx) {
		if !known[f] {
			return false
		}
	}
	return true
}

// firstDates is the first page of an event's dates; those of a whole list of
// events come by one query.
func firstDates(ctx context.Context, e *event.Event, a page.Args) (*event.OccurrenceConnection, error) {
	if _, err := a.Open(""); err != nil {
		return nil, err
	}
	dates, err := loaders(ctx).dates.Load(ctx, e.ID)
	if err != nil && !errors.Is(err, dataloadgen.ErrNotFound) {
		return nil, err
	}
	return event.PageOf(dates, a), nil
}
