package auth

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
)

// Role is a role in the whole system, not in one group.
type Role string

// The roles. Every person is a resident; the others are granted by an admin.
const (
	RoleResident         Role = "RESIDENT"
	RoleStaff            Role = "STAFF"
	RoleCommunityBuilder Role = "COMMUNITY_BUILDER"
	RolePolitician       Role = "POLITICIAN"
	RoleAdmin            Role = "ADMIN"
)

// Roles are all roles.
var Roles = []Role{RoleResident, RoleStaff, RoleCommunityBuilder, RolePolitician, RoleAdmin}

// IsValid reports whether r is one of the roles.
func (r Role) IsValid() bool { return slices.Contains(Roles, r) }

// Viewer is who is looking. The zero value is an anonymous viewer.
type Viewer struct {
	PersonID string
	// Account is the account at Firebase. Nobody else knows it, and an erasure takes it away,
	// so an id that is made of it leads to nobody.
	Account string
	Roles   []Role
	// Granted are capabilities that were granted by themselves. Some of them may have
	// ended.
	Granted    []CapabilityGrant
	HomeAreaID string
	Language   i18n.Language
	// Groups are the groups the viewer is an active member of, by id. It is the
	// person's own copy, so it costs no further query.
	Groups map[string]Grant
	// InvitedTo are the ids of the groups to which the viewer is invited and which they
	// have not joined, sorted. They may know of these groups, but not see what they do.
	InvitedTo []string
	// BannedFrom are the ids of the groups from which the viewer is banned, sorted. They
	// see of these what everyone sees, and may take part in nothing.
	BannedFrom []string
	// Until is when the sign-in ends; zero: not known.
	Until time.Time
}

// Grant is what a viewer may do in one group, as bits whose meaning package group knows.
type Grant struct {
	May   int32   `bson:"may,omitempty"`
	Until []Until `bson:"until,omitempty"` // the parts that end by themselves
}

// Until is what a viewer may do until an instant.
type Until struct {
	May int32     `bson:"may"`
	At  time.Time `bson:"at"`
}

// At is what the viewer may do at an instant.
func (g Grant) At(now time.Time) int32 {
	may := g.May
	for _, u := range g.Until {
		if now.Before(u.At) {
			may |= u.May
		}
	}
	return may
}

// IsAnonymous reports whether nobody is signed in.
func (v Viewer) IsAnonymous() bool { return v.PersonID == "" }

// Has reports whether the viewer holds the role. Every signed-in person is a resident. Can
// says what a role lets them do.
func (v Viewer) Has(r Role) bool {
	return !v.IsAnonymous() && (r == RoleResident || slices.Contains(v.Roles, r))
}

// InGroup reports whether the viewer is an active member of the group.
func (v Viewer) InGroup(groupID string) bool {
	_, found := v.Groups[groupID]
	return found
}

// IsInvitedTo reports whether the viewer is invited to the group and has not
// joined it.
func (v Viewer) IsInvitedTo(groupID string) bool { return slices.Contains(v.InvitedTo, groupID) }

// IsBannedFrom reports whether the viewer is banned from the group.
func (v Viewer) IsBannedFrom(groupID string) bool { return slices.Contains(v.BannedFrom, groupID) }

// GroupIDs are the ids of the viewer's groups, sorted.
func (v Viewer) GroupIDs() []string { return slices.Sorted(maps.Keys(v.Groups)) }

type viewerKey struct{}

// WithViewer puts the viewer into the context.
func WithViewer(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// liveViewer is the viewer of a call that lasts, or that may change them.
type liveViewer struct {
	now     atomic.Pointer[Viewer]
	changed atomic.Bool
}

// WithLiveViewer puts the viewer of a call that lasts, or that may change them, into the context,
// where Refresh can bring them up to date.
func WithLiveViewer(ctx context.Context, v Viewer) context.Context {
	live := &liveViewer{}
	live.now.Store(&v)
	return context.WithValue(ctx, viewerKey{}, live)
}

// Changed notes that this call has written what makes the viewer, if it is about that person.
func Changed(ctx context.Context, personID string) {
	if live, ok := ctx.Value(viewerKey{}).(*liveViewer); ok && live.now.Load().PersonID == personID {
		live.changed.Store(true)
	}
}

// HasChanged reports whether the call has changed its viewer since they were last brought up to date.
func HasChanged(ctx context.Context) bool {
	live, ok := ctx.Value(viewerKey{}).(*liveViewer)
	return ok && live.changed.Load()
}

// Refresh brings the viewer of such a call up to date. Other calls keep the viewer they began with.
func Refresh(ctx context.Context, v Viewer) {
	if live, ok := ctx.Value(viewerKey{}).(*liveViewer); ok {
		live.changed.Store(false)
		v.Until = live.now.Load().Until
		live.now.Store(&v)
	}
}

// FromContext is the viewer of this call; anonymous if none was put there.
func FromContext(ctx context.Context) Viewer {
	switch v := ctx.Value(viewerKey{}).(type) {
	case Viewer:
		return v
	case *liveViewer:
		return *v.now.Load()
	}
	return Viewer{}
}

// Require is the signed-in viewer of this call. Returns Unauthenticated if
// nobody is signed in.
func Require(ctx context.Context) (Viewer, error) {
	v := FromContext(ctx)
	if v.IsAnonymous() {
		return Viewer{}, fault.Unauthenticated("auth.required")
	}
	return v, nil
}

type languageKey struct{}

// WithLanguage puts into the context the language that the caller's
// Accept-Language asks for.
func WithLanguage(ctx context.Context, l i18n.Language) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// LanguageOf is the language of the answer: asked if it is not nil, else the signed-in
// person's, else the one that Accept-Language asks for, else Danish.
func LanguageOf(ctx context.Context, asked *i18n.Language) i18n.Language {
	if asked != nil && asked.IsValid() {
		return *asked
	}
	if l := FromContext(ctx).Language; l.IsValid() {
		return l
	}
	if l, ok := ctx.Value(languageKey{}).(i18n.Language); ok {
		return l
	}
	return i18n.Danish
}
