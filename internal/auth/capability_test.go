package auth

import (
	"context"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
)

var midday = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func TestWhatRolesBring(t *testing.T) {
	t.Parallel()
	for role, want := range map[Role][]Capability{
		RoleResident:         {},
		RoleStaff:            {CapabilityCourses, CapabilityBroadcast, CapabilitySupport},
		RoleCommunityBuilder: {CapabilitySupport},
		RolePolitician:       {},
		RoleAdmin:            {CapabilityAdmin},
		"MAYOR":              {}, // a role of a newer version of the program
	} {
		if got := (Viewer{PersonID: "anna", Roles: []Role{role}}).Capabilities(midday); !slices.Equal(got, want) {
			t.Errorf("%s brings %v, want %v", role, got, want)
		}
		if got := (Viewer{Roles: []Role{role}}).Capabilities(midday); len(got) > 0 {
			t.Errorf("nobody can %v", got)
		}
	}
}

func TestWhatIsGrantedByItself(t *testing.T) {
	t.Parallel()
	end := midday.Add(time.Hour)
	v := Viewer{PersonID: "anna", Roles: []Role{RoleCommunityBuilder}, Granted: []CapabilityGrant{
		{Capability: CapabilityFigures}, {Capability: CapabilityDialogue, ExpiresAt: &end}, {Capability: CapabilitySupport, ExpiresAt: &midday},
	}}
	for _, c := range []struct {
		name string
		now  time.Time
		want []Capability
	}{
		{"all count", midday.Add(-time.Nanosecond), []Capability{CapabilityDialogue, CapabilitySupport, CapabilityFigures}},
		{"the role brings what has ended by itself", midday, []Capability{CapabilityDialogue, CapabilitySupport, CapabilityFigures}},
		{"just before one ends", end.Add(-time.Nanosecond), []Capability{CapabilityDialogue, CapabilitySupport, CapabilityFigures}},
		{"at the instant", end, []Capability{CapabilitySupport, CapabilityFigures}},
	} {
		if got := v.Capabilities(c.now); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	v.Roles, v.Granted = nil, v.Granted[1:]
	if got := v.Capabilities(midday); !slices.Equal(got, []Capability{CapabilityDialogue}) {
		t.Errorf("without the role and at its end: %v", got)
	}
}

// A capability that was granted by itself is an office like a role.
func TestWhoHoldsOffice(t *testing.T) {
	t.Parallel()
	granted := []CapabilityGrant{{Capability: CapabilityGrants, ExpiresAt: &midday}}
	for _, c := range []struct {
		name string
		v    Viewer
		now  time.Time
		want bool
	}{
		{"a resident", Viewer{Roles: []Role{RoleResident}}, midday, false},
		{"a politician, who can do nothing by it", Viewer{Roles: []Role{RolePolitician}}, midday, true},
		{"an admin", Viewer{Roles: []Role{RoleAdmin}}, midday, true},
		{"by itself", Viewer{Granted: granted}, midday.Add(-time.Second), true},
		{"by what has ended", Viewer{Granted: granted}, midday, false},
	} {
		if got := c.v.HoldsOffice(c.now); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// People who are refused are told which capability they lack, each in words of its own.
func TestWhoLacksACapabilityIsToldWhich(t *testing.T) {
	t.Parallel()
	ctx := WithViewer(context.Background(), Viewer{PersonID: "anna", Roles: []Role{RoleCommunityBuilder}})
	said := map[string]Capability{}
	for _, c := range Capabilities {
		_, err := RequireCapability(ctx, midday, c)
		if c == CapabilitySupport {
			if err != nil {
				t.Errorf("%s: %v", c, err)
			}
			continue
		}
		if !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", c, err)
			continue
		}
		for _, l := range []i18n.Language{i18n.Danish, i18n.English} {
			text := i18n.Translate(l, Lacking(c).Key, nil)
			if other, twice := said[text]; twice || !i18n.Has(l, Lacking(c).Key) {
				t.Errorf("%s is told as %q, like %q", c, text, other)
			}
			said[text] = c
		}
	}
	if _, err := RequireCapability(ctx, midday, CapabilityCourses, CapabilitySupport); err != nil {
		t.Errorf("one of two is not enough: %v", err)
	}
	if _, err := RequireCapability(ctx, midday, CapabilityCourses, CapabilityGrants); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("none of two: %v", err)
	}
	if _, err := RequireCapability(ctx, midday); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("nothing that would be enough: %v", err)
	}
	if _, err := RequireCapability(context.Background(), midday, CapabilitySupport); !fault.Is(err, fault.KindUnauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}
