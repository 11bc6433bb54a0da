package person_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/person"
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

// Two admins take the role from each other at once: each has seen the other one.
func TestTwoAdminsAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	anna, bo := w.Grant("anna", auth.RoleAdmin), w.Grant("bo", auth.RoleAdmin)
	m.Before("update", "persons", func() { // anna has looked, and not yet written
		ct.Must(w.People.RevokeRole(bo, person.RoleInput{PersonID: ct.PersonID("anna"), Role: auth.RoleAdmin}))(t)
	})
	_, err := w.People.RevokeRole(anna, person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleAdmin})
	ct.WantKey(t, err, "person.role.last_admin")
	w.Settle()
	for name, want := range map[string]bool{"anna": false, "bo": true} {
		if _, p := w.Person(name); p.Viewer().Has(auth.RoleAdmin) != want {
			t.Errorf("%s has %v", name, p.OwnRoles)
		}
	}
	for _, e := range ct.Must(w.Audit.Of(t.Context(), ct.PersonID("bo")))(t) {
		if e.Action == "revokeRole" {
			t.Errorf("the record says %+v", e)
		}
	}
}

// An admin who is not let in is none to leave it to.
func TestABannedAdminIsNoOther(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin := w.Grant("anna", auth.RoleAdmin)
	w.Grant("bo", auth.RoleAdmin)
	w.Set(t.Context(), "persons", ct.PersonID("bo"), map[string]any{"bannedAt": ct.Noon})
	_, err := w.People.RevokeRole(admin, person.RoleInput{PersonID: ct.PersonID("anna"), Role: auth.RoleAdmin})
	ct.WantKey(t, err, "person.role.last_admin")
}

func TestBannedIsNotLetIn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for field, key := range map[string]string{"bannedAt": "person.banned", "disabledAt": "person.disabled"} {
		w.As(field)
		w.Set(t.Context(), "persons", ct.PersonID(field), map[string]any{field: ct.Noon})
		_, err := w.People.SignIn(t.Context(), auth.Claims{UID: "uid-" + field}, i18n.Danish)
		ct.WantKey(t, err, key)
	}
}

func TestProfileIsOnlyOnesOwn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("anna", auth.RoleStaff)
	area := ct.Must(w.Areas.Ensure(t.Context(), "nord", "Nord", "Byen"))(t)
	skill := ct.Must(w.Skills.Ensure(t.Context(), i18n.Text{{Language: "DA", Text: "Førstehjælp"}}))(t)
	bo, name := w.As("bo"), "Bo Bo"
	in := person.ProfileInput{DisplayName: &name, HomeAreaID: &area.ID, Interests: []string{"haver"}, SkillsWanted: []string{skill.ID, skill.ID}}
	p := ct.Must(w.People.CompleteProfile(bo, in))(t)
	if p.DisplayName != name || p.HomeAreaID(bo) != area.ID || len(p.OwnSkillsWanted) != 1 || len(p.Interests(bo)) != 1 {
		t.Errorf("profile %+v", p)
	}
	if p.HomeAreaID(staff) != "" || p.Interests(staff) != nil || p.Language(staff) != nil || p.Roles(staff) != nil {
		t.Error("somebody else is told")
	}
	unknown := "area_00000000000000000000000000"
	_, err := w.People.CompleteProfile(bo, person.ProfileInput{HomeAreaID: &unknown})
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.People.CompleteProfile(t.Context(), in)
	ct.WantKind(t, err, fault.KindUnauthenticated)
	if found := ct.Must(w.People.ByIDs(t.Context(), []string{p.ID}))(t); len(found) != 0 {
		t.Error("an anonymous viewer sees people")
	}
}
