package area_test

import (
	"slices"
	"testing"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/person"
)

// An area whose fælles-skaber no longer has the role lacks one, as an area that never had any.
func TestAnAreaWithoutAFaellesSkaberLacksOne(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff, admin := w.Grant("staff", auth.RoleStaff), w.Grant("admin", auth.RoleAdmin)
	a := ct.Must(w.Areas.Ensure(t.Context(), "nord", "Nord", "Byen"))(t)
	lacks := func(want bool) {
		t.Helper()
		now := ct.Must(w.Areas.Find(staff, &a.ID, nil))(t)
		var people []*person.Person
		for _, p := range ct.Must(w.People.Load(t.Context(), now.CommunityBuilderIDs))(t) {
			people = append(people, p)
		}
		missing := w.Areas.MissingContacts(staff, now, len(w.People.Builders(people)))
		if slices.Contains(missing, area.MissingBuilder) != want || !slices.Contains(missing, area.MissingLocal) {
			t.Errorf("missing are %v", missing)
		}
	}
	lacks(true)
	w.Grant("bo", auth.RoleCommunityBuilder)
	ct.Must(w.Areas.Assign(staff, area.AssignInput{AreaID: a.ID, PersonID: ct.PersonID("bo")}))(t)
	lacks(false)
	ct.Must(w.People.RevokeRole(admin, person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleCommunityBuilder}))(t)
	lacks(true)
	if missing := w.Areas.MissingContacts(w.As("bo"), a, 0); missing != nil {
		t.Errorf("a resident is told %v", missing)
	}
}

// The areas of a fælles-skaber are theirs alone to list, and a handover looks again at an area that has changed.
func TestAHandoverLooksAgainAtAnAreaThatHasChanged(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	staff := w.Grant("staff", auth.RoleStaff)
	a := ct.Must(w.Areas.Ensure(t.Context(), "nord", "Nord", "Byen"))(t)
	for _, name := range []string{"anna", "bo", "cara"} {
		w.Grant(name, auth.RoleCommunityBuilder)
	}
	ct.Must(w.Areas.Assign(staff, area.AssignInput{AreaID: a.ID, PersonID: ct.PersonID("anna")}))(t)
	m.Before("update", "areas", func() {
		ct.Must(w.Areas.Assign(staff, area.AssignInput{AreaID: a.ID, PersonID: ct.PersonID("cara")}))(t)
	})
	if err := w.Areas.HandOver(t.Context(), ct.PersonID("anna"), ct.PersonID("bo")); err != nil {
		t.Fatal(err)
	}
	now := ct.Must(w.Areas.Find(staff, &a.ID, nil))(t)
	if want := []string{ct.PersonID("bo"), ct.PersonID("cara")}; !slices.Equal(now.CommunityBuilderIDs, want) {
		t.Errorf("the area has %v, want %v", now.CommunityBuilderIDs, want)
	}
	if got := ct.Must(w.Areas.BuiltBy(t.Context(), ct.PersonID("anna")))(t); len(got) != 0 {
		t.Errorf("anna still supports %d areas", len(got))
	}
}
