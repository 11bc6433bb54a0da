package person_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
	"faellesskab/internal/testkit"
)

func TestRolesAreGrantedByAdminsAndRecorded(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.As("bo")
	in := person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleStaff}
	_, err := w.People.GrantRole(w.As("cara"), in)
	ct.WantKind(t, err, fault.KindForbidden)
	admin := w.Grant("anna", auth.RoleAdmin)
	for range 2 {
		ct.Must(w.People.GrantRole(admin, in))(t)
	}
	if _, p := w.Person("bo"); len(p.OwnRoles) != 1 || !p.Viewer().Has(auth.RoleStaff) {
		t.Errorf("roles %v", p.OwnRoles)
	}
	log := ct.Must(w.Audit.Of(t.Context(), in.PersonID))(t)
	if len(log) != 2 || log[0].Actor != ct.PersonID("anna") || log[0].Action != "grantRole" || log[0].Details["role"] != "STAFF" {
		t.Errorf("the record says %+v", log)
	}
	ct.Must(w.People.RevokeRole(admin, in))(t)
	if _, p := w.Person("bo"); len(p.OwnRoles) != 0 {
		t.Errorf("roles %v", p.OwnRoles)
	}
	_, err = w.People.GrantRole(admin, person.RoleInput{PersonID: auth.FromContext(admin).PersonID, Role: auth.RolePolitician})
	ct.WantKey(t, err, "auth.self")
	_, err = w.People.GrantRole(admin, person.RoleInput{PersonID: ct.PersonID("nobody"), Role: auth.RoleStaff})
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.People.GrantRole(admin, person.RoleInput{PersonID: in.PersonID, Role: auth.RoleResident})
	ct.WantKind(t, err, fault.KindInvalid)
}

func TestLastAdminStays(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin := w.Grant("anna", auth.RoleAdmin)
	in := person.RoleInput{PersonID: ct.PersonID("anna"), Role: auth.RoleAdmin}
	_, err := w.People.RevokeRole(admin, in)
	ct.WantKey(t, err, "person.role.last_admin")
	w.Grant("bo", auth.RoleAdmin)
	ct.Must(w.People.RevokeRole(admin, in))(t)
}

// Two admins take the role from each other at once, after each has seen the other as an
// admin.
func TestTwoAdminsAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	anna, bo := w.Grant("anna", auth.RoleAdmin), w.Grant("bo", auth.RoleAdmin)
	m.Before("update", "offices", func() { // anna's call has read, and not written yet
		ct.Must(w.People.RevokeRole(bo, person.RoleInput{PersonID: ct.PersonID("anna"), Role: auth.RoleAdmin}))(t)
	})
	_, err := w.People.RevokeRole(anna, person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleAdmin})
	ct.WantKey(t, err, "auth.lacking.admin")
	w.RunPending()
	for name, want := range map[string]bool{"anna": false, "bo": true} {
		if _, p := w.Person(name); p.Viewer().Has(auth.RoleAdmin) != want {
			t.Errorf("%s has %v", name, p.HeldRoles())
		}
	}
	for _, e := range ct.Must(w.Audit.Of(t.Context(), ct.PersonID("bo")))(t) {
		if e.Action == "revokeRole" {
			t.Errorf("the record says %+v", e)
		}
	}
}

// Both processes die right after their deciding write, before its effects have run. Somebody
// can still grant, both then and after the effects have run.
func TestTwoAdminsWhoseProcessesDieLeaveOne(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t)
	annas, bos := testkit.NewCrasher(), testkit.NewCrasher()
	one, other := w.Again(m.Option(), testkit.WithCrasher(annas)), w.Again(testkit.WithCrasher(bos))
	anna, bo := w.Grant("anna", auth.RoleAdmin), w.Grant("bo", auth.RoleAdmin)
	m.Before("update", "offices", func() {
		bos.After(1)
		_, _ = other.People.RevokeRole(bo, person.RoleInput{PersonID: ct.PersonID("anna"), Role: auth.RoleAdmin})
	})
	annas.After(1)
	_, _ = one.People.RevokeRole(anna, person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleAdmin})
	if bos.Writes() == 0 {
		t.Fatal("bo did not come to write")
	}
	admins := func() (n int) {
		for _, name := range []string{"anna", "bo"} {
			if _, p := w.Person(name); p.Viewer().Has(auth.RoleAdmin) {
				n++
			}
		}
		return n
	}
	if admins() == 0 {
		t.Error("nobody is an admin until a sweep comes")
	}
	w.RunPending()
	if n := admins(); n != 1 {
		t.Errorf("%d admins are left", n)
	}
}

// A late copy must not bring back a role that has been taken since.
func TestALateCopyMakesNobodyAdminAgain(t *testing.T) {
	t.Parallel()
	r := &ct.Repeater{}
	w := ct.New(t, r.Option())
	admin := w.Grant("anna", auth.RoleAdmin)
	w.As("bo")
	r.Take()
	in := person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleAdmin}
	ct.Must(w.People.GrantRole(admin, in))(t)
	late := r.Take()
	ct.Must(w.People.RevokeRole(admin, in))(t)
	if len(late) == 0 {
		t.Fatal("nothing followed the grant")
	}
	for _, l := range late {
		_ = w.Outbox.Follow(t.Context(), l.Doc, l.Batch)
	}
	if _, p := w.Person("bo"); p.Viewer().Has(auth.RoleAdmin) {
		t.Error("bo is an admin again")
	}
}

func TestAdminsHaveAnEnd(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	var ids []string
	for i := range 100 {
		ids = append(ids, ct.PersonID(fmt.Sprint("admin", i)))
	}
	w.Put("offices", map[string]any{"_id": "admins", "personIds": ids, "version": 1})
	w.As("bo")
	_, err := w.People.GrantRoleAsOperator(t.Context(), "uid-bo", auth.RoleAdmin)
	ct.WantKey(t, err, "person.role.admins_full")
	if _, p := w.Person("bo"); p.Viewer().Has(auth.RoleAdmin) {
		t.Error("bo is one")
	}
}

// An admin who may not sign in does not count as another admin.
func TestABannedAdminIsNoOther(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin := w.Grant("anna", auth.RoleAdmin)
	w.Grant("bo", auth.RoleAdmin)
	w.Set(t.Context(), "persons", ct.PersonID("bo"), map[string]any{"bannedAt": ct.Noon})
	_, err := w.People.RevokeRole(admin, person.RoleInput{PersonID: ct.PersonID("anna"), Role: auth.RoleAdmin})
	ct.WantKey(t, err, "person.role.last_admin")
}

// The role ADMIN lets a person grant, and nothing else.
func TestAnAdminDoesNothingElse(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin := w.Grant("anna", auth.RoleAdmin)
	if got := ct.Must(w.People.Viewer(t.Context(), ct.PersonID("anna")))(t); !slices.Equal(got.Capabilities(w.Clock.Now()), []auth.Capability{auth.CapabilityAdmin}) {
		t.Errorf("an admin can %v", got.Capabilities(w.Clock.Now()))
	}
	_, err := w.Skills.Create(admin, skill.CreateInput{Name: []i18n.Translation{{Language: "DA", Text: "Knob"}}})
	ct.WantKey(t, err, "auth.lacking.courses")
}

func TestCapabilitiesAreGrantedByAdminsAndRecorded(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	bo := w.As("bo")
	end := w.Clock.Now().Add(time.Hour)
	in := person.GrantCapabilityInput{PersonID: ct.PersonID("bo"), Capability: auth.CapabilityCourses, ExpiresAt: &end}
	revoked := person.RevokeCapabilityInput{PersonID: in.PersonID, Capability: in.Capability}
	for name, key := range map[string]string{"cara": "auth.lacking.admin", "staff": "auth.lacking.admin"} {
		ctx := w.As(name)
		if name == "staff" {
			ctx = w.Grant(name, auth.RoleStaff)
		}
		_, err := w.People.GrantCapability(ctx, in)
		ct.WantKey(t, err, key)
		_, err = w.People.RevokeCapability(ctx, revoked)
		ct.WantKey(t, err, key)
	}
	_, err := w.People.GrantCapability(t.Context(), in)
	ct.WantKind(t, err, fault.KindUnauthenticated)
	admin := w.Grant("anna", auth.RoleAdmin)
	for range 2 {
		ct.Must(w.People.GrantCapability(admin, in))(t)
	}
	_, p := w.Person("bo")
	if got := w.People.Capabilities(bo, p); !slices.Equal(got, []auth.Capability{auth.CapabilityCourses}) {
		t.Errorf("bo can %v", got)
	}
	if got := w.People.CapabilityGrants(admin, p); len(got) != 1 || got[0].ExpiresAt == nil || !got[0].ExpiresAt.Equal(end) {
		t.Errorf("bo was granted %v", got)
	}
	if w.People.Capabilities(w.As("staff"), p) != nil || w.People.CapabilityGrants(w.As("staff"), p) != nil {
		t.Error("somebody else is told")
	}
	log := ct.Must(w.Audit.Of(t.Context(), in.PersonID))(t)
	if len(log) != 2 || log[0].Actor != ct.PersonID("anna") || log[0].Action != "grantCapability" ||
		log[0].Details["capability"] != "COURSES" || log[0].Details["expiresAt"] != "2026-05-01T13:00:00Z" {
		t.Errorf("the record says %+v", log)
	}
	in.ExpiresAt = nil // for good
	ct.Must(w.People.GrantCapability(admin, in))(t)
	w.Clock.Advance(2 * time.Hour)
	if _, p := w.Person("bo"); !p.Viewer().Can(auth.CapabilityCourses, w.Clock.Now()) || len(p.OwnCapabilities) != 1 {
		t.Errorf("bo has %v", p.OwnCapabilities)
	}
	ct.Must(w.People.RevokeCapability(admin, revoked))(t)
	if _, p := w.Person("bo"); len(p.Viewer().Capabilities(w.Clock.Now())) > 0 {
		t.Errorf("bo has %v", p.OwnCapabilities)
	}
}

func TestCapabilitiesThatCannotBeGranted(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin := w.Grant("anna", auth.RoleAdmin)
	w.Grant("staff", auth.RoleStaff)
	now := w.Clock.Now()
	grant := func(personID string, c auth.Capability, until *time.Time) error {
		_, err := w.People.GrantCapability(admin, person.GrantCapabilityInput{PersonID: personID, Capability: c, ExpiresAt: until})
		return err
	}
	revoke := func(personID string, c auth.Capability) error {
		_, err := w.People.RevokeCapability(admin, person.RevokeCapabilityInput{PersonID: personID, Capability: c})
		return err
	}
	for _, c := range []struct {
		err error
		key string
	}{
		{grant(ct.PersonID("anna"), auth.CapabilityFigures, nil), "auth.self"},
		{grant(ct.PersonID("staff"), auth.CapabilityAdmin, nil), "person.capability.admin"},
		{revoke(ct.PersonID("anna"), auth.CapabilityAdmin), "person.capability.admin"},
		{grant(ct.PersonID("staff"), auth.CapabilityFigures, &now), "person.capability.past"},
		{grant(ct.PersonID("staff"), "TREASURE", nil), "person.capability.unknown"},
		{grant(ct.PersonID("nobody"), auth.CapabilityFigures, nil), "person.not_found"},
		{revoke(ct.PersonID("staff"), auth.CapabilityCourses), "person.capability.by_role"},
		{revoke(ct.PersonID("staff"), auth.CapabilityFigures), ""}, // accepted, since they do not have it
	} {
		if c.key == "" {
			if c.err != nil {
				t.Error(c.err)
			}
			continue
		}
		ct.WantKey(t, c.err, c.key)
	}
	// A capability that was granted besides the role is revoked, and the role stays.
	if err := grant(ct.PersonID("staff"), auth.CapabilityCourses, nil); err != nil {
		t.Fatal(err)
	}
	if err := revoke(ct.PersonID("staff"), auth.CapabilityCourses); err != nil {
		t.Error(err)
	}
}

// A person follows a subscription for hours. A capability counts until the instant at which
// it ends, even if the viewer has not been refreshed.
func TestACapabilityEndsInTheMiddleOfACall(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff, admin := w.Grant("staff", auth.RoleStaff), w.Grant("anna", auth.RoleAdmin)
	known := ct.Must(w.Skills.Ensure(t.Context(), i18n.Text{{Language: "DA", Text: "Knob"}}))(t)
	start := clock.LocalOf(w.Clock.Now().Add(48*time.Hour), clock.Copenhagen)
	draft := ct.Must(w.Courses.Create(staff, course.CreateInput{Title: i18n.Text{{Language: "DA", Text: "Knob"}}, SkillIDs: []string{known.ID},
		TimeZone: clock.Copenhagen, Sessions: []course.SessionInput{{StartsAt: start, EndsAt: start[:11] + "23:00:00"}}}))(t)
	end := w.Clock.Now().Add(time.Hour)
	w.As("bo")
	_ = ct.Must(w.People.GrantCapability(admin, person.GrantCapabilityInput{PersonID: ct.PersonID("bo"), Capability: auth.CapabilityCourses, ExpiresAt: &end}))(t)
	call := auth.WithLiveViewer(t.Context(), ct.Must(w.People.Viewer(t.Context(), ct.PersonID("bo")))(t))
	w.Clock.Advance(time.Hour - time.Millisecond)
	ct.Must(w.Courses.Get(call, draft.ID))(t)
	w.Clock.Advance(time.Millisecond)
	_, err := w.Courses.Get(call, draft.ID)
	ct.WantKind(t, err, fault.KindNotFound)
	auth.Refresh(call, ct.Must(w.People.Viewer(t.Context(), ct.PersonID("bo")))(t))
	_, err = w.Courses.Get(call, draft.ID)
	ct.WantKind(t, err, fault.KindNotFound)
}

// Two admins change a person's capabilities at once, and both changes are made.
func TestTwoChangesAtOnceAreBothMade(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	anna, bo := w.Grant("anna", auth.RoleAdmin), w.Grant("bo", auth.RoleAdmin)
	w.As("cara")
	m.Before("update", "persons", func() {
		ct.Must(w.People.GrantRole(bo, person.RoleInput{PersonID: ct.PersonID("cara"), Role: auth.RolePolitician}))(t)
	})
	ct.Must(w.People.GrantCapability(anna, person.GrantCapabilityInput{PersonID: ct.PersonID("cara"), Capability: auth.CapabilityFigures}))(t)
	if _, p := w.Person("cara"); !slices.Equal(p.OwnRoles, []auth.Role{auth.RolePolitician}) || len(p.OwnCapabilities) != 1 {
		t.Errorf("cara has %v and %v", p.OwnRoles, p.OwnCapabilities)
	}
}
