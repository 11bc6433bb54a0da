package area_test

import (
	"slices"
	"strings"
	"testing"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/testkit"
)

// An erased fælles-skaber is removed from their areas. Others stay, and so do contact persons, whom
// the program does not know to be the same people.
func TestNothingIsLeftOfSomebodyErased(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	entries := w.Areas.Part().Collections
	var areas []string
	for _, name := range []string{"Nord", "Syd"} {
		a := ct.Must(w.Areas.Ensure(t.Context(), strings.ToLower(name), name, "Byen"))(t)
		areas = append(areas, a.ID)
		ct.Must(w.Areas.SetContacts(staff, area.SetContactsInput{AreaID: a.ID, Contacts: []area.ContactPerson{{Kind: area.ContactLocal, Name: "Bo"}}}))(t)
		for _, builder := range []string{"bo", "cara"} {
			w.Grant(builder, auth.RoleCommunityBuilder)
			ct.Must(w.Areas.Assign(staff, area.AssignInput{AreaID: a.ID, PersonID: ct.PersonID(builder)}))(t)
		}
	}
	if got := strings.Join(ct.ExportFrom(t, entries, "areas", "bo"), " "); !strings.Contains(got, "Nord") || !strings.Contains(got, "Syd") || strings.Contains(got, ct.PersonID("cara")) {
		t.Errorf("bo reads %s", got)
	}
	stale := ct.Must(w.Areas.Find(t.Context(), &areas[0], nil))(t)
	w.Entomb("bo")
	for range 2 {
		ct.EraseFrom(t, entries, "bo")
		if found := testkit.Mentions(t, w.DB, "areas", ct.PersonID("bo")); len(found) > 0 {
			t.Errorf("the areas still name bo: %v", found)
		}
	}
	for _, areaID := range areas {
		a := ct.Must(w.Areas.Find(t.Context(), &areaID, nil))(t)
		if !slices.Equal(a.CommunityBuilderIDs, []string{ct.PersonID("cara")}) || len(a.Contacts) != 1 || a.Version != stale.Version+1 {
			t.Errorf("%s has %v and %+v, version %d", a.Name, a.CommunityBuilderIDs, a.Contacts, a.Version)
		}
	}
	// An edit that is based on an older version of the area does not bring bo back.
	_, err := w.Areas.SetContacts(staff, area.SetContactsInput{AreaID: areas[0], ExpectedVersion: &stale.Version})
	if !fault.HasCode(err, fault.CodeVersionConflict) {
		t.Errorf("an old version: %v", err)
	}
	if got := ct.ExportFrom(t, entries, "areas", "bo"); len(got) > 0 {
		t.Errorf("of the areas is left %v", got)
	}
}
