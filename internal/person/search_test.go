package person_test

import (
	"slices"
	"strings"
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
)

// call gives a person a name.
func call(t *testing.T, w *ct.World, who, name string) {
	t.Helper()
	ct.Must(w.People.CompleteProfile(w.As(who), person.ProfileInput{DisplayName: optional.Of(name)}))(t)
}

func searchFor(query string) person.SearchInput {
	return person.SearchInput{Query: query, Reason: "Skal have en rolle."}
}

// Staff find people by parts of their names, in any spelling, or by their ids. Who was erased is not found.
func TestStaffFindPeopleByName(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	call(t, w, "bo", "Søren Ågård")
	call(t, w, "cara", "Anna Sørensen")
	call(t, w, "dan", "Søren Bæk")
	for query, want := range map[string][]string{
		"søren":            {"cara", "dan", "bo"},
		"Soren aagaard":    {"bo"},
		"bæk søren":        {"dan"},
		"Nobody":           {},
		"!":                nil,
		ct.PersonID("dan"): {"dan"},
		ct.PersonID("eve"): {},
	} {
		r, err := w.People.Search(staff, searchFor(query))
		if want == nil {
			ct.WantField(t, err, "input.query")
			continue
		}
		ids := make([]string, 0, len(want))
		for _, name := range want {
			ids = append(ids, ct.PersonID(name))
		}
		if err != nil || !slices.Equal(r.PersonIDs, ids) || r.HasMore {
			t.Errorf("%s found %+v, %v; want %v", query, r, err, ids)
		}
	}
	w.Entomb("dan")
	for _, query := range []string{"bæk", ct.PersonID("dan")} {
		if r := ct.Must(w.People.Search(staff, searchFor(query)))(t); len(r.PersonIDs) > 0 {
			t.Errorf("%s found somebody who was erased", query)
		}
	}
}

// A search that fits many shows some, and says so.
func TestASearchShowsSomeOfMany(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	for i := range 21 {
		call(t, w, "p"+strings.Repeat("x", i), "Birk "+strings.Repeat("i", i+1))
	}
	if r := ct.Must(w.People.Search(staff, searchFor("birk")))(t); len(r.PersonIDs) != 20 || !r.HasMore {
		t.Errorf("shown are %d, more: %t", len(r.PersonIDs), r.HasMore)
	}
}

// The record says who has looked, why, and whom they saw, and not the name they wrote. A repeat is no second look.
func TestASearchIsRecorded(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin := w.Grant("anna", auth.RoleAdmin)
	call(t, w, "bo", "Bo Birk")
	in := searchFor("birk")
	key := "7f1f3c0e-5a4b-4a53-9d0e-0d4f0c4b1a11"
	in.ClientMutationID = &key
	for range 2 {
		ct.Must(w.People.Search(admin, in))(t)
	}
	log := ct.Must(w.Audit.Of(t.Context(), "persons"))(t)
	if len(log) != 1 || log[0].Actor != ct.PersonID("anna") || log[0].Action != "searchPersons" || log[0].Details["reason"] != in.Reason ||
		log[0].Details["found"] != ct.PersonID("bo") || len(log[0].Details) != 2 {
		t.Errorf("the record says %+v", log)
	}
	if told := ct.ExportFrom(t, w.Audit.Part().Collections, "audit_entries", "bo"); len(told) != 1 || !strings.Contains(told[0], in.Reason) {
		t.Errorf("whoever was found is told %q", told)
	}
	_, err := w.People.Search(w.As("bo"), searchFor("birk"))
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.People.Search(w.Grant("pia", auth.RolePolitician), searchFor("birk"))
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.People.Search(admin, person.SearchInput{Query: "birk", Reason: "Fordi"})
	ct.WantField(t, err, "input.reason")
	if log := ct.Must(w.Audit.Of(t.Context(), "persons"))(t); len(log) != 1 {
		t.Errorf("refused looks are recorded as looks: %+v", log)
	}
}
