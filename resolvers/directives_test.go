package resolvers

import (
	"context"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
)

// A field takes one capability, or one of several, until the instant at which it ends. Nobody may
// call a field that names none.
func TestCan(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	end := now.Add(time.Hour)
	can := Directives(func() time.Time { return now }, nil).Can
	builder := auth.WithViewer(context.Background(), auth.Viewer{PersonID: "anna", Roles: []auth.Role{auth.RoleCommunityBuilder},
		Granted: []auth.CapabilityGrant{{Capability: auth.CapabilityFigures, ExpiresAt: &end}}})
	support, courses := auth.CapabilitySupport, auth.CapabilityCourses
	ask := func(ctx context.Context, one *auth.Capability, several ...auth.Capability) error {
		got, err := can(ctx, nil, func(context.Context) (any, error) { return "done", nil }, one, several)
		if (err == nil) != (got == "done") {
			t.Errorf("answered %v and %v", got, err)
		}
		return err
	}
	for name, c := range map[string]struct {
		err  error
		kind fault.Kind
	}{
		"what a role brings":     {err: ask(builder, &support)},
		"one of several":         {err: ask(builder, nil, courses, auth.CapabilityFigures)},
		"another":                {ask(builder, &courses), fault.KindForbidden},
		"none of several":        {ask(builder, nil, courses, auth.CapabilityAdmin), fault.KindForbidden},
		"where none is named":    {ask(builder, nil), fault.KindForbidden},
		"nobody":                 {ask(context.Background(), &support), fault.KindUnauthenticated},
		"nobody, one of several": {ask(context.Background(), nil, support, courses), fault.KindUnauthenticated},
	} {
		if c.kind == 0 && c.err != nil || c.kind != 0 && !fault.Is(c.err, c.kind) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	now = end
	if err := ask(builder, nil, courses, auth.CapabilityFigures); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("what has ended: %v", err)
	}
}
