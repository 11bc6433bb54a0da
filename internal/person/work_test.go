package person_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
)

// Somebody with an office publishes how to reach them at work. It shows no longer than they hold the office.
func TestContactDetailsOfWorkEndWithTheOffice(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin, builder := w.Grant("admin", auth.RoleAdmin), w.Grant("bo", auth.RoleCommunityBuilder)
	in := person.ProfileInput{WorkEmail: optional.Of(" bo@example.org "), WorkPhone: optional.Of("+45 72 36 00 00")}
	shows := func(wantEmail, wantPhone string) {
		t.Helper()
		p := ct.Must(w.People.Get(w.As("cara"), ct.PersonID("bo")))(t)
		email, phone := w.People.WorkEmail(p), w.People.WorkPhone(p)
		if (email == nil) != (wantEmail == "") || email != nil && *email != wantEmail || (phone == nil) != (wantPhone == "") || phone != nil && *phone != wantPhone {
			t.Errorf("shown are %v and %v; want %q and %q", email, phone, wantEmail, wantPhone)
		}
	}
	shows("", "")
	ct.Must(w.People.CompleteProfile(builder, in))(t)
	shows("bo@example.org", "+45 72 36 00 00")
	ct.Must(w.People.CompleteProfile(builder, person.ProfileInput{WorkPhone: optional.Null[string]()}))(t)
	shows("bo@example.org", "")
	for field, bad := range map[string]person.ProfileInput{
		"input.workEmail": {WorkEmail: optional.Of("bo")},
		"input.workPhone": {WorkPhone: optional.Of("ring")},
	} {
		_, err := w.People.CompleteProfile(builder, bad)
		ct.WantField(t, err, field)
	}
	ct.Must(w.People.RevokeRole(admin, person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleCommunityBuilder}))(t)
	shows("", "")
	_, err := w.People.CompleteProfile(w.As("bo"), in)
	ct.WantKey(t, err, "person.work.office")
	ct.Must(w.People.CompleteProfile(w.As("bo"), person.ProfileInput{WorkEmail: optional.Null[string]()}))(t)
}
