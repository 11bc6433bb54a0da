package area_test

import (
	"fmt"
	"testing"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
)

func TestContactsAndBuilders(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	a := ct.Must(w.Areas.Ensure(t.Context(), "nord", "Nord", "Byen"))(t)
	if again := ct.Must(w.Areas.Ensure(t.Context(), "nord", "Anden", "By"))(t); again.Name != "Nord" {
		t.Errorf("a second area: %+v", again)
	}
	bad := "no address"
	_, err := w.Areas.SetContacts(staff, area.SetContactsInput{AreaID: a.ID, Contacts: []area.ContactPerson{{Kind: area.ContactLocal, Name: "Bo", Email: &bad}}})
	ct.WantKind(t, err, fault.KindInvalid)
	in := area.SetContactsInput{AreaID: a.ID, Contacts: []area.ContactPerson{{Kind: area.ContactMunicipal, Name: "Eva"}, {Kind: area.ContactLocal, Name: "Bo"}}}
	_, err = w.Areas.SetContacts(w.As("bo"), in)
	ct.WantKind(t, err, fault.KindForbidden)
	one := 1
	in.ExpectedVersion = &one
	got := ct.Must(w.Areas.SetContacts(staff, in))(t)
	if got.Contacts[0].Kind != area.ContactLocal || got.Version != 2 || len(w.Areas.MissingContacts(staff, got, 1)) != 0 {
		t.Errorf("area %+v", got)
	}
	_, err = w.Areas.SetContacts(staff, in)
	if !fault.HasCode(err, fault.CodeVersionConflict) {
		t.Errorf("an old version: %v", err)
	}
	w.As("cara")
	assign := area.AssignInput{AreaID: a.ID, PersonID: ct.PersonID("cara")}
	_, err = w.Areas.Assign(staff, assign)
	ct.WantKey(t, err, "area.builder.role")
	w.Grant("cara", auth.RoleCommunityBuilder)
	for range 2 {
		if got := ct.Must(w.Areas.Assign(staff, assign))(t); len(got.CommunityBuilderIDs) != 1 {
			t.Errorf("builders %v", got.CommunityBuilderIDs)
		}
	}
	b := ct.Must(w.Areas.Ensure(t.Context(), "syd", "Syd", "Byen"))(t)
	many := make([]string, 20)
	for i := range many {
		many[i] = ct.PersonID(fmt.Sprint("builder", i))
	}
	w.Set(t.Context(), "areas", b.ID, map[string]any{"communityBuilderIds": many})
	_, err = w.Areas.Assign(staff, area.AssignInput{AreaID: b.ID, PersonID: ct.PersonID("cara")})
	ct.WantKey(t, err, "area.builder.many")
	w.Grant("staff", auth.RoleCommunityBuilder)
	_, err = w.Areas.Assign(staff, area.AssignInput{AreaID: a.ID, PersonID: auth.FromContext(staff).PersonID})
	ct.WantKey(t, err, "auth.self")
	ct.Must(w.Areas.Unassign(staff, assign))(t)
	_, err = w.Areas.Unassign(staff, assign)
	ct.WantKey(t, err, "area.builder.not_found")
	if log := ct.Must(w.Audit.Of(t.Context(), a.ID))(t); len(log) != 4 {
		t.Errorf("the record says %+v", log)
	}
}
