package person_test

import (
	"context"
	"testing"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
)

func TestNobodyTakesTheNameOfAnother(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	named := func(ctx context.Context, name string) error {
		_, err := w.People.CompleteProfile(ctx, person.ProfileInput{DisplayName: optional.Of(name)})
		return err
	}
	staff := w.Grant("staff", auth.RoleStaff)
	for ctx, name := range map[context.Context]string{staff: "Mette Madsen", w.As("leader"): "Ida Lind", w.As("elsewhere"): "Bo Berg"} {
		if err := named(ctx, name); err != nil {
			t.Fatal(err)
		}
	}
	g := w.Group("leader")
	w.Group("elsewhere")
	invites := w.Group("leader", func(in *group.CreateInput) { in.JoinPolicy = group.JoinInvite })
	w.Join(g.ID, "member")
	w.As("invited")
	ct.Must(w.Groups.Invite(w.As("leader"), group.InviteInput{GroupID: invites.ID, PersonID: ct.PersonID("invited")}))(t)
	if _, err := w.LoadAreas(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	setContact(t, w, "Per Poulsen")
	for _, tc := range []struct {
		who, name string
		taken     bool
	}{
		{"member", "Ida Lind", true},
		{"member", "lda Lind", true},
		{"member", "ida lind", true},
		{"member", "Ida Lind ✓", true},
		{"member", "Іda Lind", true}, // a Ukrainian І
		{"member", "Ida Lindberg", false},
		{"invited", "Ida Lind", true},
		{"outside", "lda Lind", true},
		{"outside", "Ida-Lind", true},
		{"outside", "Ida Lind", false}, // a namesake in no group of hers
		{"outside", "IDA LIND", false},
		{"outside", "Bo Berg", false},
		{"outside", "Bο Berg", true}, // a Greek ο
		{"outside", "Mette Madsen", true},
		{"outside", "Mette Maðsen", false},
		{"outside", "METTE MADSEN", true},
		{"outside", "Mette  Mаdsen", true}, // a Russian а
		{"outside", "Lokalforum Jyderup", true},
		{"outside", "Holbæk Kommune", true},
		{"outside", "HOLBÆK-KOMMUNE", true},
		{"outside", "Per PouIsen", true}, // a contact person of an area
		{"outside", "Per-Poulsen", true},
		{"outside", "per poulsen", false},
		{"outside", "Per Poulsen", false}, // who may have an account too
		{"leader", "Ida Lind", false},
		{"leader", "Ida  Lind", false},
		{"staff", "Mette Madsen", false},
		{"staff", "Mette M. Madsen", false},
		{"staff", "lda Lind", false}, // staff are who they are
		{"staff", "Ida Lind", false},
	} {
		err := named(w.As(tc.who), tc.name)
		if tc.taken {
			ct.WantKey(t, err, "person.name_taken")
		} else if err != nil {
			t.Errorf("%s as %q: %v", tc.who, tc.name, err)
		}
	}
}

func setContact(t *testing.T, w *ct.World, name string) {
	t.Helper()
	a := ct.Must(w.Areas.List(t.Context()))(t)[0]
	ct.Must(w.Areas.SetContacts(w.Grant("support", auth.RoleCommunityBuilder), area.SetContactsInput{AreaID: a.ID,
		Contacts: []area.ContactPerson{{Kind: area.ContactMunicipal, Name: name}}}))(t)
}

// Somebody whose account has the name of staff is asked for another one.
func TestAnAccountsNameMayBeTaken(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	if _, err := w.People.CompleteProfile(w.Grant("staff", auth.RoleStaff), person.ProfileInput{DisplayName: optional.Of("Mette Madsen")}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Mette Mаdsen": "", "Mette Madsen": "", "Mette\u200b Nielsen": "", "Mette Nielsen": "Mette Nielsen"} {
		p := ct.Must(w.People.SignIn(t.Context(), auth.Claims{UID: "account of " + name, Name: name}, i18n.Danish))(t)
		if p.DisplayName != want {
			t.Errorf("%q is called %q, want %q", name, p.DisplayName, want)
		}
	}
}
